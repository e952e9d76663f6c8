package io.tapelake.jobs.derive;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LimbsTest {

  @Test
  void zeroHasOneLimb() {
    assertThat(Limbs.count(BigInteger.ZERO)).isEqualTo(1);
    assertThat(Limbs.limb(BigInteger.ZERO, 0)).isZero();
    assertThat(Limbs.limb(BigInteger.ZERO, 7)).isZero();
  }

  @Test
  void aLimbEndsAtItsBits() {
    BigInteger full = BigInteger.ONE.shiftLeft(Limbs.BITS).subtract(BigInteger.ONE);
    assertThat(Limbs.count(full)).isEqualTo(1);
    assertThat(Limbs.limb(full, 0)).isEqualTo((1L << Limbs.BITS) - 1);
    assertThat(Limbs.count(full.add(BigInteger.ONE))).isEqualTo(2);
    assertThat(Limbs.limb(full.add(BigInteger.ONE), 0)).isZero();
    assertThat(Limbs.limb(full.add(BigInteger.ONE), 1)).isEqualTo(1);
  }

  @Test
  void sumsOfLimbsJoinToTheSumOfTheNumbers() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      long[] limbs = new long[1 + round % 12];
      BigInteger sum = BigInteger.ZERO;
      // As many as a window of seven days has minutes, most of them with all bits set.
      for (int i = 0; i < 10_080; i += 1 + random.nextInt(500)) {
        BigInteger number =
            random.nextBoolean()
                ? BigInteger.ONE.shiftLeft(limbs.length * Limbs.BITS).subtract(BigInteger.ONE)
                : new BigInteger(random.nextInt(limbs.length * Limbs.BITS), random);
        sum = sum.add(number);
        for (int limb = 0; limb < limbs.length; limb++) {
          limbs[limb] += Limbs.limb(number, limb);
        }
      }
      assertThat(Limbs.join(limbs)).as("seed %d", seed).isEqualTo(sum);
    }
  }
}
