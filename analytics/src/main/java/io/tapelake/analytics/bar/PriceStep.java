package io.tapelake.analytics.bar;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * How far apart prices are at least, as far as prices themselves tell: 1, 2 or 5 units of the last
 * digit other than 0 that any of them has, whichever divides all of them. An exchange's tick that
 * is 1, 2 or 5 times a power of ten divides this step, and is it once some prices were traded.
 *
 * @param decimals the most decimals of a price, trailing zeros not counted: negative where all
 *     prices are multiples of ten
 * @param units 1, 2 or 5 units of the last decimal
 */
public record PriceStep(int decimals, int units) {

  private static final int BASE = 10;

  /** The step that prices of a greatest common divisor have, which is greater than zero. */
  static PriceStep ofDivisor(BigDecimal divisor) {
    BigDecimal stripped = divisor.stripTrailingZeros();
    int digit = stripped.unscaledValue().mod(BigInteger.TEN).intValue();
    return new PriceStep(stripped.scale(), gcd(digit, BASE));
  }

  /** The step that a number is. */
  public static PriceStep of(BigDecimal step) {
    BigDecimal stripped = step.stripTrailingZeros();
    return new PriceStep(stripped.scale(), stripped.unscaledValue().intValueExact());
  }

  /** The step of these prices and others together. */
  public PriceStep with(PriceStep other) {
    if (decimals != other.decimals) {
      return decimals > other.decimals ? this : other;
    }
    return new PriceStep(decimals, gcd(units, other.units));
  }

  /** As a difference of prices. */
  public BigDecimal toDecimal() {
    return BigDecimal.valueOf(units, decimals);
  }

  static int gcd(int one, int other) {
    return other == 0 ? one : gcd(other, one % other);
  }

  static long gcd(long one, long other) {
    long a = one;
    long b = other;
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }
}
