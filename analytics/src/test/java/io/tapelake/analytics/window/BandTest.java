package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class BandTest {

  private static final MathContext DIGITS = new MathContext(120);

  /** 10^-12, in percent. */
  private static final Percentage CLOSE = Percentage.withPercentage(1e-10);

  private record Print(BigDecimal price, BigDecimal weight) {
    static Print of(String price, String weight) {
      return new Print(new BigDecimal(price), new BigDecimal(weight));
    }
  }

  @Test
  void threeTrades() {
    Band band =
        band(List.of(Print.of("100", "1"), Print.of("101", "3"), Print.of("99", "2")), "99");

    // Σp²w/Σw − μ² is 29/36, so σ is √29 / 6; μ is 601/6.
    assertThat(band.stddev()).isEqualTo(0.897527467855750671, within(1e-16));
    assertThat(band.deviationBps()).isEqualTo(-70_000.0 / 601);
    assertThat(band.z()).isEqualTo(-7 / Math.sqrt(29), within(3e-16));
  }

  @Test
  void coinsOfInverseContractsWeighTheirPrices() {
    // 100 USD a contract; 1, 3 and 2 of them, weighted by their coins.
    List<Print> prints = new ArrayList<>();
    for (String[] trade : new String[][] {{"100", "1"}, {"101", "3"}, {"99", "2"}}) {
      BigDecimal price = new BigDecimal(trade[0]);
      BigDecimal coins = new BigDecimal(trade[1] + "00").divide(price, 24, RoundingMode.HALF_EVEN);
      prints.add(new Print(price, coins));
    }
    double mean = 600 / (1 + 300.0 / 101 + 200.0 / 99);
    double squares = 100 * 100 + 300.0 / 101 * 101 * 101 + 200.0 / 99 * 99 * 99;
    double variance = squares / (1 + 300.0 / 101 + 200.0 / 99) - mean * mean;
    assertThat(band(prints, "99").deviationBps()).isCloseTo((99 / mean - 1) * 1e4, within(1e-10));
    assertThat(band(prints, "99").stddev()).isCloseTo(Math.sqrt(variance), within(0.05));
  }

  @Test
  void onePriceHasNoSpread() {
    Band band =
        band(List.of(Print.of("0.0000123", "7"), Print.of("0.0000123", "0.33")), "0.0000123");
    assertThat(band).isEqualTo(new Band(0, 0, Double.NaN));
  }

  @Test
  void nothingTradedGivesNothing() {
    assertThat(band(List.of(), "99")).isEqualTo(Band.NONE);
    assertThat(Band.NONE.stddev()).isNaN();
  }

  /** At one price p, p · round(1/p) is not 1: what that alone may have made is no spread. */
  @Test
  void roundedCoinsMakeNoSpread() {
    for (String text : new String[] {"3", "60000", "92500", "87654.3", "0.0007"}) {
      BigDecimal price = new BigDecimal(text);
      for (RoundingMode way : new RoundingMode[] {RoundingMode.UP, RoundingMode.DOWN}) {
        BigDecimal hundred = BigDecimal.valueOf(100);
        BigDecimal coins = hundred.divide(price, 24, way);
        // The other way of rounding is off by nearly a unit.
        Band band = Band.of(coins, hundred, hundred.multiply(price), price, 2);
        assertThat(band.stddev()).as("%s %s", price, way).isZero();
        assertThat(band.z()).as("%s %s", price, way).isNaN();
      }
    }
  }

  /** A linear contract's base volume may have 36 decimals, and is exact. */
  @Test
  void baseVolumesOfManyDecimalsAreNotTakenForRoundedCoins() {
    BigDecimal tick = new BigDecimal("0.000001");
    for (int scale : new int[] {20, 24, 25, 36}) {
      BigDecimal base = BigDecimal.valueOf(7, scale);
      BigDecimal price = new BigDecimal("1.000001");
      BigDecimal other = price.add(tick);
      BigDecimal notional = base.multiply(price).add(base.multiply(other));
      BigDecimal weighted = base.multiply(price.pow(2)).add(base.multiply(other.pow(2)));
      VwapSums sums = new VwapSums(2, weighted, notional, base.add(base));
      SpanFigures figures =
          SpanFigures.of(new SpanSums(sums, FlowSums.NONE), other, Double.NaN, null);
      assertThat(figures.baseBand().stddev()).as("%d", scale).isCloseTo(5e-7, CLOSE);
      assertThat(figures.baseBand().z()).as("%d", scale).isCloseTo(1, CLOSE);
    }
  }

  @Test
  void aTickBetweenTwoTradesOfAnInverseContractIsASpread() {
    List<Print> prints = new ArrayList<>();
    for (String price : new String[] {"87654.3", "87654.4"}) {
      BigDecimal at = new BigDecimal(price);
      prints.add(new Print(at, BigDecimal.valueOf(100).divide(at, 24, RoundingMode.HALF_EVEN)));
    }
    BigDecimal coins = sum(prints, 0);
    BigDecimal last = prints.get(1).price();
    BigDecimal notional = BigDecimal.valueOf(200);
    BigDecimal weighted = BigDecimal.valueOf(100).multiply(new BigDecimal("175308.7"));
    assertThat(Band.of(coins, notional, weighted, last, 2).stddev())
        .isCloseTo(0.04999999999999186, Percentage.withPercentage(1e-7));
  }

  /** Where the two terms of the variance agree in twelve digits, doubles keep nothing of it. */
  @Test
  void doublesAreWrongBy83PercentWhereExactSumsAreNot() {
    Random random = new Random(1);
    int trades = 100_000;
    double sum = 0;
    double squares = 0;
    long shifted = 0;
    long shiftedSquares = 0;
    List<Print> prints = new ArrayList<>();
    for (int i = 0; i < trades; i++) {
      int tenths = random.nextInt(3) - 1;
      BigDecimal price = BigDecimal.valueOf(1_000_000L + tenths, 1);
      prints.add(new Print(price, BigDecimal.ONE));
      sum += price.doubleValue();
      squares += price.doubleValue() * price.doubleValue();
      shifted += tenths;
      shiftedSquares += tenths * tenths;
    }
    double mean = sum / trades;
    double naive = squares / trades - mean * mean;
    // In whole tenths around 100,000: n·Σd² − (Σd)², which longs hold.
    double exact = (double) (trades * shiftedSquares - shifted * shifted) / trades / trades / 100;
    double found = band(prints, "100000").stddev();

    assertThat(found).isCloseTo(Math.sqrt(exact), CLOSE);
    assertThat((exact - naive) / exact).isEqualTo(0.83, within(0.005));
  }

  /**
   * Weights as large as these do not fit into machine words; a band does not depend on their unit.
   */
  @Test
  void sumsOfAnySizeGiveTheSameBand() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 1000; round++) {
      int scale = random.nextInt(10);
      long level = 1 + random.nextInt(1_000_000);
      List<Print> small = new ArrayList<>();
      List<Print> large = new ArrayList<>();
      for (int i = 1 + random.nextInt(30); i > 0; i--) {
        BigDecimal price = BigDecimal.valueOf(level + random.nextInt(50), scale);
        BigDecimal weight = BigDecimal.valueOf(1 + random.nextInt(100_000), random.nextInt(8));
        small.add(new Print(price, weight));
        large.add(new Print(price, weight.multiply(new BigDecimal("3e40"))));
      }
      String close = large.get(0).price().toPlainString();
      assertThat(band(large, close)).as("seed %d", seed).isEqualTo(band(small, close));
    }
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
      Band band = band(prints, close.toPlainString());

      BigDecimal weight = sum(prints, 0);
      BigDecimal mean = sum(prints, 1).divide(weight, DIGITS);
      BigDecimal squares = BigDecimal.ZERO;
      for (Print print : prints) {
        squares = squares.add(print.price().subtract(mean).pow(2).multiply(print.weight()));
      }
      BigDecimal sigma = squares.divide(weight, DIGITS).sqrt(new MathContext(60));
      if (sigma.compareTo(new BigDecimal("1e-40")) < 0) {
        assertThat(band.stddev()).as("seed %d", seed).isZero();
        assertThat(band.z()).as("seed %d", seed).isNaN();
      } else {
        BigDecimal distance = close.subtract(mean);
        assertThat(band.stddev()).as("seed %d", seed).isCloseTo(sigma.doubleValue(), CLOSE);
        assertThat(band.z())
            .as("seed %d", seed)
            .isCloseTo(distance.divide(sigma, DIGITS).doubleValue(), CLOSE);
        assertThat(band.deviationBps())
            .as("seed %d", seed)
            .isEqualTo(distance.movePointRight(4).divide(mean, DIGITS).doubleValue());
      }
    }
  }

  private static Band band(List<Print> prints, String close) {
    return Band.of(sum(prints, 0), sum(prints, 1), sum(prints, 2), new BigDecimal(close), 0);
  }

  private static BigDecimal sum(List<Print> prints, int power) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Print print : prints) {
      sum = sum.add(print.price().pow(power).multiply(print.weight()));
    }
    return sum;
  }
}
