package io.tapelake.vault;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Reads the decimal numbers of a trade line.
 *
 * <p>A number is an optional sign, ASCII digits with at most one point among or beside them, and an
 * optional exponent ({@code e} or {@code E}, optional sign, digits): what {@link BigDecimal} takes,
 * in ASCII. After its trailing zeros are stripped it has to be greater than zero and have at most
 * 12 digits before and 12 after the point.
 */
public final class DecimalText {

  /** Most digits before the point. */
  public static final int MAX_INTEGER_DIGITS = 12;

  /** Most digits after the point, trailing zeros not counted. */
  public static final int MAX_SCALE = 12;

  /** Larger than any exponent that can be made up for by the digits of a line. */
  private static final long EXPONENT_LIMIT = 1L << 40;

  private DecimalText() {}

  /**
   * The number, with a scale of 0 to 12 and no trailing zeros after the point, or null when the
   * text is not such a number. Takes time in proportion to the text's length, whatever it holds.
   */
  public static BigDecimal parse(CharSequence text) {
    int length = text.length();
    int at = 0;
    if (at < length && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
      at++;
    }
    boolean negative = at == 1 && text.charAt(0) == '-';
    StringBuilder digits = new StringBuilder(24);
    int digitsSeen = 0;
    int pendingZeros = 0;
    long scale = 0;
    boolean point = false;
    for (; at < length; at++) {
      char c = text.charAt(at);
      if (c == '.' && !point) {
        point = true;
      } else if (c >= '0' && c <= '9') {
        digitsSeen++;
        scale += point ? 1 : 0;
        if (c == '0') {
          pendingZeros += digits.length() == 0 ? 0 : 1;
        } else {
          if (digits.length() + pendingZeros >= MAX_INTEGER_DIGITS + MAX_SCALE) {
            return null;
          }
          for (; pendingZeros > 0; pendingZeros--) {
            digits.append('0');
          }
          digits.append(c);
        }
      } else {
        break;
      }
    }
    if (digitsSeen == 0) {
      return null;
    }
    long exponent = 0;
    if (at < length && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      boolean negativeExponent = at < length && text.charAt(at) == '-';
      if (negativeExponent || (at < length && text.charAt(at) == '+')) {
        at++;
      }
      int from = at;
      for (; at < length && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
        exponent = Math.min(EXPONENT_LIMIT, exponent * 10 + (text.charAt(at) - '0'));
      }
      if (at == from) {
        return null;
      }
      exponent = negativeExponent ? -exponent : exponent;
    }
    if (at != length || negative || digits.length() == 0) {
      return null;
    }
    return withinLimits(digits, scale - pendingZeros - exponent);
  }

  /** The stripped digits × 10^-scale, when they keep within 12 digits on either side. */
  private static BigDecimal withinLimits(StringBuilder digits, long scale) {
    long integerDigits = digits.length() - scale;
    if (scale > MAX_SCALE || integerDigits > MAX_INTEGER_DIGITS) {
      return null;
    }
    BigDecimal number = new BigDecimal(new BigInteger(digits.toString()), (int) scale);
    return scale < 0 ? number.setScale(0) : number;
  }
}
