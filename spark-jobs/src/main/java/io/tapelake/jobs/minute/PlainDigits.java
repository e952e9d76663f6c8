package io.tapelake.jobs.minute;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The digits of a number, in a tenth of the room and a third of the time that {@code
 * stripTrailingZeros().toPlainString()} takes: a minute has dozens of numbers of up to 50 digits,
 * and their texts were a third of all that a backfill of many instruments allocated.
 */
final class PlainDigits {

  private static final long WORD_MASK = 0xFFFF_FFFFL;
  private static final int GROUP = 1_000_000_000;
  private static final int GROUP_DIGITS = 9;

  /** More than one of 32 bits comes to. */
  private static final int DIGITS_A_WORD = 10;

  /** Digits stand at the end of it. */
  private final byte[] digits;

  private int first;

  private PlainDigits(BigInteger magnitude) {
    int words = (magnitude.bitLength() + 31) / 32;
    digits = new byte[DIGITS_A_WORD * words + GROUP_DIGITS];
    first = digits.length;
    if (magnitude.bitLength() < Long.SIZE) {
      putAll(magnitude.longValue());
    } else {
      putAll(words(magnitude, words));
    }
  }

  /** Plain notation without zeros at the end of the fraction. */
  static String of(BigDecimal number) {
    BigInteger unscaled = number.unscaledValue();
    PlainDigits digits = new PlainDigits(unscaled.abs());
    return digits.text(unscaled.signum() < 0, number.scale());
  }

  private void putAll(long value) {
    long left = value;
    while (left != 0) {
      digits[--first] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  private void putAll(int[] words) {
    int top = 0;
    while (top < words.length) {
      long group = 0;
      for (int i = top; i < words.length; i++) {
        long dividend = group << 32 | words[i] & WORD_MASK;
        words[i] = (int) (dividend / GROUP);
        group = dividend % GROUP;
      }
      for (int i = 0; i < GROUP_DIGITS; i++) {
        digits[--first] = (byte) ('0' + group % 10);
        group /= 10;
      }
      while (top < words.length && words[top] == 0) {
        top++;
      }
    }
    while (first < digits.length && digits[first] == '0') {
      first++;
    }
  }

  /** Of 32 bits each, the most significant first. */
  private static int[] words(BigInteger magnitude, int count) {
    byte[] bytes = magnitude.toByteArray();
    int[] words = new int[count];
    for (int i = 0; i < bytes.length; i++) {
      int fromEnd = bytes.length - 1 - i;
      // A first byte that is there for the sign alone has no word.
      if (fromEnd / Integer.BYTES < count) {
        words[count - 1 - fromEnd / Integer.BYTES] |=
            (bytes[i] & 0xFF) << 8 * (fromEnd % Integer.BYTES);
      }
    }
    return words;
  }

  private String text(boolean isNegative, int scale) {
    int end = digits.length;
    int decimals = scale;
    while (decimals > 0 && end > first && digits[end - 1] == '0') {
      end--;
      decimals--;
    }
    int length = end - first;
    if (length == 0) {
      return "0";
    }
    int sign = isNegative ? 1 : 0;
    byte[] text;
    if (decimals <= 0) {
      text = zeros(sign + length - decimals);
      System.arraycopy(digits, first, text, sign, length);
    } else if (decimals < length) {
      int whole = length - decimals;
      text = zeros(sign + length + 1);
      System.arraycopy(digits, first, text, sign, whole);
      text[sign + whole] = '.';
      System.arraycopy(digits, first + whole, text, sign + whole + 1, decimals);
    } else {
      text = zeros(sign + 2 + decimals);
      text[sign + 1] = '.';
      System.arraycopy(digits, first, text, text.length - length, length);
    }
    if (isNegative) {
      text[0] = '-';
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static byte[] zeros(int length) {
    byte[] zeros = new byte[length];
    Arrays.fill(zeros, (byte) '0');
    return zeros;
  }
}
