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

  private static final int MANTISSA_BITS = 52;
  private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;

  /** More than the error of a quotient of pairs, which is between 1/2 and 2. */
  private static final double DOUBT = 0x1p-90;

  private static final int BASIS_POINTS = 4;

  private Ratio() {}

  /** The double nearest to {@code dividend / divisor}; NaN when the divisor is 0. */
  public static double of(BigDecimal dividend, BigDecimal divisor) {
    if (divisor.signum() == 0) {
      return Double.NaN;
    }
    int scale = dividend.scale() - divisor.scale();
    BigInteger up = dividend.unscaledValue();
    BigInteger down = divisor.unscaledValue();
    return scale > 0
        ? of(up, Quotient.timesTenTo(down, scale))
        : of(Quotient.timesTenTo(up, -scale), down);
  }

  /** The double nearest to {@code dividend / divisor}; NaN when the divisor is 0. */
  public static double of(BigInteger dividend, BigInteger divisor) {
    if (divisor.signum() == 0) {
      return Double.NaN;
    }
    if (dividend.signum() == 0) {
      return 0;
    }
    double ratio = ofPositive(dividend.abs(), divisor.abs());
    return dividend.signum() == divisor.signum() ? ratio : -ratio;
  }

  /**
   * Divides what two doubles hold of each number, which leaves an error below 2^-100. Where that
   * may decide between two neighbours, the numbers themselves are divided.
   */
  private static double ofPositive(BigInteger dividend, BigInteger divisor) {
    int upShift = dividend.bitLength() - PAIR_BITS;
    int downShift = divisor.bitLength() - PAIR_BITS;
    BigInteger up = dividend.shiftRight(upShift);
    BigInteger down = divisor.shiftRight(downShift);
    double upHigh = up.doubleValue();
    double downHigh = down.doubleValue();
    double quotient = upHigh / downHigh;
    double rest =
        Math.fma(-quotient, downHigh, upHigh) + (low(up, upHigh) - quotient * low(down, downHigh));
    double correction = rest / downHigh;
    double ratio = quotient + correction;
    double lost = correction - (ratio - quotient);
    boolean isPowerOfTwo = (Double.doubleToRawLongBits(ratio) & MANTISSA) == 0;
    // Below a power of two the next double is only half as far.
    boolean isClear =
        Math.abs(Math.abs(lost) - Math.ulp(ratio) / 2) > DOUBT && !(isPowerOfTwo && lost < 0);
    return isClear ? Math.scalb(ratio, upShift - downShift) : divide(dividend, divisor);
  }

  /** What a double leaves of the number of 106 bits to which it is the nearest, exactly. */
  private static double low(BigInteger pair, double high) {
    long bits = Double.doubleToRawLongBits(high);
    // Whatever lies beyond 64 bits is the same in both.
    long lowest = (bits & MANTISSA | MANTISSA + 1) << Math.getExponent(high) - MANTISSA_BITS;
    return pair.longValue() - lowest;
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
