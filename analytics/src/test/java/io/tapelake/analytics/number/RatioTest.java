package io.tapelake.analytics.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the double that Java reads from so many digits that no rounding can be wrong. */
class RatioTest {

  /** Cut off, not rounded, so that a digit behind them is not lost where it breaks a tie. */
  private static final MathContext DIGITS = new MathContext(260, RoundingMode.DOWN);

  @Test
  void theNearestDouble() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      check(number(random, 300), number(random, 200), seed);
    }
  }

  @Test
  void tiesBetweenTwoDoublesGoToTheEvenOneAndOnlyTies() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      // 54 bits, of which the last is set: half way between two doubles.
      BigInteger tie = new BigInteger(54, random).setBit(53).setBit(0);
      BigInteger divisor = new BigInteger(1 + random.nextInt(200), random).add(BigInteger.ONE);
      BigDecimal dividend = new BigDecimal(tie.multiply(divisor));
      BigDecimal by = new BigDecimal(divisor.shiftLeft(random.nextInt(80)));
      check(dividend, by, seed);
      check(dividend.add(new BigDecimal("1e-90")), by, seed);
      check(dividend.subtract(new BigDecimal("1e-90")), by, seed);
    }
  }

  @Test
  void sumsThatNearlyCancelAreNotTiredOut() {
    BigDecimal level = new BigDecimal("98765.4321");
    BigDecimal figure = level.add(new BigDecimal("1e-30"));
    assertThat(Ratio.bps(figure, level)).isEqualTo(1e-26 / 98765.4321);
  }

  @Test
  void fiftyBasisPointsAreFifty() {
    assertThat(Ratio.bps(new BigDecimal("10050"), new BigDecimal("10000"))).isEqualTo(50);
    assertThat(Ratio.bps(new BigDecimal("0.000009950"), new BigDecimal("0.00001"))).isEqualTo(-50);
    BigDecimal level = new BigDecimal("61234.7");
    assertThat(Ratio.bps(level.multiply(new BigDecimal("1.005")), level)).isEqualTo(50);
    assertThat(Ratio.bps(level.multiply(new BigDecimal("1.0049999999999999999")), level))
        .isEqualTo(50);
  }

  @Test
  void byNothingIsUndefined() {
    assertThat(Ratio.of(BigDecimal.ONE, new BigDecimal("0.000"))).isNaN();
    assertThat(Ratio.of(BigInteger.ZERO, BigInteger.ZERO)).isNaN();
    assertThat(Ratio.bps(BigDecimal.ONE, BigDecimal.ZERO)).isNaN();
  }

  @Test
  void nothingByAnythingIsZeroWithoutASign() {
    assertThat(Double.doubleToRawLongBits(Ratio.of(new BigDecimal("0.0"), new BigDecimal("-7"))))
        .isZero();
  }

  @Test
  void textIsPlainAndOfUndefinedThereIsNone() {
    assertThat(Ratio.text(Double.NaN)).isNull();
    assertThat(Ratio.text(50)).isEqualTo("50");
    assertThat(Ratio.text(-1.25e-7)).isEqualTo("-0.000000125");
    assertThat(Ratio.text(1e21)).isEqualTo("1000000000000000000000");
    assertThat(Ratio.text(0.1)).isEqualTo("0.1");
  }

  private static void check(BigDecimal dividend, BigDecimal divisor, long seed) {
    double expected = Double.parseDouble(dividend.divide(divisor, DIGITS).toString());
    assertThat(Ratio.of(dividend, divisor))
        .as("seed %d: %s / %s", seed, dividend, divisor)
        .isEqualTo(expected);
    assertThat(Ratio.of(dividend.negate(), divisor)).isEqualTo(-expected);
    assertThat(Ratio.of(dividend.negate(), divisor.negate())).isEqualTo(expected);
  }

  private static BigDecimal number(Random random, int bits) {
    BigInteger unscaled = new BigInteger(1 + random.nextInt(bits), random).add(BigInteger.ONE);
    return new BigDecimal(unscaled, random.nextInt(50) - 10);
  }
}
