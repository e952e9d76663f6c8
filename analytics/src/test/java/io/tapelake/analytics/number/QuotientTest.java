package io.tapelake.analytics.number;

import static org.assertj.core.api.Assertions.assertThat;

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
  void ofNothingAndOfTheLessThanZero() {
    assertThat(Quotient.of(BigDecimal.ONE, new BigDecimal("0.00"))).isNull();
    assertThat(Quotient.of(new BigDecimal("0.00"), BigDecimal.TEN)).isEqualByComparingTo("0");
    check(new BigDecimal("-1"), new BigDecimal("3"), 0);
    check(new BigDecimal("1"), new BigDecimal("-3"), 0);
  }

  private static void check(BigDecimal dividend, BigDecimal divisor, long seed) {
    assertThat(Quotient.of(dividend, divisor))
        .as("seed %d: %s / %s", seed, dividend, divisor)
        .isEqualByComparingTo(dividend.divide(divisor, FIFTY));
  }

  private static BigDecimal number(Random random, int bits) {
    BigInteger unscaled = new BigInteger(1 + random.nextInt(bits), random).add(BigInteger.ONE);
    return new BigDecimal(unscaled, random.nextInt(70) - 10);
  }
}
