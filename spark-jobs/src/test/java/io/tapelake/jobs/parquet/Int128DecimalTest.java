package io.tapelake.jobs.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.number.SqlDecimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against Java's own rounding. */
final class Int128DecimalTest {

  private static final int NUMBERS = 300_000;

  private final Int128Decimal decimal = new Int128Decimal();

  @Test
  void anyNumberIsRoundedAsJavaDoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < NUMBERS; i++) {
      BigInteger unscaled = new BigInteger(random.nextInt(220), random);
      int scale = random.nextInt(140) - 20;
      if (random.nextInt(3) == 0 && scale > SqlDecimal.SCALE) {
        // Half of the last digit that is kept, and next to it.
        BigInteger half = BigInteger.TEN.pow(scale - SqlDecimal.SCALE).shiftRight(1);
        unscaled =
            BigInteger.valueOf(random.nextInt(1000))
                .multiply(half.shiftLeft(1))
                .add(half)
                .add(BigInteger.valueOf(random.nextInt(3) - 1));
      }
      check(new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale), seed);
    }
  }

  @Test
  void numbersAtTheEdges() {
    for (int digits : new int[] {19, 20, 21, 37, 38, 39}) {
      for (int scale = 0; scale < 60; scale++) {
        BigInteger power = BigInteger.TEN.pow(digits + scale);
        for (int off = -6; off <= 6; off++) {
          BigDecimal number = new BigDecimal(power.add(BigInteger.valueOf(off)), scale);
          check(number, 0);
          check(number.negate(), 0);
        }
      }
    }
    for (long edge : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, -1, 0, 1}) {
      for (int scale = -3; scale <= 40; scale++) {
        check(BigDecimal.valueOf(edge, scale), 0);
      }
    }
  }

  @Test
  void quotientsAreRoundedAsTheirFiftyDigitsAre() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < NUMBERS / 2; i++) {
      BigInteger up = new BigInteger(1 + random.nextInt(150), random);
      if (i % 3 == 0) { // ends half way between two neighbours, or next to it
        up = BigInteger.TEN.pow(2 + random.nextInt(20)).multiply(up).add(BigInteger.valueOf(5));
      }
      BigInteger down =
          i % 3 == 0
              ? BigInteger.ONE
              : new BigInteger(1 + random.nextInt(100), random).add(BigInteger.ONE);
      checkQuotient(
          new BigDecimal(up, random.nextInt(50)), new BigDecimal(down, random.nextInt(30)), seed);
    }
  }

  private void checkQuotient(BigDecimal up, BigDecimal down, long seed) {
    Quotient quotient = Quotient.of(up, down);
    BigDecimal expected = SqlDecimal.fit(quotient.toBigDecimal());
    assertThat(decimal.put(quotient))
        .as("seed %d: %s / %s has room", seed, up, down)
        .isEqualTo(expected != null);
    if (expected != null) {
      assertThat(Int128Decimal.number(decimal.bytes(), 0))
          .as("seed %d: %s / %s", seed, up, down)
          .isEqualByComparingTo(expected);
    }
  }

  private void check(BigDecimal number, long seed) {
    BigDecimal expected = SqlDecimal.fit(number);
    assertThat(decimal.put(number))
        .as("seed %d: %s has room", seed, number)
        .isEqualTo(expected != null);
    if (expected != null) {
      assertThat(Int128Decimal.number(decimal.bytes(), 0))
          .as("seed %d: %s", seed, number)
          .isEqualTo(expected.setScale(SqlDecimal.SCALE));
    }
  }
}
