package io.tapelake.analytics.bar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Σ of ±√notional of single trades, plus for taker buys. A root is {@code Math.sqrt} of the double
 * closest to the notional, rounded HALF_EVEN to {@link MinuteFlow#ROOT_SCALE} decimals: a function
 * of the notional's value alone, however it is held. Its relative error is below 2^-52 for the
 * doubles, and 5·10^-19 is the most that the decimals add.
 */
final class RootFlow {

  /** 10^18 = 5^18 · 2^18. */
  private static final long FIVES = 3_814_697_265_625L;

  private static final int MANTISSA_BITS = 52;
  private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;
  private static final int EXPONENT_BIAS = 1023;

  /** A 128-bit sum in units of 10^-18. */
  private long high;

  private long low;
  private BigDecimal wide = BigDecimal.ZERO;

  /** Adds a trade by the double closest to its notional. */
  void add(double notional, boolean buy) {
    double root = Math.sqrt(notional);
    long bits = Double.doubleToRawLongBits(root);
    int exponent = (int) (bits >>> MANTISSA_BITS) - EXPONENT_BIAS;
    int shift = MANTISSA_BITS - MinuteFlow.ROOT_SCALE - exponent;
    if (shift < 1 || shift > Long.SIZE - 1) {
      addWide(root, buy);
      return;
    }
    // root · 10^18 = mantissa · 5^18 / 2^shift
    long mantissa = bits & MANTISSA | 1L << MANTISSA_BITS;
    long productLow = mantissa * FIVES;
    long productHigh = Math.multiplyHigh(mantissa, FIVES);
    long unitsLow = productHigh << (Long.SIZE - shift) | productLow >>> shift;
    long unitsHigh = productHigh >>> shift;
    long doubledRest = productLow << (Long.SIZE - shift);
    if (doubledRest < 0 && (doubledRest != Long.MIN_VALUE || (unitsLow & 1) != 0)) {
      unitsLow++;
      unitsHigh += unitsLow == 0 ? 1 : 0;
    }
    if (buy) {
      add(unitsHigh, unitsLow);
    } else {
      subtract(unitsHigh, unitsLow);
    }
  }

  BigDecimal sum() {
    BigInteger unsignedLow =
        BigInteger.valueOf(low >>> 1).shiftLeft(1).or(BigInteger.valueOf(low & 1));
    BigInteger units = BigInteger.valueOf(high).shiftLeft(Long.SIZE).or(unsignedLow);
    return new BigDecimal(units, MinuteFlow.ROOT_SCALE).add(wide);
  }

  private void addWide(double root, boolean buy) {
    BigDecimal rounded =
        new BigDecimal(root).setScale(MinuteFlow.ROOT_SCALE, RoundingMode.HALF_EVEN);
    wide = buy ? wide.add(rounded) : wide.subtract(rounded);
  }

  private void add(long unitsHigh, long unitsLow) {
    low += unitsLow;
    high += unitsHigh + (Long.compareUnsigned(low, unitsLow) < 0 ? 1 : 0);
  }

  private void subtract(long unitsHigh, long unitsLow) {
    high -= unitsHigh + (Long.compareUnsigned(low, unitsLow) < 0 ? 1 : 0);
    low -= unitsLow;
  }
}
