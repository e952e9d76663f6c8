package io.tapelake.analytics.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against {@link BigInteger}, which shares no code with it. */
class Int256Test {

  private static final int ROUNDS = 20_000;

  @Test
  void sumsDifferencesAndProductsAreThoseOfIntegers() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      BigInteger one = number(random, 127);
      BigInteger other = number(random, 127);
      BigInteger third = number(random, 127);
      Int256 product = Int256.product(Int256.of(one), Int256.of(other));
      assertThat(product.toBigInteger())
          .as("seed %d: %s · %s", seed, one, other)
          .isEqualTo(one.multiply(other));
      assertThat(product.plus(Int256.of(third)).toBigInteger())
          .as("seed %d: %s · %s + %s", seed, one, other, third)
          .isEqualTo(one.multiply(other).add(third));
      assertThat(product.minus(Int256.of(third)).toBigInteger())
          .as("seed %d: %s · %s - %s", seed, one, other, third)
          .isEqualTo(one.multiply(other).subtract(third));
      assertThat(product.negated().toBigInteger()).isEqualTo(one.multiply(other).negate());
      assertThat(product.signum()).isEqualTo(one.signum() * other.signum());
    }
  }

  @Test
  void timesIsSoManySums() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      BigInteger number = number(random, 127);
      long factor = random.nextLong() >>> 1 + random.nextInt(60);
      Int256 wide = Int256.product(Int256.of(number), Int256.of(BigInteger.ONE.shiftLeft(60)));
      assertThat(wide.times(factor).toBigInteger())
          .as("seed %d: %s · 2^60 · %d", seed, number, factor)
          .isEqualTo(number.shiftLeft(60).multiply(BigInteger.valueOf(factor)));
    }
  }

  @Test
  void aLongMovedUpOrDown() {
    for (int shift = -70; shift < 192; shift++) {
      long number = 0x7654_3210_FEDC_BA98L;
      BigInteger moved =
          shift < 0
              ? BigInteger.valueOf(number).shiftRight(-shift)
              : BigInteger.valueOf(number).shiftLeft(shift);
      assertThat(Int256.of(number, shift).toBigInteger()).as("shift %d", shift).isEqualTo(moved);
    }
  }

  @Test
  void theNearestDouble() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      BigInteger number = number(random, 126).multiply(number(random, 126));
      if (i % 3 == 0) { // half way between two doubles, or a little beside it
        BigInteger tie = new BigInteger(54, random).setBit(53).setBit(0).shiftLeft(i % 70);
        number = tie.add(BigInteger.valueOf(i % 9 / 3 - 1));
      }
      Int256 words =
          number.bitLength() < 128
              ? Int256.of(number)
              : Int256.product(
                      Int256.of(number.shiftRight(126)), Int256.of(BigInteger.ONE.shiftLeft(126)))
                  .plus(Int256.of(number.subtract(number.shiftRight(126).shiftLeft(126))));
      assertThat(words.toBigInteger()).isEqualTo(number);
      assertThat(words.doubleValue())
          .as("seed %d: %s", seed, number)
          .isEqualTo(new BigDecimal(number).doubleValue());
    }
  }

  @Test
  void zeroHasNoSign() {
    assertThat(Double.doubleToRawLongBits(new Int256().negated().doubleValue())).isZero();
    assertThat(new Int256().signum()).isZero();
    assertThat(new Int256().bitLength()).isZero();
  }

  @Test
  void aNumberOfMoreThan128BitsIsRefusedByName() {
    BigInteger large = BigInteger.ONE.shiftLeft(127);
    assertThat(Int256.of(large.negate()).toBigInteger()).isEqualTo(large.negate());
    assertThatThrownBy(() -> Int256.of(large))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining(large.toString());
  }

  private static BigInteger number(Random random, int bits) {
    BigInteger number = new BigInteger(random.nextInt(bits + 1), random);
    return random.nextBoolean() ? number : number.negate();
  }
}
