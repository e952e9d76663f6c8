package io.tapelake.jobs.analytics;

import io.tapelake.jobs.window.Quotient;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Square roots of exact fractions. */
final class Root {

  /** Digits of the integer root: two more than are kept, so that one below 5 cannot mislead. */
  private static final int DIGITS = Quotient.PRECISION.getPrecision() + 2;

  private Root() {}

  /**
   * √(dividend / divisor) to 50 significant digits, HALF_EVEN of the exact root.
   *
   * @param dividend not negative
   * @param divisor greater than zero
   */
  static BigDecimal ofQuotient(BigDecimal dividend, BigDecimal divisor) {
    if (dividend.signum() == 0) {
      return BigDecimal.ZERO;
    }
    // floor(√x) is floor(√floor(x)), so the fraction may be cut off before the root is taken, if
    // it is remembered that something was cut off.
    int magnitude =
        dividend.precision() - dividend.scale() - (divisor.precision() - divisor.scale());
    int decimals = DIGITS - Math.floorDiv(magnitude, 2);
    int shift = 2 * decimals + divisor.scale() - dividend.scale();
    BigInteger numerator = dividend.unscaledValue();
    BigInteger denominator = divisor.unscaledValue();
    if (shift >= 0) {
      numerator = numerator.multiply(BigInteger.TEN.pow(shift));
    } else {
      denominator = denominator.multiply(BigInteger.TEN.pow(-shift));
    }
    BigInteger[] quotient = numerator.divideAndRemainder(denominator);
    BigInteger[] root = quotient[0].sqrtAndRemainder();
    boolean exact = quotient[1].signum() == 0 && root[1].signum() == 0;
    // A trace of what was cut off decides a tie.
    BigInteger digits = root[0].multiply(BigInteger.TEN).add(BigInteger.valueOf(exact ? 0 : 1));
    return new BigDecimal(digits, decimals + 1).round(Quotient.PRECISION);
  }
}
