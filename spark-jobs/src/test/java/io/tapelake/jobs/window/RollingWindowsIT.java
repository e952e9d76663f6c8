package io.tapelake.jobs.window;

import io.tapelake.analytics.window.MinuteRange;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.job.SparkSessions;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.WindowSpec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/**
 * The windows of so many minutes that several queries of several chunks compute them, against sums
 * that are added one by one.
 */
final class RollingWindowsIT {

  private static final List<WindowSpec> WINDOWS = WindowSpec.parseList("3m,4h");
  private static final MathContext DIGITS = new MathContext(50, RoundingMode.HALF_EVEN);
  private static final int MINUTES = 25_000;

  @Test
  void manyMinutesOfSeveralInstruments() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, NavigableMap<Long, MinuteBar>> bars = new TreeMap<>();
    Map<String, List<MinuteRange>> ranges = new TreeMap<>();
    for (String instrument : List.of("A", "B")) {
      NavigableMap<Long, MinuteBar> own = new TreeMap<>();
      for (long minute = 0; minute < MINUTES; minute += 1 + random.nextInt(20)) {
        own.put(minute, bar(minute, random));
      }
      bars.put(instrument, own);
      ranges.put(
          instrument, List.of(new MinuteRange(500, 7_000), new MinuteRange(7_900, MINUTES + 300)));
    }
    // The job's own, which other tests of this process go on with.
    SparkSession spark = SparkSessions.open("local[2]");
    List<String> found =
        new RollingWindows(() -> spark, WINDOWS)
            .compute(bars, ranges, RollingWindowsIT::texts).stream().flatMap(List::stream).toList();
    assertThat(found).as("seed %d", seed).isEqualTo(oneByOne(bars, ranges));
  }

  /** Prices and quantities of few and of many digits. */
  private static MinuteBar bar(long minute, Random random) {
    String price = random.nextBoolean() ? "%d.5" : "0.00000000%d";
    String quantity = random.nextBoolean() ? "%d" : "0.000%d";
    return new Spans.Deal(
            minute,
            price.formatted(1 + random.nextInt(1_000_000)),
            quantity.formatted(1 + random.nextInt(1_000_000)),
            random.nextBoolean())
        .bar();
  }

  private static List<String> oneByOne(
      Map<String, NavigableMap<Long, MinuteBar>> bars, Map<String, List<MinuteRange>> ranges) {
    List<String> rows = new ArrayList<>();
    ranges.forEach(
        (instrument, each) -> {
          for (MinuteRange range : each) {
            for (long minute = range.from(); minute <= range.to(); minute++) {
              addRow(rows, instrument, minute, bars.get(instrument));
            }
          }
        });
    return rows;
  }

  private static void addRow(
      List<String> rows, String instrument, long minute, NavigableMap<Long, MinuteBar> bars) {
    StringBuilder row = new StringBuilder();
    boolean isEmpty = true;
    for (WindowSpec window : WINDOWS) {
      Collection<MinuteBar> covered =
          bars.subMap(minute - window.minutes() + 1, true, minute, true).values();
      isEmpty = covered.isEmpty();
      BigDecimal priceNotional = sum(covered, MinuteBar::priceNotional);
      BigDecimal notional = sum(covered, MinuteBar::notional);
      BigDecimal base = sum(covered, MinuteBar::baseVolume);
      row.append(
          " %d %s %s %s %s %s"
              .formatted(
                  covered.size(),
                  text(priceNotional),
                  text(notional),
                  text(base),
                  isEmpty ? "null" : text(priceNotional.divide(notional, DIGITS)),
                  isEmpty ? "null" : text(notional.divide(base, DIGITS))));
    }
    // The last window is the longest.
    if (!isEmpty) {
      rows.add(
          "%s %d %s %d"
                  .formatted(
                      instrument,
                      minute,
                      text(bars.floorEntry(minute).getValue().close()),
                      bars.containsKey(minute) ? 1 : 0)
              + row);
    }
  }

  private static BigDecimal sum(
      Collection<MinuteBar> bars, Function<MinuteBar, BigDecimal> figure) {
    return bars.stream().map(figure).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static List<String> texts(Iterator<VwapRow> rows) {
    List<String> texts = new ArrayList<>();
    rows.forEachRemaining(row -> texts.add(text(row)));
    return texts;
  }

  private static String text(VwapRow row) {
    StringBuilder text =
        new StringBuilder(
            "%s %d %s %d"
                .formatted(row.instrument(), row.minute(), text(row.close()), row.tradeCount()));
    for (VwapRow.Figures each : row.spans()) {
      text.append(
          " %d %s %s %s %s %s"
              .formatted(
                  each.tradeCount(),
                  text(each.priceNotional()),
                  text(each.notional()),
                  text(each.baseVolume()),
                  text(each.vwap()),
                  text(each.vwapBase())));
    }
    return text.toString();
  }

  private static String text(BigDecimal number) {
    return number == null ? "null" : number.stripTrailingZeros().toPlainString();
  }
}
