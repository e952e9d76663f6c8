package io.tapelake.jobs.window;

import java.math.BigInteger;

/** Non-negative integers as limbs of 48 bits, the least significant first. */
final class Limbs {

  static final int BITS = 48;

  private static final BigInteger MASK = BigInteger.ONE.shiftLeft(BITS).subtract(BigInteger.ONE);

  private Limbs() {}

  /** How many limbs a number needs, at least 1. */
  static int count(BigInteger number) {
    return Math.max(1, (number.bitLength() + BITS - 1) / BITS);
  }

  /** The limb at an index; 0 beyond the number's last one. */
  static long limb(BigInteger number, int index) {
    return number.shiftRight(index * BITS).and(MASK).longValue();
  }

  /** The number whose limbs, or sums of limbs, are given. */
  static BigInteger join(long[] limbs) {
    BigInteger number = BigInteger.ZERO;
    for (int i = limbs.length - 1; i >= 0; i--) {
      number = number.shiftLeft(BITS).add(BigInteger.valueOf(limbs[i]));
    }
    return number;
  }
}
