package io.tapelake.vault;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A decimal number as a line writes it. One instance is reused. */
public final class NumberText {

  private static final int LONGEST_PLAIN = 16;
  private static final int POINT = '.' - '0';

  private byte[] text = new byte[32];
  private int length;

  /**
   * Reads the number in {@code bytes[from, to)}, with the rules of {@link DecimalText}; false when
   * it is none.
   */
  public boolean read(byte[] bytes, int from, int to) {
    return readPlain(bytes, from, to) || readAny(bytes, from, to);
  }

  /** The number. */
  public BigDecimal value() {
    return new BigDecimal(new String(text, 0, length, StandardCharsets.US_ASCII));
  }

  /** A number that is equal where the numbers are, as {@link #identity(long, int)} gives it. */
  public long identity() {
    long unscaled = 0;
    int scale = 0;
    for (int at = 0; at < length; at++) {
      if (text[at] == '.') {
        scale = length - 1 - at;
      } else {
        // Wider ones overflow, which does no harm: they overflow alike.
        unscaled = unscaled * 10 + (text[at] - '0');
      }
    }
    return identity(unscaled, scale);
  }

  /** The same of the number unscaled × 10^-scale, whatever zeros it ends in. */
  public static long identity(long unscaled, int scale) {
    long digits = unscaled;
    int places = scale;
    while (places > 0 && digits % 10 == 0) {
      digits /= 10;
      places--;
    }
    return digits * 31 + places;
  }

  int copyTo(byte[] target, int at) {
    System.arraycopy(text, 0, target, at, length);
    return at + length;
  }

  /** What nearly all numbers are: up to 16 digits, at most one point among them. */
  private boolean readPlain(byte[] bytes, int from, int to) {
    int count = to - from;
    if (count < 1 || count > LONGEST_PLAIN) {
      return false;
    }
    int point = -1;
    int ones = 0;
    for (int at = from; at < to; at++) {
      int digit = bytes[at] - '0';
      if ((digit & 0xFF) <= 9) {
        ones |= digit;
      } else if (digit == POINT && point < 0) {
        point = at;
      } else {
        return false;
      }
    }
    int integers = (point < 0 ? to : point) - from;
    if (ones == 0
        || integers < 1
        || integers > DecimalText.MAX_INTEGER_DIGITS
        || (integers > 1 && bytes[from] == '0')) {
      return false;
    }
    int end = to;
    if (point >= 0) {
      while (bytes[end - 1] == '0') {
        end--;
      }
      end = end == point + 1 ? point : end;
      if (end - point - 1 > DecimalText.MAX_SCALE) {
        return false;
      }
    }
    for (int at = from; at < end; at++) {
      text[at - from] = bytes[at];
    }
    length = end - from;
    return true;
  }

  private boolean readAny(byte[] bytes, int from, int to) {
    BigDecimal number =
        DecimalText.parse(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    if (number == null) {
      return false;
    }
    set(number);
    return true;
  }

  /** Takes a number that {@link DecimalText} could have read. */
  public void set(BigDecimal number) {
    byte[] plain = number.toPlainString().getBytes(StandardCharsets.US_ASCII);
    text = plain.length > text.length ? Arrays.copyOf(plain, plain.length * 2) : text;
    System.arraycopy(plain, 0, text, 0, plain.length);
    length = plain.length;
  }
}
