package io.tapelake.jobs.window;

import io.tapelake.jobs.analytics.Bands;
import io.tapelake.jobs.analytics.KyleLambda;
import io.tapelake.jobs.analytics.ValueArea;
import io.tapelake.jobs.minute.DayBars;
import io.tapelake.jobs.minute.MinuteBar;
import io.tapelake.jobs.plan.Anchor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.WindowSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/**
 * What a minute's trades, those of its windows and all those before it come to. Rolling VWAP is
 * {@link RollingWindows}'; the session and the anchors, spread, signed volume and the like follow
 * from exact sums over the same minutes, each of which is the difference of two running sums: that
 * costs a hundredth of what a frame of a query does.
 */
public final class FigureRows {

  private final RollingWindows windows;
  private final OutputSettings settings;

  /** The spans that are no anchors'. */
  private final int others;

  public FigureRows(Supplier<SparkSession> spark, OutputSettings settings) {
    windows = new RollingWindows(spark, settings.windows());
    this.settings = settings;
    others = settings.windows().size() + 1;
  }

  /**
   * The rows of some ranges of minutes, by instrument and minute.
   *
   * @param bars by instrument the minutes with trades, from {@link OutputSettings#lookback} before
   *     its first range on; with analytics also the newest one before those
   * @param ranges by instrument the disjoint ranges to compute, ascending
   * @param carries with analytics, by instrument what the row before its first range hands on;
   *     replaced by what the last row hands on
   */
  public List<MinuteFigures> compute(
      Map<String, NavigableMap<Long, MinuteBar>> bars,
      Map<String, List<MinuteRange>> ranges,
      Map<String, Carry> carries) {
    List<VwapRow> rolling = windows.compute(bars, ranges);
    if (!settings.hasAnalytics()) {
      return rolling.stream().map(MinuteFigures::of).toList();
    }
    Map<String, List<VwapRow>> byInstrument = new HashMap<>();
    rolling.forEach(
        row -> byInstrument.computeIfAbsent(row.instrument(), key -> new ArrayList<>()).add(row));
    List<MinuteFigures> all = new ArrayList<>(rolling.size());
    ranges.forEach(
        (instrument, each) -> {
          List<VwapRow> rows = byInstrument.getOrDefault(instrument, List.of());
          for (MinuteRange range : each) {
            List<MinuteFigures> figures =
                compute(
                    rows.stream().filter(row -> range.contains(row.minute())).toList(),
                    bars.get(instrument),
                    range.from(),
                    carries.get(instrument));
            if (!figures.isEmpty()) {
              carries.put(instrument, figures.get(figures.size() - 1).carry(others));
            }
            all.addAll(figures);
          }
        });
    return all;
  }

  private List<MinuteFigures> compute(
      List<VwapRow> rolling, NavigableMap<Long, MinuteBar> bars, long from, Carry before) {
    if (rolling.isEmpty()) {
      return List.of();
    }
    BarSums sums = new BarSums(bars.values());
    Illiquidity illiquidity = new Illiquidity(bars, rolling.get(0).minute() - settings.lookback());
    List<List<ValueArea>> areas = areas(rolling, bars);
    List<List<KyleLambda.Fit>> impact =
        PriceImpact.at(rolling.stream().map(VwapRow::minute).toList(), bars);
    return IntStream.range(0, rolling.size())
        .parallel()
        .mapToObj(
            i ->
                row(
                    rolling.get(i),
                    bars,
                    sums,
                    areas.stream().map(of -> of.get(i)).toList(),
                    illiquidity,
                    impact.get(i),
                    from,
                    before))
        .toList();
  }

  /** By window, the session behind them, the value areas of the rows. */
  private List<List<ValueArea>> areas(List<VwapRow> rows, NavigableMap<Long, MinuteBar> bars) {
    List<Long> minutes = rows.stream().map(VwapRow::minute).toList();
    return starts().parallelStream().map(start -> RollingAreas.at(minutes, bars, start)).toList();
  }

  /** The first minutes of the windows and of the session that end with a minute. */
  private List<LongUnaryOperator> starts() {
    List<LongUnaryOperator> starts = new ArrayList<>();
    for (WindowSpec window : settings.windows()) {
      starts.add(minute -> minute - window.minutes() + 1);
    }
    starts.add(FigureRows::sessionStart);
    return starts;
  }

  private static long sessionStart(long minute) {
    return minute - Math.floorMod(minute, (long) DayBars.MINUTES_A_DAY);
  }

  private MinuteFigures row(
      VwapRow rolling,
      NavigableMap<Long, MinuteBar> bars,
      BarSums sums,
      List<ValueArea> areas,
      Illiquidity illiquidity,
      List<KyleLambda.Fit> impact,
      long from,
      Carry before) {
    long minute = rolling.minute();
    List<SpanSums> spans = new ArrayList<>();
    starts().forEach(start -> spans.add(sums.between(start.applyAsLong(minute), minute)));
    int anchor = 0;
    for (Anchor each : settings.anchors()) {
      SpanSums since = sums.between(Math.max(from, each.minute()), minute);
      spans.add(before.anchors().get(anchor++).plus(since));
    }
    List<VwapRow.Figures> figures = new ArrayList<>(rolling.spans());
    spans.subList(figures.size(), spans.size()).forEach(each -> figures.add(figures(each)));
    List<Bands> bands = new ArrayList<>();
    List<Bands> baseBands = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      SpanSums of = spans.get(i);
      bands.add(
          Bands.of(of.notional(), of.priceNotional(), of.squaredPriceNotional(), rolling.close()));
      baseBands.add(Bands.of(of.baseVolume(), of.notional(), of.priceNotional(), rolling.close()));
    }
    SpanSums sinceOrigin =
        sums.between(Math.max(from, settings.analytics().cvdOriginMinute()), minute);
    return new MinuteFigures(
        new VwapRow(rolling.instrument(), minute, rolling.close(), rolling.tradeCount(), figures),
        bars.get(minute),
        sums.between(minute, minute),
        spans,
        bands,
        baseBands,
        areas,
        illiquidity.of(minute),
        starts().stream()
            .map(start -> illiquidity.mean(start.applyAsLong(minute), minute))
            .toList(),
        impact,
        before.cvdTotal().plus(sinceOrigin.delta()));
  }

  private static VwapRow.Figures figures(SpanSums sums) {
    return new VwapRow.Figures(
        sums.tradeCount(),
        sums.priceNotional(),
        sums.notional(),
        sums.baseVolume(),
        Quotient.of(sums.priceNotional(), sums.notional()),
        Quotient.of(sums.notional(), sums.baseVolume()));
  }
}
