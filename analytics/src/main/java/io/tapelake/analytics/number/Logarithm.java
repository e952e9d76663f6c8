package io.tapelake.analytics.number;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Natural logarithms of ratios, as whole multiples of a small fraction, so that sums are exact. */
public final class Logarithm {

  /** A logarithm is a multiple of 2^-128, and no further off than that. */
  public static final int BITS = 128;

  /** Further binary digits, for the errors of a series' terms. */
  private static final int GUARD_BITS = 10;

  private static final int WORKING_BITS = BITS + GUARD_BITS;

  private static final BigInteger LN_2 = twiceArtanh(BigInteger.ONE, BigInteger.valueOf(3));

  private Logarithm() {}

  /** ln(to / from) · 2^128; both are greater than zero. */
  public static BigInteger ofRatio(BigDecimal to, BigDecimal from) {
    if (to.signum() <= 0 || from.signum() <= 0) {
      throw new IllegalArgumentException(
          "no logarithm of %s / %s".formatted(to.toPlainString(), from.toPlainString()));
    }
    int scale = Math.max(to.scale(), from.scale());
    BigInteger a = to.setScale(scale).unscaledValue();
    BigInteger b = from.setScale(scale).unscaledValue();
    if (a.equals(b)) {
      return BigInteger.ZERO;
    }
    // a/b = 2^k · r with r from 2/3 to 3/2: the series is short there.
    int k = powerOfTwo(a, b);
    if (k > 0) {
      b = b.shiftLeft(k);
    } else if (k < 0) {
      a = a.shiftLeft(-k);
    }
    BigInteger ln = twiceArtanh(a.subtract(b), a.add(b)).add(LN_2.multiply(BigInteger.valueOf(k)));
    return ln.shiftRight(GUARD_BITS);
  }

  /** The k for which a / (b · 2^k) is at least 2/3 and below 3/2. */
  private static int powerOfTwo(BigInteger a, BigInteger b) {
    int k = a.bitLength() - b.bitLength();
    BigInteger three = BigInteger.valueOf(3);
    // The bit lengths alone leave a ratio between 1/2 and 2.
    BigInteger left = k < 0 ? a.shiftLeft(-k) : a;
    BigInteger right = k > 0 ? b.shiftLeft(k) : b;
    if (left.multiply(three).compareTo(right.shiftLeft(1)) < 0) {
      return k - 1;
    }
    return left.shiftLeft(1).compareTo(right.multiply(three)) >= 0 ? k + 1 : k;
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
