package io.tapelake.analytics.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A quotient of exact sums: 50 significant digits, rounded once, HALF_EVEN. Digits are what a
 * quotient is made for, so they are what it keeps; making them nine at a time, in machine words,
 * takes a tenth of what a division of large integers and two conversions of its result take.
 */
public final class Quotient {

  /** How many significant digits there are. */
  public static final int DIGITS = 50;

  /** 50 significant digits, rounded once. */
  public static final MathContext PRECISION = new MathContext(DIGITS, RoundingMode.HALF_EVEN);

  /** Digits that a long has room for, whatever they are. */
  public static final int LONG_DIGITS = 18;

  private static final int GROUP_DIGITS = 9;
  private static final long GROUP = 1_000_000_000;

  /** Remainders of divisors of so many bits, taken modulo 2^128, have the right sign. */
  private static final int DIVISOR_BITS = 110;

  private static final int DIVIDEND_BITS = 127;

  /** A whole part below this one is found by doubles to within what remainders tell. */
  private static final double WHOLE = 0x1p50;

  private static final double TWO_TO_64 = 0x1p64;

  private static final long[] POWERS_OF_TEN = powersOfTen();

  /** In ASCII; the first is not 0, unless all are. */
  private final byte[] digits;

  /** How many of them stand behind the point; negative where zeros follow before it. */
  private final int decimals;

  private Quotient(byte[] digits, int decimals) {
    this.digits = digits;
    this.decimals = decimals;
  }

  /**
   * {@code dividend / divisor}; null when the divisor is 0.
   *
   * @param dividend not negative
   * @param divisor not negative
   */
  public static Quotient of(BigDecimal dividend, BigDecimal divisor) {
    if (divisor.signum() == 0) {
      return null;
    }
    if (dividend.signum() < 0 || divisor.signum() < 0) {
      throw new IllegalArgumentException(
          "quotient of negative sums: %s / %s".formatted(dividend, divisor));
    }
    BigInteger up = dividend.unscaledValue();
    BigInteger down = divisor.unscaledValue();
    Quotient quotient = null;
    if (up.bitLength() < DIVIDEND_BITS && down.bitLength() < DIVISOR_BITS) {
      quotient = new Division(up, down).divide(dividend.scale() - divisor.scale());
    }
    return quotient == null ? of(dividend.divide(divisor, PRECISION)) : quotient;
  }

  /** A number of at most 50 digits that is not negative. */
  private static Quotient of(BigDecimal number) {
    byte[] some = number.unscaledValue().toString().getBytes(StandardCharsets.US_ASCII);
    byte[] digits = Arrays.copyOf(some, DIGITS);
    Arrays.fill(digits, some.length, DIGITS, (byte) '0');
    return new Quotient(digits, number.signum() == 0 ? 0 : number.scale() + DIGITS - some.length);
  }

  /** The quotient whose digits are these 18, 18 and 14. */
  public static Quotient of(long first, long second, long third, int decimals) {
    byte[] digits = new byte[DIGITS];
    putDigits(first, digits, 0, LONG_DIGITS);
    putDigits(second, digits, LONG_DIGITS, 2 * LONG_DIGITS);
    putDigits(third, digits, 2 * LONG_DIGITS, DIGITS);
    return new Quotient(digits, decimals);
  }

  private static void putDigits(long number, byte[] digits, int from, int to) {
    long left = number;
    for (int i = to - 1; i >= from; i--) {
      long tenth = left / 10;
      digits[i] = (byte) ('0' + (left - 10 * tenth));
      left = tenth;
    }
  }

  /** How many digits stand behind the point; negative where zeros follow before it. */
  public int decimals() {
    return decimals;
  }

  /** The whole number that at most 18 digits make, from a place to before another. */
  public long number(int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = 10 * number + digits[i] - '0';
    }
    return number;
  }

  /** Whether there is another digit than 0 from a place on. */
  public boolean hasMore(int from) {
    for (int i = from; i < DIGITS; i++) {
      if (digits[i] != '0') {
        return true;
      }
    }
    return false;
  }

  void copyDigits(byte[] to, int at) {
    System.arraycopy(digits, 0, to, at, DIGITS);
  }

  /** The number. */
  public BigDecimal toBigDecimal() {
    BigInteger high =
        BigInteger.valueOf(number(0, LONG_DIGITS))
            .multiply(BigInteger.valueOf(POWERS_OF_TEN[LONG_DIGITS]))
            .add(BigInteger.valueOf(number(LONG_DIGITS, 2 * LONG_DIGITS)));
    int rest = DIGITS - 2 * LONG_DIGITS;
    return new BigDecimal(
        high.multiply(BigInteger.valueOf(POWERS_OF_TEN[rest]))
            .add(BigInteger.valueOf(number(2 * LONG_DIGITS, DIGITS))),
        decimals);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Quotient quotient
        && decimals == quotient.decimals
        && Arrays.equals(digits, quotient.digits);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(digits) + decimals;
  }

  /** Plain notation without zeros at the end of the fraction. */
  @Override
  public String toString() {
    return new PlainDigits().set(this).toString();
  }

  /** A long division in base 10^9 of two numbers in two words. */
  private static final class Division {

    private final long divisorHigh;
    private final long divisorLow;
    private final double inverse;
    private final byte[] digits = new byte[DIGITS];
    private int end;

    // What is left over.
    private long high;
    private long low;

    Division(BigInteger dividend, BigInteger divisor) {
      high = high(dividend);
      low = dividend.longValue();
      divisorHigh = high(divisor);
      divisorLow = divisor.longValue();
      inverse = 1 / toDouble(divisorHigh, divisorLow);
    }

    private static long high(BigInteger number) {
      return number.bitLength() < Long.SIZE ? 0 : number.shiftRight(Long.SIZE).longValue();
    }

    private static double toDouble(long high, long low) {
      double upper = low >>> 1;
      return high * TWO_TO_64 + (2 * upper + (low & 1));
    }

    /** The quotient; null when it is 0 before the first group, or too large. */
    Quotient divide(int scale) {
      double estimate = toDouble(high, low) * inverse;
      if (estimate >= WHOLE) {
        return null;
      }
      long whole = settle((long) estimate);
      if (whole == 0) {
        return null;
      }
      int wholeDigits = digits(whole);
      int groups = (DIGITS - wholeDigits + GROUP_DIGITS - 1) / GROUP_DIGITS;
      int cut = wholeDigits + groups * GROUP_DIGITS - DIGITS;
      put(whole, wholeDigits);
      for (int i = 1; i < groups; i++) {
        put(nextGroup(), GROUP_DIGITS);
      }
      long unit = POWERS_OF_TEN[cut];
      long last = nextGroup();
      put(last / unit, GROUP_DIGITS - cut);
      int decimals = scale + groups * GROUP_DIGITS - cut;
      return isRoundedUp(last % unit, unit) && incrementOverflows()
          ? new Quotient(digits, decimals - 1)
          : new Quotient(digits, decimals);
    }

    private static int digits(long number) {
      int count = 1;
      while (count < POWERS_OF_TEN.length && number >= POWERS_OF_TEN[count]) {
        count++;
      }
      return count;
    }

    private long nextGroup() {
      double estimate = toDouble(high, low) * inverse * GROUP;
      long product = low * GROUP;
      high = high * GROUP + Int256.unsignedHigh(low, GROUP);
      low = product;
      return settle((long) estimate);
    }

    /** Takes the divisor off so many times, and as many more or fewer as are right. */
    private long settle(long estimate) {
      long times = estimate;
      long product = divisorLow * times;
      long rest = low - product;
      high -=
          divisorHigh * times
              + Int256.unsignedHigh(divisorLow, times)
              + Int256.borrow(low, product, rest);
      low = rest;
      while (high < 0) {
        times--;
        long sum = low + divisorLow;
        high += divisorHigh + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
        low = sum;
      }
      while (isAtLeastDivisor(high, low)) {
        times++;
        rest = low - divisorLow;
        high -= divisorHigh + Int256.borrow(low, divisorLow, rest);
        low = rest;
      }
      return times;
    }

    private boolean isAtLeastDivisor(long upper, long lower) {
      return upper != divisorHigh
          ? upper > divisorHigh
          : Long.compareUnsigned(lower, divisorLow) >= 0;
    }

    private void put(long number, int count) {
      putDigits(number, digits, end, end + count);
      end += count;
    }

    /** Whether what is cut off counts as one: digits of so many units, before what is left over. */
    private boolean isRoundedUp(long cut, long unit) {
      boolean isOdd = (digits[DIGITS - 1] & 1) != 0;
      if (unit > 1) {
        boolean hasRest = (high | low) != 0;
        return 2 * cut > unit || 2 * cut == unit && (hasRest || isOdd);
      }
      long twiceHigh = high << 1 | low >>> Long.SIZE - 1;
      long twiceLow = low << 1;
      boolean isHalf = twiceHigh == divisorHigh && twiceLow == divisorLow;
      return isHalf ? isOdd : isAtLeastDivisor(twiceHigh, twiceLow);
    }

    /** Adds one to the last digit; whether there would be one digit more, which is left out. */
    private boolean incrementOverflows() {
      for (int i = DIGITS - 1; i >= 0; i--) {
        if (digits[i] != '9') {
          digits[i]++;
          return false;
        }
        digits[i] = '0';
      }
      digits[0] = '1';
      return true;
    }
  }

  private static long[] powersOfTen() {
    long[] powers = new long[19];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = 10 * powers[i - 1];
    }
    return powers;
  }
}
