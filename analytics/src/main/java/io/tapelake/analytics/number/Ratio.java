package io.tapelake.analytics.number;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Statistics as doubles, taken from exact sums: the double nearest to a ratio of exact numbers. The
 * relative error is at most 2^-53, also where the sums nearly cancel, because they do so exactly
 * before anything is rounded.
 */
public final class Ratio {

  /** Bits of a quotient before it is rounded: more than a double has, so that rounding is right. */
  private static final int BITS = 66;

  /** Bits that two doubles hold. */
  private static final int PAIR_BITS = 106;

  private static final int HALF_BITS = PAIR_BITS / 2;
  private static final double HALF = 0x1p53;
  private static final long MANTISSA = (1L << 52) - 1;

  /** More than the error of a quotient of pairs, which is between 1/2 and 2. */
  private static final double DOUBT = 0x1p-90;

  private static final int BASIS_POINTS = 4;

  private static final BigInteger[] POWERS_OF_TEN = powersOfTen();

  private Ratio() {}

  /** The double nearest to {@code dividend / divisor}; NaN when the divisor is 0. */
  public static double of(BigDecimal dividend, BigDecimal divisor) {
    if (divisor.signum() == 0) {
      return Double.NaN;
    }
    int scale = dividend.scale() - divisor.scale();
    BigInteger up = dividend.unscaledValue();
    BigInteger down = divisor.unscaledValue();
    return scale > 0 ? of(up, timesTenTo(down, scale)) : of(timesTenTo(up, -scale), down);
  }

  /** The double nearest to {@code dividend / divisor}; NaN when the divisor is 0. */
  public static double of(BigInteger dividend, BigInteger divisor) {
    if (divisor.signum() == 0) {
      return Double.NaN;
    }
    if (dividend.signum() == 0) {
      return 0;
    }
    if (fits(dividend) && fits(divisor)) {
      return of(Int256.of(dividend), Int256.of(divisor));
    }
    double ratio = ofPositive(dividend.abs(), divisor.abs());
    return dividend.signum() == divisor.signum() ? ratio : -ratio;
  }

  /** The double nearest to {@code dividend / divisor}; NaN when the divisor is 0. */
  public static double of(Int256 dividend, Int256 divisor) {
    if (divisor.signum() == 0) {
      return Double.NaN;
    }
    if (dividend.signum() == 0) {
      return 0;
    }
    Int256 up = dividend.signum() < 0 ? dividend.negated() : dividend;
    Int256 down = divisor.signum() < 0 ? divisor.negated() : divisor;
    double ratio = ofPairs(up, down);
    if (Double.isNaN(ratio)) {
      ratio = divide(up.toBigInteger(), down.toBigInteger());
    } else {
      ratio = Math.scalb(ratio, up.bitLength() - down.bitLength());
    }
    return dividend.signum() == divisor.signum() ? ratio : -ratio;
  }

  private static boolean fits(BigInteger number) {
    return number.bitLength() < Int256.FACTOR_BITS;
  }

  private static double ofPositive(BigInteger dividend, BigInteger divisor) {
    int upShift = dividend.bitLength() - PAIR_BITS;
    int downShift = divisor.bitLength() - PAIR_BITS;
    double ratio =
        ofPairs(Int256.of(dividend.shiftRight(upShift)), Int256.of(divisor.shiftRight(downShift)));
    return Double.isNaN(ratio) ? divide(dividend, divisor) : Math.scalb(ratio, upShift - downShift);
  }

  /**
   * Divides the highest 106 bits of each number, which are what two doubles hold and leave an error
   * below 2^-100; the result is between 1/2 and 2. NaN where the error may decide between two
   * neighbours: the numbers themselves have to be divided then.
   */
  private static double ofPairs(Int256 dividend, Int256 divisor) {
    int up = dividend.bitLength() - PAIR_BITS;
    int down = divisor.bitLength() - PAIR_BITS;
    double upHigh = dividend.bits(up + HALF_BITS) * HALF;
    double downHigh = divisor.bits(down + HALF_BITS) * HALF;
    double quotient = upHigh / downHigh;
    double rest =
        Math.fma(-quotient, downHigh, upHigh) + (dividend.bits(up) - quotient * divisor.bits(down));
    double correction = rest / downHigh;
    double ratio = quotient + correction;
    double lost = correction - (ratio - quotient);
    boolean isPowerOfTwo = (Double.doubleToRawLongBits(ratio) & MANTISSA) == 0;
    // Below a power of two the next double is only half as far.
    boolean isClear =
        Math.abs(Math.abs(lost) - Math.ulp(ratio) / 2) > DOUBT && !(isPowerOfTwo && lost < 0);
    return isClear ? ratio : Double.NaN;
  }

  private static double divide(BigInteger dividend, BigInteger divisor) {
    BigInteger up = dividend;
    BigInteger down = divisor;
    int shift = BITS - up.bitLength() + down.bitLength();
    if (shift > 0) {
      up = up.shiftLeft(shift);
    } else {
      down = down.shiftLeft(-shift);
    }
    BigInteger[] parts = up.divideAndRemainder(down);
    // A trace of what is left over decides a tie.
    BigInteger bits = parts[1].signum() == 0 ? parts[0] : parts[0].setBit(0);
    return Math.scalb(bits.doubleValue(), -shift);
  }

  private static BigInteger timesTenTo(BigInteger number, int power) {
    return power == 0 ? number : number.multiply(powerOfTen(power));
  }

  /** 10^power; the power is not negative. */
  public static BigInteger powerOfTen(int power) {
    return power < POWERS_OF_TEN.length ? POWERS_OF_TEN[power] : BigInteger.TEN.pow(power);
  }

  private static BigInteger[] powersOfTen() {
    BigInteger[] powers = new BigInteger[64];
    powers[0] = BigInteger.ONE;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1].multiply(BigInteger.TEN);
    }
    return powers;
  }

  /** {@code (figure − level) / level} in basis points; NaN when the level is 0. */
  public static double bps(BigDecimal figure, BigDecimal level) {
    return of(figure.subtract(level).scaleByPowerOfTen(BASIS_POINTS), level);
  }

  /** A double's shortest decimal, in plain notation without zeros at its end; null of NaN. */
  public static String text(double statistic) {
    return Double.isNaN(statistic)
        ? null
        : SqlDecimal.text(new BigDecimal(Double.toString(statistic)));
  }
}
