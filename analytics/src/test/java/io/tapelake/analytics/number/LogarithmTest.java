package io.tapelake.analytics.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogarithmTest {

  private static final BigDecimal UNITS = new BigDecimal(BigInteger.ONE.shiftLeft(Logarithm.BITS));

  /** One of the last binary digit. */
  private static final BigDecimal LAST = BigDecimal.ONE.divide(UNITS);

  private static final MathContext DIGITS = new MathContext(90);

  @Test
  void knownConstants() {
    assertThat(ln("2", "1"))
        .isCloseTo(
            new BigDecimal("0.69314718055994530941723212145817656807550013436026"), within(LAST));
    assertThat(ln("10", "1"))
        .isCloseTo(
            new BigDecimal("2.3025850929940456840179914546843642076011014886288"), within(LAST));
  }

  @Test
  void theSamePriceIsZero() {
    assertThat(Logarithm.ofRatio(new BigDecimal("100.50"), new BigDecimal("100.5"))).isZero();
  }

  @Test
  void aSmallMoveKeepsItsDigits() {
    // ln(1 + e) = e − e²/2 + e³/3 − e⁴/4 + …
    assertThat(ln("1000000000001", "1000000000000"))
        .isCloseTo(
            new BigDecimal("9.9999999999950000000000033333333333308333333333353E-13"),
            within(LAST));
  }

  @Test
  void theLargestRatioOfTwoPrices() {
    assertThat(ln("999999999999", "0.000000000001").doubleValue())
        .isEqualTo(Math.log(999999999999e12), within(1e-13));
  }

  @Test
  void pricesAreGreaterThanZero() {
    assertThatThrownBy(() -> ln("0", "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no logarithm of 0 / 1");
  }

  @Test
  void theExponentialGivesTheRatioBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      BigDecimal from = price(random);
      BigDecimal to =
          random.nextBoolean()
              ? price(random)
              : from.add(BigDecimal.valueOf(1 + random.nextInt(9), 12));
      BigDecimal ln = ln(to.toPlainString(), from.toPlainString());
      BigDecimal ratio = to.divide(from, DIGITS);
      // The error of the logarithm is the relative error of the ratio.
      assertThat(exponential(ln).divide(ratio, DIGITS).subtract(BigDecimal.ONE).abs())
          .as("seed %d: ln(%s / %s)", seed, to, from)
          .isLessThanOrEqualTo(LAST);
    }
  }

  /** So that returns that are equal have no variance. */
  @Test
  void equalRatiosHaveEqualLogarithmsWhateverThePrices() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      BigDecimal from = price(random);
      BigDecimal to = price(random);
      BigDecimal times = price(random);
      BigInteger ln = Logarithm.ofRatio(to, from);
      assertThat(Logarithm.ofRatio(to.multiply(times), from.multiply(times)))
          .as("seed %d: ln(%s / %s), times %s", seed, to, from, times)
          .isEqualTo(ln);
      assertThat(Logarithm.ofRatio(from, to))
          .as("seed %d: ln(%s / %s)", seed, from, to)
          .isEqualTo(ln.negate());
    }
  }

  private static BigDecimal price(Random random) {
    return BigDecimal.valueOf(1 + random.nextInt(1_000_000), random.nextInt(12));
  }

  /** e^x by halving x until its series is short. */
  private static BigDecimal exponential(BigDecimal x) {
    MathContext context = new MathContext(100);
    int halvings = 12;
    BigDecimal small = x.divide(BigDecimal.valueOf(1L << halvings), context);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int n = 1; n < 60; n++) {
      term = term.multiply(small, context).divide(BigDecimal.valueOf(n), context);
      sum = sum.add(term, context);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, context);
    }
    return sum;
  }

  private static BigDecimal ln(String to, String from) {
    return new BigDecimal(Logarithm.ofRatio(new BigDecimal(to), new BigDecimal(from)))
        .divide(UNITS);
  }
}
