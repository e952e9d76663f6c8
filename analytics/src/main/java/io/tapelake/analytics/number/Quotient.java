package io.tapelake.analytics.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Quotients of exact sums. */
public final class Quotient {

  private static final int DIGITS = 50;

  /** 50 significant digits, rounded once. */
  public static final MathContext PRECISION = new MathContext(DIGITS, RoundingMode.HALF_EVEN);

  /** The first number with too many digits. */
  private static final BigInteger BEYOND = BigInteger.TEN.pow(DIGITS);

  private static final BigInteger[] POWERS_OF_TEN = powersOfTen();

  private Quotient() {}

  /**
   * {@code dividend / divisor} to 50 significant digits, HALF_EVEN; null when the divisor is 0. It
   * may end in zeros, which {@link BigDecimal#divide} would look for and take away one by one.
   */
  public static BigDecimal of(BigDecimal dividend, BigDecimal divisor) {
    if (divisor.signum() == 0) {
      return null;
    }
    int shift = DIGITS - dividend.precision() + divisor.precision();
    if (dividend.signum() <= 0 || divisor.signum() < 0 || shift < 0) {
      return dividend.divide(divisor, PRECISION);
    }
    BigInteger by = divisor.unscaledValue();
    BigInteger[] parts = timesTenTo(dividend.unscaledValue(), shift).divideAndRemainder(by);
    int scale = dividend.scale() - divisor.scale() + shift;
    // 50 or 51 digits: of 51 the last one is cut off.
    return parts[0].compareTo(BEYOND) < 0
        ? new BigDecimal(rounded(parts[0], parts[1].shiftLeft(1).compareTo(by)), scale)
        : new BigDecimal(withoutLastDigit(parts[0], parts[1].signum() != 0), scale - 1);
  }

  /** Rounds HALF_EVEN by how twice the rest compares with the divisor. */
  private static BigInteger rounded(BigInteger whole, int rest) {
    return rest > 0 || rest == 0 && whole.testBit(0) ? whole.add(BigInteger.ONE) : whole;
  }

  private static BigInteger withoutLastDigit(BigInteger whole, boolean more) {
    BigInteger[] parts = whole.divideAndRemainder(BigInteger.TEN);
    int half = Integer.compare(parts[1].intValue(), 5);
    return rounded(parts[0], half == 0 && more ? 1 : half);
  }

  /** A number × 10^power; the power is not negative. */
  static BigInteger timesTenTo(BigInteger number, int power) {
    return power == 0 ? number : number.multiply(powerOfTen(power));
  }

  /** 10^power; the power is not negative. */
  public static BigInteger powerOfTen(int power) {
    return power < POWERS_OF_TEN.length ? POWERS_OF_TEN[power] : BigInteger.TEN.pow(power);
  }

  private static BigInteger[] powersOfTen() {
    BigInteger[] powers = new BigInteger[2 * DIGITS];
    powers[0] = BigInteger.ONE;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1].multiply(BigInteger.TEN);
    }
    return powers;
  }
}
