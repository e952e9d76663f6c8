package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The decimal numbers of a raw line: which texts are one, and which are within bounds. */
final class PlainNumber {

  private static final Pattern GRAMMAR =
      Pattern.compile(
          "([+-]?)(?:([0-9]++)(?:\\.([0-9]*+))?|\\.([0-9]++))(?:[eE]([+-]?)([0-9]++))?");

  /** A line is too short for digits that make up for an exponent of more digits than this. */
  private static final int LONGEST_EXPONENT = 8;

  private PlainNumber() {}

  /** The number, when it is greater than zero and has at most 12 digits on either side. */
  static Optional<BigDecimal> parse(String text) {
    Matcher parts = GRAMMAR.matcher(text);
    if (!parts.matches() || parts.group(1).equals("-")) {
      return Optional.empty();
    }
    String fraction = orEmpty(parts.group(3)) + orEmpty(parts.group(4));
    String digits = orEmpty(parts.group(2)) + fraction;
    int first = 0;
    while (first < digits.length() && digits.charAt(first) == '0') {
      first++;
    }
    int end = digits.length();
    while (end > first && digits.charAt(end - 1) == '0') {
      end--;
    }
    String exponent = orEmpty(parts.group(6)).replaceFirst("^0++", "");
    if (first == end || end - first > 24 || exponent.length() > LONGEST_EXPONENT) {
      return Optional.empty();
    }
    long power = exponent.isEmpty() ? 0 : Long.parseLong(exponent);
    long tens = "-".equals(parts.group(5)) ? -power : power;
    // The value is 0.DIGITS x 10^before, and DIGITS x 10^-after.
    long before = digits.length() - fraction.length() - first + tens;
    long after = end - first - before;
    if (before > 12 || after > 12) {
      return Optional.empty();
    }
    return Optional.of(
        new BigDecimal(new BigInteger(digits.substring(first, end)), Math.toIntExact(after)));
  }

  private static String orEmpty(String group) {
    return group == null ? "" : group;
  }
}
