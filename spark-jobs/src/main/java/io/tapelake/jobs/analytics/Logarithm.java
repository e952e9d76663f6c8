package io.tapelake.jobs.analytics;

import io.tapelake.jobs.window.Quotient;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Natural logarithms of ratios, to 50 significant digits with a relative error below 10^-49, also
 * where the ratio is close to 1 and its logarithm close to 0.
 */
public final class Logarithm {

  /** Binary digits behind the point: 60 decimal ones and some for the errors of the terms. */
  private static final int BITS = 232;

  private static final BigInteger LN_2 = twiceArtanh(BigInteger.ONE, BigInteger.valueOf(3), BITS);

  private Logarithm() {}

  /** ln(to / from); both are greater than zero. */
  public static BigDecimal ofRatio(BigDecimal to, BigDecimal from) {
    if (to.signum() <= 0 || from.signum() <= 0) {
      throw new IllegalArgumentException(
          "no logarithm of %s / %s".formatted(to.toPlainString(), from.toPlainString()));
    }
    int scale = Math.max(to.scale(), from.scale());
    BigInteger a = to.setScale(scale).unscaledValue();
    BigInteger b = from.setScale(scale).unscaledValue();
    if (a.equals(b)) {
      return BigDecimal.ZERO;
    }
    // a/b = 2^k · r with r from 2/3 to 3/2: the series is short there, and where k is not 0
    // the two parts are too different to cancel.
    int k = powerOfTwo(a, b);
    if (k > 0) {
      b = b.shiftLeft(k);
    } else if (k < 0) {
      a = a.shiftLeft(-k);
    }
    BigInteger difference = a.subtract(b);
    BigInteger sum = a.add(b);
    // Close to 1 the logarithm is small, and has as many more places as it has leading zeros.
    int bits = BITS + (k == 0 ? sum.bitLength() - difference.bitLength() : 0);
    BigInteger ln = twiceArtanh(difference, sum, bits);
    if (k != 0) {
      ln = ln.add(LN_2.multiply(BigInteger.valueOf(k)));
    }
    return decimal(ln, bits);
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
  private static BigInteger twiceArtanh(BigInteger x, BigInteger y, int bits) {
    BigInteger power = x.shiftLeft(bits + 1).divide(y);
    BigInteger square = x.multiply(x).shiftLeft(bits).divide(y.multiply(y));
    BigInteger sum = power;
    for (long n = 3; power.signum() != 0; n += 2) {
      // A negative number's shift rounds down and would never end at 0.
      power =
          power.signum() < 0
              ? next(power.negate(), square, bits).negate()
              : next(power, square, bits);
      sum = sum.add(power.divide(BigInteger.valueOf(n)));
    }
    return sum;
  }

  private static BigInteger next(BigInteger power, BigInteger square, int bits) {
    return power.multiply(square).shiftRight(bits);
  }

  /** number / 2^bits, rounded once. */
  private static BigDecimal decimal(BigInteger number, int bits) {
    return new BigDecimal(number)
        .divide(new BigDecimal(BigInteger.ONE.shiftLeft(bits)), Quotient.PRECISION);
  }
}
