package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BandsTest {

  private static final MathContext DIGITS = new MathContext(50, RoundingMode.HALF_EVEN);

  private record Print(BigDecimal price, BigDecimal weight) {
    static Print of(String price, String weight) {
      return new Print(new BigDecimal(price), new BigDecimal(weight));
    }
  }

  @Test
  void threeTrades() {
    Bands bands =
        bands(List.of(Print.of("100", "1"), Print.of("101", "3"), Print.of("99", "2")), "99");

    assertThat(bands.mean()).isEqualTo(new BigDecimal("601").divide(new BigDecimal(6), DIGITS));
    // Σp²w/Σw − μ² is 29/36, so σ is √29 / 6.
    assertThat(bands.stddev())
        .isEqualByComparingTo("0.89752746785575067187511841525672159271585336027413");
    assertThat(bands.deviationBps().doubleValue()).isEqualTo(-116.4725, within(5e-5));
    assertThat(bands.z().doubleValue()).isEqualTo(-1.2998674, within(5e-8));
    for (int i = 0; i < Bands.WIDEST; i++) {
      BigDecimal step = bands.stddev().multiply(BigDecimal.valueOf(i + 1L));
      assertThat(bands.lower().get(i)).isEqualTo(bands.mean().subtract(step, DIGITS));
      assertThat(bands.upper().get(i)).isEqualTo(bands.mean().add(step, DIGITS));
    }
  }

  @Test
  void threeTradesOfAnInverseContract() {
    // 100 USD a contract; 1, 3 and 2 of them, weighted by their coins.
    List<Print> prints = new ArrayList<>();
    for (String[] trade : new String[][] {{"100", "1"}, {"101", "3"}, {"99", "2"}}) {
      BigDecimal price = new BigDecimal(trade[0]);
      BigDecimal coins = new BigDecimal(trade[1] + "00").divide(price, 24, RoundingMode.HALF_EVEN);
      prints.add(new Print(price, coins));
    }
    Bands bands = bands(prints, "99");

    // 600 USD / (1 + 300/101 + 200/99) coins.
    assertThat(bands.mean().doubleValue())
        .isEqualTo(600.0 / (1 + 300.0 / 101 + 200.0 / 99), within(1e-12));
    assertThat(bands.stddev().doubleValue()).isBetween(0.8, 1.0);
  }

  @Test
  void onePriceHasNoSpread() {
    Bands bands =
        bands(List.of(Print.of("0.0000123", "7"), Print.of("0.0000123", "0.33")), "0.0000123");

    assertThat(bands.stddev()).isEqualByComparingTo("0");
    assertThat(bands.z()).isNull();
    assertThat(bands.deviationBps()).isEqualByComparingTo("0");
    assertThat(bands.lower())
        .allSatisfy(band -> assertThat(band).isEqualByComparingTo("0.0000123"));
  }

  @Test
  void nothingTradedGivesNothing() {
    assertThat(bands(List.of(), "99")).isNull();
  }

  @Test
  void roundedCoinsNeverMakeTheVarianceNegative() {
    // At one price p, p · round(1/p) is not 1, so that the base-weighted sums contradict each
    // other.
    BigDecimal price = new BigDecimal("3");
    BigDecimal coins = BigDecimal.ONE.divide(price, 24, RoundingMode.UP);
    Bands bands = Bands.of(coins, BigDecimal.ONE, price, price);

    assertThat(price.multiply(coins)).isGreaterThan(BigDecimal.ONE);
    assertThat(bands.stddev().signum()).isGreaterThanOrEqualTo(0);
    BigDecimal less = BigDecimal.ONE.divide(price, 24, RoundingMode.DOWN);
    Bands clamped = Bands.of(less, BigDecimal.ONE, price, price);
    assertThat(clamped.stddev()).isEqualByComparingTo("0");
    assertThat(clamped.z()).isNull();
  }

  /** Where the two terms of the variance agree in twelve digits, doubles keep nothing of it. */
  @Test
  void doublesAreWrongBy83PercentWhereExactSumsAreNot() {
    Random random = new Random(1);
    int trades = 100_000;
    double sum = 0;
    double squares = 0;
    List<Print> prints = new ArrayList<>();
    for (int i = 0; i < trades; i++) {
      BigDecimal price = BigDecimal.valueOf(1_000_000L + random.nextInt(3) - 1, 1);
      prints.add(new Print(price, BigDecimal.ONE));
      sum += price.doubleValue();
      squares += price.doubleValue() * price.doubleValue();
    }
    double mean = sum / trades;
    double naive = squares / trades - mean * mean;
    double exact = bands(prints, "100000").stddev().pow(2).doubleValue();

    assertThat(exact).isEqualTo(0.00666, within(5e-6));
    assertThat(exact).isEqualTo(aroundOneHundredThousand(prints), within(1e-9 * exact));
    assertThat((exact - naive) / exact).isEqualTo(0.83, within(0.005));
  }

  @Test
  void agreesWithDeviationsFromTheMean() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      int scale = random.nextInt(10);
      long level = 1 + random.nextInt(1_000_000);
      List<Print> prints = new ArrayList<>();
      for (int i = 1 + random.nextInt(30); i > 0; i--) {
        prints.add(
            new Print(
                BigDecimal.valueOf(level + random.nextInt(50), scale),
                BigDecimal.valueOf(1 + random.nextInt(100_000), random.nextInt(8))));
      }
      BigDecimal close = prints.get(0).price();
      Bands bands = bands(prints, close.toPlainString());

      BigDecimal weight = sum(prints, 0);
      BigDecimal mean = sum(prints, 1).divide(weight, new MathContext(120));
      BigDecimal squares = BigDecimal.ZERO;
      for (Print print : prints) {
        squares = squares.add(print.price().subtract(mean).pow(2).multiply(print.weight()));
      }
      BigDecimal sigma =
          squares.divide(weight, new MathContext(110)).sqrt(new MathContext(100)).round(DIGITS);
      if (bands.stddev().signum() == 0) {
        assertThat(sigma).as("seed %d", seed).isLessThan(new BigDecimal("1e-50"));
      } else {
        assertThat(bands.stddev()).as("seed %d", seed).isEqualByComparingTo(sigma);
        assertThat(bands.z())
            .as("seed %d", seed)
            .isCloseTo(
                close.subtract(bands.mean()).divide(sigma, DIGITS),
                within(new BigDecimal("1e-40")));
      }
    }
  }

  /** The variance in doubles of small numbers, which doubles can do. */
  private static double aroundOneHundredThousand(List<Print> prints) {
    double sum = 0;
    double squares = 0;
    for (Print print : prints) {
      double distance = print.price().subtract(new BigDecimal("100000")).doubleValue();
      sum += distance;
      squares += distance * distance;
    }
    double mean = sum / prints.size();
    return squares / prints.size() - mean * mean;
  }

  private static Bands bands(List<Print> prints, String close) {
    return Bands.of(sum(prints, 0), sum(prints, 1), sum(prints, 2), new BigDecimal(close));
  }

  private static BigDecimal sum(List<Print> prints, int power) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Print print : prints) {
      sum = sum.add(print.price().pow(power).multiply(print.weight()));
    }
    return sum;
  }
}
