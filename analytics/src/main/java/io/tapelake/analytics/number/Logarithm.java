package io.tapelake.analytics.number;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Natural logarithms of ratios, as whole multiples of a small fraction, so that sums are exact. */
public final class Logarithm {

  /** A logarithm is a multiple of 2^-96, and no further off than that. */
  public static final int BITS = 96;

  /** Further binary digits, for the errors of a series' terms. */
  private static final int GUARD_BITS = 16;

  private static final int WORKING_BITS = BITS + GUARD_BITS;

  /** Half of what a logarithm is a multiple of. */
  private static final BigInteger HALF = BigInteger.ONE.shiftLeft(GUARD_BITS - 1);

  private static final BigInteger THREE = BigInteger.valueOf(3);
  private static final BigInteger LN_2 = twiceArtanh(BigInteger.ONE, THREE);

  private Logarithm() {}

  /**
   * ln(to / from) · 2^96; both are greater than zero. Equal ratios have equal logarithms, whatever
   * the prices, and ln(from / to) is exactly the negative, so that equal returns have no variance.
   */
  public static BigInteger ofRatio(BigDecimal to, BigDecimal from) {
    if (to.signum() <= 0 || from.signum() <= 0) {
      throw new IllegalArgumentException(
          "no logarithm of %s / %s".formatted(to.toPlainString(), from.toPlainString()));
    }
    int scale = Math.max(to.scale(), from.scale());
    BigInteger a = to.setScale(scale).unscaledValue();
    BigInteger b = from.setScale(scale).unscaledValue();
    int order = a.compareTo(b);
    if (order == 0) {
      return BigInteger.ZERO;
    }
    return order > 0 ? ofLargerBySmaller(a, b) : ofLargerBySmaller(b, a).negate();
  }

  private static BigInteger ofLargerBySmaller(BigInteger a, BigInteger b) {
    // a/b = 2^k · r with r from 3/4 to 3/2, where the series is short, and of which there is one.
    int k = a.bitLength() - b.bitLength();
    BigInteger right = b.shiftLeft(k);
    // The bit lengths alone leave an r between 1/2 and 2.
    if (a.shiftLeft(2).compareTo(right.multiply(THREE)) < 0) {
      k--;
    } else if (a.shiftLeft(1).compareTo(right.multiply(THREE)) >= 0) {
      k++;
    }
    right = b.shiftLeft(k);
    BigInteger ln =
        twiceArtanh(a.subtract(right), a.add(right)).add(LN_2.multiply(BigInteger.valueOf(k)));
    return ln.add(HALF).shiftRight(GUARD_BITS);
  }

  /** 2 · artanh(x/y) · 2^bits, |x/y| at most 1/3, by its series 2(z + z³/3 + z⁵/5 + …). */
  private static BigInteger twiceArtanh(BigInteger x, BigInteger y) {
    BigInteger z = x.abs().shiftLeft(WORKING_BITS).divide(y);
    BigInteger square = z.multiply(z).shiftRight(WORKING_BITS);
    BigInteger power = z;
    BigInteger sum = z;
    for (long n = 3; power.signum() != 0; n += 2) {
      power = power.multiply(square).shiftRight(WORKING_BITS);
      sum = sum.add(power.divide(BigInteger.valueOf(n)));
    }
    BigInteger twice = sum.shiftLeft(1);
    return x.signum() < 0 ? twice.negate() : twice;
  }
}
