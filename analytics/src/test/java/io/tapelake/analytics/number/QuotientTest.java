package io.tapelake.analytics.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against Java's own division. */
class QuotientTest {

  private static final MathContext FIFTY = new MathContext(50, RoundingMode.HALF_EVEN);

  @Test
  void quotientsOfAnySize() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      check(number(random, 400), number(random, 250), seed);
    }
  }

  /** What machine words have room for, and a little more. */
  @Test
  void quotientsOfSumsAsTheyAre() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      BigDecimal divisor = number(random, 112);
      check(divisor.multiply(number(random, 40)).add(number(random, 60)), divisor, seed);
      check(number(random, 128), divisor, seed);
    }
  }

  @Test
  void tiesOfTheFiftyFirstDigitGoToTheEvenNeighbour() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      // 51 digits of which the last is a 5, or just beside it.
      BigInteger digits = new BigInteger(160, random).setBit(165).mod(BigInteger.TEN.pow(50));
      BigInteger tie = digits.multiply(BigInteger.TEN).add(BigInteger.valueOf(5));
      BigDecimal quotient = new BigDecimal(tie, random.nextInt(60) - 10);
      BigDecimal divisor = number(random, 90);
      BigDecimal dividend = quotient.multiply(divisor);
      check(dividend, divisor, seed);
      check(dividend.add(dividend.ulp()), divisor, seed);
      check(dividend.subtract(dividend.ulp()), divisor, seed);
    }
  }

  @Test
  void ninesRoundUpToAPowerOfTen() {
    BigDecimal nines = new BigDecimal(BigInteger.TEN.pow(52).subtract(BigInteger.ONE), 20);
    check(nines, BigDecimal.ONE, 0);
    check(nines, new BigDecimal("3"), 0);
    check(nines, new BigDecimal("9e-7"), 0);
  }

  @Test
  void ofNothingAndOfLessThanNothing() {
    assertThat(Quotient.of(BigDecimal.ONE, new BigDecimal("0.00"))).isNull();
    assertThat(Quotient.of(new BigDecimal("0.00"), BigDecimal.TEN)).hasToString("0");
    assertThatThrownBy(() -> Quotient.of(new BigDecimal("-1.5"), BigDecimal.TEN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1.5 / 10");
  }

  private static void check(BigDecimal dividend, BigDecimal divisor, long seed) {
    Quotient quotient = Quotient.of(dividend, divisor);
    BigDecimal expected = dividend.divide(divisor, FIFTY);
    assertThat(quotient.toBigDecimal())
        .as("seed %d: %s / %s", seed, dividend, divisor)
        .isEqualByComparingTo(expected);
    assertThat(quotient).hasToString(SqlDecimal.text(expected));
  }

  private static BigDecimal number(Random random, int bits) {
    BigInteger unscaled = new BigInteger(1 + random.nextInt(bits), random).add(BigInteger.ONE);
    return new BigDecimal(unscaled, random.nextInt(70) - 10);
  }
}
