package io.tapelake.jobs.analytics;

import io.tapelake.jobs.window.Quotient;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Square roots of exact fractions. */
final class Root {

  /** Digits of the integer root: two more than are kept, so that one below 5 cannot mislead. */
  private static final int DIGITS = Quotient.PRECISION.getPrecision() + 2;

  private static final int DOUBLE_BITS = 53;

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
    BigInteger numerator = timesTenTo(dividend, shift);
    BigInteger denominator = timesTenTo(divisor, -shift);
    BigInteger[] quotient = numerator.divideAndRemainder(denominator);
    BigInteger root = floor(quotient[0]);
    boolean exact = quotient[1].signum() == 0 && root.multiply(root).compareTo(quotient[0]) == 0;
    // A trace of what was cut off decides a tie.
    BigInteger digits = root.multiply(BigInteger.TEN).add(BigInteger.valueOf(exact ? 0 : 1));
    return new BigDecimal(digits, decimals + 1).round(Quotient.PRECISION);
  }

  /** The digits of a number with so many more zeros behind them; BigDecimal keeps the powers. */
  private static BigInteger timesTenTo(BigDecimal number, int zeros) {
    return zeros > 0
        ? number.setScale(number.scale() + zeros).unscaledValue()
        : number.unscaledValue();
  }

  /**
   * ⌊√n⌋. Newton's steps n ↦ r + (n − r²) / 2r with the distance n − r² exact and only the step
   * itself in machine numbers: 53 bits are right at first, 53 more after each step, and no number
   * of full length is divided, which is what {@link BigInteger#sqrt} spends its time on.
   */
  static BigInteger floor(BigInteger n) {
    if (n.bitLength() >= Double.MAX_EXPONENT) {
      return n.sqrt();
    }
    BigInteger root = whole(Math.sqrt(n.doubleValue()));
    while (true) {
      BigInteger rest = n.subtract(root.multiply(root));
      if (rest.signum() >= 0 && rest.compareTo(root.shiftLeft(1)) <= 0) {
        return root;
      }
      BigInteger step = whole(rest.abs().doubleValue() / (2 * root.doubleValue()));
      root = rest.signum() > 0 ? root.add(step) : root.subtract(step.max(BigInteger.ONE));
    }
  }

  /** A machine number, not negative, without what is behind its point. */
  private static BigInteger whole(double number) {
    int shift = Math.getExponent(number) - (DOUBLE_BITS - 1);
    return shift <= 0
        ? BigInteger.valueOf((long) number)
        : BigInteger.valueOf((long) Math.scalb(number, -shift)).shiftLeft(shift);
  }
}
