package io.tapelake.jobs.window;

import io.tapelake.analytics.window.MinuteRange;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.bar.MinuteFlow;
import io.tapelake.jobs.window.WindowChunk.MinuteRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WindowChunkTest {

  private final NavigableMap<Long, MinuteBar> bars = new TreeMap<>();

  @Test
  void everyMinuteUntilTheLongestWindowIsEmptyGetsARow() {
    trade(100);
    assertThat(outputs(new MinuteRange(90, 200), 5)).containsExactly(100L, 101L, 102L, 103L, 104L);
  }

  @Test
  void rowsBeforeTheRangeServeItsWindowsOnly() {
    trade(100);
    trade(103);
    List<WindowChunk> chunks = WindowChunk.cut("X", bars, new MinuteRange(104, 200), 5);
    assertThat(chunks).hasSize(1);
    assertThat(chunks.get(0).rows())
        .extracting(MinuteRow::minute, MinuteRow::isOutput)
        .startsWith(tuple(100, false), tuple(103, false), tuple(104, true))
        .endsWith(tuple(107, true));
  }

  @Test
  void theCloseIsCarriedForward() {
    trade(100);
    trade(102);
    List<MinuteRow> rows = WindowChunk.cut("X", bars, new MinuteRange(100, 103), 60).get(0).rows();
    assertThat(rows)
        .extracting(row -> row.close().intValueExact())
        .containsExactly(100, 100, 102, 102);
    assertThat(rows).extracting(row -> row.bar() == null).containsExactly(false, true, false, true);
  }

  @Test
  void nothingIsMadeWhereNoTradeReaches() {
    assertThat(WindowChunk.cut("X", bars, new MinuteRange(0, 100_000), 60)).isEmpty();
    trade(10);
    assertThat(WindowChunk.cut("X", bars, new MinuteRange(100, 100_000), 60)).isEmpty();
  }

  @Test
  void gapsOfMonthsCostNothing() {
    trade(0);
    trade(100_000_000);
    List<WindowChunk> chunks = WindowChunk.cut("X", bars, new MinuteRange(0, 100_000_002), 60);
    assertThat(chunks.stream().mapToInt(chunk -> chunk.rows().size()).sum()).isEqualTo(60 + 3);
  }

  @Test
  void scalesMakeIntegersOfAllSums() {
    trade(100);
    bars.put(101L, bar(101, new BigDecimal("0.000000001234")));
    WindowChunk chunk = WindowChunk.cut("X", bars, new MinuteRange(100, 101), 60).get(0);
    for (MinuteBar bar : bars.values()) {
      BigDecimal back =
          new BigDecimal(
              WindowChunk.integer(bar.priceNotional(), chunk.scales().priceNotional()),
              chunk.scales().priceNotional());
      assertThat(back).isEqualByComparingTo(bar.priceNotional());
    }
  }

  @Test
  void chunksTogetherAreTheRangeWhateverItsLength() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      bars.clear();
      int longest = 1 + random.nextInt(round % 2 == 0 ? 20 : 2000);
      for (int i = random.nextInt(30); i >= 0; i--) {
        trade(random.nextInt(12_000));
      }
      long from = random.nextInt(6_000);
      MinuteRange range = new MinuteRange(from, from + random.nextInt(9_000));
      List<Long> expected = new ArrayList<>();
      for (long minute = range.from(); minute <= range.to(); minute++) {
        Long newest = bars.floorKey(minute);
        if (newest != null && newest + longest > minute) {
          expected.add(minute);
        }
      }
      String label = "seed %d, longest %d, %s of %s".formatted(seed, longest, range, bars.keySet());
      assertThat(outputs(range, longest)).as(label).isEqualTo(expected);
      for (WindowChunk chunk : WindowChunk.cut("X", bars, range, longest)) {
        assertReach(chunk, longest, label);
      }
    }
  }

  /** Each chunk has every trade that the windows of its rows reach back to. */
  private void assertReach(WindowChunk chunk, int longest, String label) {
    List<Long> withTrades =
        chunk.rows().stream().filter(row -> row.bar() != null).map(MinuteRow::minute).toList();
    for (MinuteRow row : chunk.rows()) {
      if (row.isOutput()) {
        assertThat(withTrades)
            .as(label)
            .containsAll(
                bars.subMap(row.minute() - longest + 1, true, row.minute(), true).keySet());
      }
    }
  }

  private List<Long> outputs(MinuteRange range, int longest) {
    return WindowChunk.cut("X", bars, range, longest).stream()
        .flatMap(chunk -> chunk.rows().stream())
        .filter(MinuteRow::isOutput)
        .map(MinuteRow::minute)
        .toList();
  }

  private void trade(long minute) {
    bars.put(minute, bar(minute, BigDecimal.valueOf(Math.max(1, minute))));
  }

  private static org.assertj.core.groups.Tuple tuple(long minute, boolean isOutput) {
    return org.assertj.core.groups.Tuple.tuple(minute, isOutput);
  }

  private static MinuteBar bar(long minute, BigDecimal price) {
    MinuteBar.Print print = new MinuteBar.Print(0, minute, price);
    BigDecimal one = BigDecimal.ONE;
    return new MinuteBar(
        minute,
        print,
        print,
        price,
        price,
        1,
        1,
        one,
        one,
        price,
        one,
        price,
        price.multiply(price),
        one,
        price.multiply(price).multiply(price),
        MinuteFlow.NONE);
  }
}
