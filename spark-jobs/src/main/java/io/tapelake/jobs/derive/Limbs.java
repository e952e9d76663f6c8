package io.tapelake.jobs.derive;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/** Non-negative integers as limbs of 48 bits, the least significant first. */
final class Limbs {

  static final int BITS = 48;

  private static final long MASK = (1L << BITS) - 1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Limbs() {}

  /** How many limbs a number needs, at least 1. */
  static int count(BigInteger number) {
    return Math.max(1, (number.bitLength() + BITS - 1) / BITS);
  }

  /** The limb at an index; 0 beyond the number's last one. */
  static long limb(BigInteger number, int index) {
    if (number.bitLength() < Long.SIZE) {
      return index * BITS < Long.SIZE ? number.longValue() >>> index * BITS & MASK : 0;
    }
    return number.shiftRight(index * BITS).longValue() & MASK;
  }

  /** The number whose limbs, or sums of limbs, are given. */
  static BigInteger join(long[] limbs) {
    if (limbs.length == 1) {
      return BigInteger.valueOf(limbs[0]);
    }
    if (limbs.length == 2) {
      return join(limbs[0], limbs[1]);
    }
    BigInteger number = BigInteger.ZERO;
    for (int i = limbs.length - 1; i >= 0; i--) {
      number = number.shiftLeft(BITS).add(BigInteger.valueOf(limbs[i]));
    }
    return number;
  }

  /** Two limbs, which is what most sums have, without numbers in between. */
  private static BigInteger join(long low, long high) {
    long lowest = low + (high << BITS);
    long carry = Long.compareUnsigned(lowest, low) < 0 ? 1 : 0;
    long rest = (high >>> Long.SIZE - BITS) + carry;
    if (rest == 0 && lowest >= 0) {
      return BigInteger.valueOf(lowest);
    }
    byte[] bytes = new byte[2 * Long.BYTES];
    LONGS.set(bytes, 0, rest);
    LONGS.set(bytes, Long.BYTES, lowest);
    return new BigInteger(1, bytes);
  }
}
