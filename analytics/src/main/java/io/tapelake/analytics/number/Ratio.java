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
    if (scale > 0) {
      down = down.multiply(BigInteger.TEN.pow(scale));
    } else if (scale < 0) {
      up = up.multiply(BigInteger.TEN.pow(-scale));
    }
    return of(up, down);
  }

  /** The double nearest to {@code dividend / divisor}; NaN when the divisor is 0. */
  public static double of(BigInteger dividend, BigInteger divisor) {
    if (divisor.signum() == 0) {
      return Double.NaN;
    }
    if (dividend.signum() == 0) {
      return 0;
    }
    BigInteger up = dividend.abs();
    BigInteger down = divisor.abs();
    int shift = BITS - up.bitLength() + down.bitLength();
    if (shift > 0) {
      up = up.shiftLeft(shift);
    } else {
      down = down.shiftLeft(-shift);
    }
    BigInteger[] parts = up.divideAndRemainder(down);
    // A trace of what is left over decides a tie.
    BigInteger bits = parts[1].signum() == 0 ? parts[0] : parts[0].setBit(0);
    double ratio = Math.scalb(bits.doubleValue(), -shift);
    return dividend.signum() == divisor.signum() ? ratio : -ratio;
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
