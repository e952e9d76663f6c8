package io.tapelake.analytics.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The digits of a number, in a tenth of the room and a third of the time that {@code
 * stripTrailingZeros().toPlainString()} takes: a minute has dozens of numbers of up to 50 digits,
 * and their texts were a third of all that a backfill of many instruments allocated. One instance
 * serves one number after the other. Not thread-safe.
 */
public final class PlainDigits {

  private static final int GROUP_DIGITS = 9;
  private static final int USUAL_DIGITS = 64;

  private final MagnitudeWords words = new MagnitudeWords();

  /** Digits stand at the end of it. */
  private byte[] digits = new byte[USUAL_DIGITS];

  private int first;

  /** Behind the last digit that is written. */
  private int end;

  private boolean isNegative;

  /** Digits behind the point; of a multiple of ten the zeros before it, as a negative number. */
  private int decimals;

  /** Plain notation without zeros at the end of the fraction. */
  static String of(BigDecimal number) {
    return new PlainDigits().set(number).toString();
  }

  /** Takes a number. */
  public PlainDigits set(BigDecimal number) {
    BigInteger unscaled = number.unscaledValue();
    isNegative = unscaled.signum() < 0;
    if (unscaled.bitLength() < Long.SIZE && unscaled.longValue() != Long.MIN_VALUE) {
      putAll(Math.abs(unscaled.longValue()));
    } else {
      putAll(unscaled);
    }
    cutZeros(number.scale());
    return this;
  }

  /** Takes a quotient. */
  public PlainDigits set(Quotient quotient) {
    isNegative = false;
    first = digits.length - Quotient.DIGITS;
    quotient.copyDigits(digits, first);
    cutZeros(quotient.decimals());
    if (digits[first] == '0') { // all of them are
      first = end;
    }
    return this;
  }

  private void cutZeros(int scale) {
    end = digits.length;
    decimals = scale;
    while (decimals > 0 && end > first && digits[end - 1] == '0') {
      end--;
      decimals--;
    }
  }

  /** Takes a whole number of 128 bits times 10^-scale. */
  public PlainDigits set(long high, long low, int scale) {
    isNegative = high < 0;
    boolean isLong = high == low >> Long.SIZE - 1 && low != Long.MIN_VALUE;
    if (isLong) {
      putAll(Math.abs(low));
    } else {
      long lowest = isNegative ? -low : low;
      words.set(isNegative ? ~high + (lowest == 0 ? 1 : 0) : high, lowest);
      putWords();
    }
    cutZeros(scale);
    return this;
  }

  /** How many characters the notation has. */
  public int length() {
    int count = end - first;
    if (count == 0) {
      return 1;
    }
    int sign = isNegative ? 1 : 0;
    if (decimals <= 0) {
      return sign + count - decimals;
    }
    return sign + (decimals < count ? count + 1 : 2 + decimals);
  }

  /** Puts the notation, in ASCII, where {@link #length} bytes have room. */
  public void copyTo(byte[] bytes, int at) {
    int count = end - first;
    if (count == 0) {
      bytes[at] = '0';
      return;
    }
    int next = at;
    if (isNegative) {
      bytes[next++] = '-';
    }
    if (decimals <= 0) {
      System.arraycopy(digits, first, bytes, next, count);
      Arrays.fill(bytes, next + count, next + count - decimals, (byte) '0');
    } else if (decimals < count) {
      int whole = count - decimals;
      System.arraycopy(digits, first, bytes, next, whole);
      bytes[next + whole] = '.';
      System.arraycopy(digits, first + whole, bytes, next + whole + 1, decimals);
    } else {
      int zeros = decimals - count;
      bytes[next] = '0';
      bytes[next + 1] = '.';
      Arrays.fill(bytes, next + 2, next + 2 + zeros, (byte) '0');
      System.arraycopy(digits, first, bytes, next + 2 + zeros, count);
    }
  }

  @Override
  public String toString() {
    byte[] text = new byte[length()];
    copyTo(text, 0);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private void putAll(long value) {
    first = digits.length;
    long left = value;
    while (left != 0) {
      long tenth = left / 10;
      digits[--first] = (byte) ('0' + (left - tenth * 10));
      left = tenth;
    }
  }

  private void putAll(BigInteger number) {
    // A bit is less than a third of a digit.
    int most = number.bitLength() / 3 + 2 * GROUP_DIGITS;
    if (most > digits.length) {
      digits = new byte[most];
    }
    words.set(number);
    putWords();
  }

  private void putWords() {
    first = digits.length;
    while (!words.isZero()) {
      putGroup(words.divideByBillion());
    }
    while (first < digits.length && digits[first] == '0') {
      first++;
    }
  }

  private void putGroup(int group) {
    int left = group;
    for (int i = 0; i < GROUP_DIGITS; i++) {
      int tenth = left / 10;
      digits[--first] = (byte) ('0' + (left - tenth * 10));
      left = tenth;
    }
  }
}
