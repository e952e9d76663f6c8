package io.tapelake.analytics.number;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogarithmTest {

  @Test
  void knownConstants() {
    assertThat(ln("2", "1"))
        .isEqualByComparingTo("0.69314718055994530941723212145817656807550013436026");
    assertThat(ln("10", "1"))
        .isEqualByComparingTo("2.3025850929940456840179914546843642076011014886288");
    assertThat(ln("1", "10")).isEqualByComparingTo(ln("10", "1").negate());
  }

  @Test
  void theSamePriceIsZero() {
    assertThat(ln("100.50", "100.5")).isEqualByComparingTo("0");
  }

  @Test
  void aSmallMoveKeepsItsDigits() {
    // ln(1 + e) = e − e²/2 + e³/3 − e⁴/4 + …
    assertThat(ln("1000000000001", "1000000000000"))
        .isEqualByComparingTo("9.9999999999950000000000033333333333308333333333353E-13");
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
      BigDecimal from = BigDecimal.valueOf(1 + random.nextInt(1_000_000), random.nextInt(12));
      BigDecimal to =
          random.nextBoolean()
              ? BigDecimal.valueOf(1 + random.nextInt(1_000_000), random.nextInt(12))
              : from.add(BigDecimal.valueOf(1 + random.nextInt(9), 12));
      BigDecimal ln = ln(to.toPlainString(), from.toPlainString());
      BigDecimal ratio = to.divide(from, new MathContext(90));
      // The error of the logarithm is the relative error of the ratio.
      assertThat(exponential(ln).divide(ratio, new MathContext(90)).subtract(BigDecimal.ONE).abs())
          .as("seed %d: ln(%s / %s)", seed, to, from)
          .isLessThanOrEqualTo(ln.abs().movePointLeft(49));
    }
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
    return Logarithm.ofRatio(new BigDecimal(to), new BigDecimal(from));
  }
}
