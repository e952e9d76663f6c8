package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Value areas where an exchange's tick is wider than a bucket, and prices jump. */
class ValueAreaTest {

  private static final Contract COIN =
      new Contract(BigDecimal.ONE, BigDecimal.ONE, ContractType.LINEAR);

  /** 70 % of 21 are 14.7: 10 at the point of control, 4 below it, and the 1 above it. */
  @ParameterizedTest
  @CsvSource({
    "100 101 102 500, 101, 100, 103",
    "100.5 101 101.5 500, 101, 100.5, 102",
    "0.100 0.101 0.102 0.500, 0.101, 0.1, 0.103",
    "1000.000 1000.200 1000.400 5000.001, 1000.3, 1000, 1000.6",
    "100 105 110 500, 105, 100, 115",
    "1000 1010 1020 5000, 1010, 1000, 1030",
    "10000 10100 10200 50000, 10100, 10000, 10300",
    "1000 1020 1040 5000, 1020, 1000, 1060",
    "10000 10050 10100 50000, 10050, 10000, 10150"
  })
  void aJumpBelongsToNoRow(String prices, String poc, String low, String high) {
    String[] each = prices.split(" ");
    List<Trade> trades = trades(each[0], 4, each[1], 10, each[2], 1, each[3], 6);
    ValueArea area = area(trades);
    assertThat(area.pocPrice()).isEqualByComparingTo(poc);
    assertThat(area.lowPrice()).isEqualByComparingTo(low);
    assertThat(area.highPrice()).isEqualByComparingTo(high);
  }

  /** Where nothing was traded at 102 to 104, these are rows all the same. */
  @Test
  void rowsWithoutTradesAreRows() {
    // From 101 the lower neighbour has 4 and the upper one 0; then 4 is too little, and up it goes.
    ValueArea area = area(trades("100", 4, "101", 10, "105", 7));
    assertThat(area.lowPrice()).isEqualByComparingTo("100");
    assertThat(area.highPrice()).isEqualByComparingTo("106");
  }

  @Test
  void widthsOfRowsAreThoseOfBucketsAndAtLeastATick() {
    String ticks = "100 100.5 101 101.5";
    for (String price : ticks.split(" ")) {
      ValueArea area = area(trades(price, 10, "100.5", 1));
      assertThat(area.highPrice().subtract(area.lowPrice())).isEqualByComparingTo("0.5");
      assertThat(area.lowPrice()).isEqualByComparingTo(price);
    }
    ValueArea fine = area(trades("100000.1", 10, "100000", 1));
    assertThat(fine.highPrice().subtract(fine.lowPrice())).isEqualByComparingTo("20");
  }

  @Test
  void anyPricesOnTicksOfAnyWidth() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 150; round++) {
      String[] ticks = {"0.5", "0.001", "5", "1", "0.02", "10", "0.1", "100", "20", "50"};
      BigDecimal tick = new BigDecimal(ticks[random.nextInt(ticks.length)]);
      int level = 1 + random.nextInt(1 << 4 + random.nextInt(14));
      List<Object> pairs = new ArrayList<>();
      for (int i = 1 + random.nextInt(30); i > 0; i--) {
        int jump = random.nextInt(8) == 0 ? random.nextInt(400) : random.nextInt(9);
        pairs.add(tick.multiply(BigDecimal.valueOf(level + jump)).toPlainString());
        pairs.add(1 + random.nextInt(6));
      }
      List<Trade> trades = trades(pairs.toArray());
      ValueArea area = area(trades);
      assertThat(
              List.of(
                  area.pocPrice().stripTrailingZeros(),
                  area.lowPrice().stripTrailingZeros(),
                  area.highPrice().stripTrailingZeros()))
          .as("seed %d: %s", seed, pairs)
          .isEqualTo(AreaByDefinition.of(trades, Trade::contracts));
    }
  }

  private static ValueArea area(List<Trade> trades) {
    VolumeProfile profile = new VolumeProfile();
    for (MinuteBar bar : new Tape(trades).bars().values()) {
      profile.add(bar.flow());
    }
    return profile.valueArea();
  }

  /** A trade a second, of pairs of price and coins. */
  private static List<Trade> trades(Object... pairs) {
    List<Trade> trades = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      trades.add(
          new Trade(
              Instant.ofEpochSecond(Tape.START * 60 + i * 20L),
              "X",
              i + 1,
              TakerSide.BUY,
              new BigDecimal(pairs[i].toString()),
              new BigDecimal(pairs[i + 1].toString()),
              COIN));
    }
    return trades;
  }
}
