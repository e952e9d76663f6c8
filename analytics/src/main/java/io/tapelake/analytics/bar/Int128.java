package io.tapelake.analytics.bar;

import java.math.BigDecimal;
import java.math.BigInteger;

/** A sum of non-negative integers below 2^127. */
final class Int128 {

  private long high;
  private long low;

  void clear() {
    high = 0;
    low = 0;
  }

  /** Adds a non-negative number. */
  void add(long value) {
    long sum = low + value;
    high += Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    low = sum;
  }

  /** Adds the product of two non-negative numbers. */
  void addProduct(long left, long right) {
    long product = left * right;
    high += Math.multiplyHigh(left, right);
    add(product);
  }

  /** This sum × 10^-scale. */
  BigDecimal toBigDecimal(int scale) {
    if (high == 0 && low >= 0) {
      return BigDecimal.valueOf(low, scale);
    }
    BigInteger unsignedLow =
        BigInteger.valueOf(low >>> 1).shiftLeft(1).or(BigInteger.valueOf(low & 1));
    return new BigDecimal(BigInteger.valueOf(high).shiftLeft(Long.SIZE).or(unsignedLow), scale);
  }
}
