package io.tapelake.jobs.window;

import io.tapelake.jobs.analytics.Bands;
import io.tapelake.jobs.analytics.Imbalance;
import io.tapelake.jobs.analytics.KyleLambda;
import io.tapelake.jobs.analytics.ValueArea;
import io.tapelake.jobs.minute.DayBars;
import io.tapelake.jobs.minute.MinuteBar;
import io.tapelake.jobs.plan.Anchor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.WindowSpec;
import io.tapelake.jobs.signal.Signal;
import io.tapelake.jobs.signal.SignalInput;
import io.tapelake.jobs.signal.SignalMachine;
import io.tapelake.jobs.signal.SignalState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
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

  /** What there is about a minute takes some 30 kB before it is packed into rows. */
  private static final int ROWS_AT_ONCE = 1000;

  /** Rolling VWAP alone takes some 2 kB, and is packed while it is in the core's cache. */
  private static final int ROLLING_AT_ONCE = 16;

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
   * Computes the rows of some ranges of minutes, by instrument and minute.
   *
   * @param bars by instrument the minutes with trades, from {@link OutputSettings#lookback} before
   *     its first range on; with analytics also the newest one before those
   * @param ranges by instrument the disjoint ranges to compute, ascending
   * @param carries with analytics, by instrument what the row before its first range hands on;
   *     replaced by what the last row hands on
   * @param takers makes what takes rows, some of one instrument at a time, so that not all of them
   *     are there at once; the list may be used again
   * @return who took rows, in the order of the rows
   */
  public <T extends Consumer<List<MinuteFigures>>> List<T> compute(
      Map<String, NavigableMap<Long, MinuteBar>> bars,
      Map<String, List<MinuteRange>> ranges,
      Map<String, Carry> carries,
      Supplier<T> takers) {
    return settings.hasAnalytics()
        ? withAnalytics(bars, ranges, carries, takers)
        : windows.compute(bars, ranges, rows -> hand(rows, takers.get()));
  }

  private static <T extends Consumer<List<MinuteFigures>>> T hand(Iterator<VwapRow> rows, T taker) {
    List<MinuteFigures> some = new ArrayList<>(ROLLING_AT_ONCE);
    while (rows.hasNext()) {
      MinuteFigures row = MinuteFigures.of(rows.next());
      boolean isOther = !some.isEmpty() && !some.get(0).instrument().equals(row.instrument());
      if (isOther || some.size() == ROLLING_AT_ONCE) {
        taker.accept(some);
        some.clear();
      }
      some.add(row);
    }
    if (!some.isEmpty()) {
      taker.accept(some);
    }
    return taker;
  }

  private <T extends Consumer<List<MinuteFigures>>> List<T> withAnalytics(
      Map<String, NavigableMap<Long, MinuteBar>> bars,
      Map<String, List<MinuteRange>> ranges,
      Map<String, Carry> carries,
      Supplier<T> takers) {
    Map<String, List<VwapRow>> rolling = new HashMap<>();
    for (List<VwapRow> rows : windows.compute(bars, ranges, FigureRows::list)) {
      rows.forEach(
          row -> rolling.computeIfAbsent(row.instrument(), key -> new ArrayList<>()).add(row));
    }
    // Instruments side by side: what one row takes from the last keeps one core busy.
    List<Taken<T>> taken =
        new TreeMap<>(ranges)
            .entrySet().parallelStream()
                .map(
                    each -> {
                      String instrument = each.getKey();
                      T taker = takers.get();
                      Carry carry = carries.get(instrument);
                      List<VwapRow> rows = rolling.getOrDefault(instrument, List.of());
                      for (MinuteRange range : each.getValue()) {
                        carry = compute(rows, bars.get(instrument), range, carry, taker);
                      }
                      return new Taken<>(instrument, taker, carry);
                    })
                .toList();
    taken.forEach(each -> carries.put(each.instrument(), each.carry()));
    return taken.stream().map(Taken::taker).toList();
  }

  private static List<VwapRow> list(Iterator<VwapRow> rows) {
    List<VwapRow> list = new ArrayList<>();
    rows.forEachRemaining(list::add);
    return list;
  }

  /** Who took an instrument's rows, and what the last of them hands on. */
  private record Taken<T>(String instrument, T taker, Carry carry) {}

  /** Minute by minute, since what a signal is depends on those before it. */
  private List<MinuteFigures> withSignals(List<MinuteFigures> figures, SignalMachine machine) {
    List<MinuteFigures> all = new ArrayList<>(figures.size());
    for (MinuteFigures each : figures) {
      List<Signal> signals = machine.next(signalInput(each));
      all.add(each.with(signals, machine.state().text()));
    }
    return all;
  }

  private SignalInput signalInput(MinuteFigures row) {
    List<SignalInput.Figures> windows = new ArrayList<>();
    List<String> names = settings.spans();
    for (int i = 0; i < names.size(); i++) {
      Bands bands = row.bands().get(i);
      SpanSums sums = row.spans().get(i);
      windows.add(
          new SignalInput.Figures(
              names.get(i),
              since(i, row.minute()),
              row.vwap().spans().get(i).vwap(),
              bands == null ? null : bands.deviationBps(),
              bands == null ? null : bands.z(),
              sums.delta().base(),
              Imbalance.of(sums.buyBaseVolume(), sums.baseVolume())));
    }
    MinuteBar bar = row.bar();
    return new SignalInput(
        row.minute(),
        bar == null ? null : bar.high(),
        bar == null ? null : bar.low(),
        row.vwap().close(),
        windows);
  }

  /** Where a span begins that does not move on with the minute; 0 of the others. */
  private long since(int span, long minute) {
    if (span < others - 1) {
      return 0;
    }
    return span == others - 1
        ? sessionStart(minute)
        : settings.anchors().get(span - others).minute();
  }

  /** Computes the rows of a range; what the last of them hands on. */
  private Carry compute(
      List<VwapRow> rows,
      NavigableMap<Long, MinuteBar> bars,
      MinuteRange range,
      Carry before,
      Consumer<List<MinuteFigures>> taker) {
    List<VwapRow> rolling = rows.stream().filter(row -> range.contains(row.minute())).toList();
    if (rolling.isEmpty()) {
      return before;
    }
    BarSums sums = new BarSums(bars.values());
    Illiquidity illiquidity = new Illiquidity(bars, rolling.get(0).minute() - settings.lookback());
    List<List<ValueArea>> areas = areas(rolling, bars);
    List<List<KyleLambda.Fit>> impact =
        PriceImpact.at(rolling.stream().map(VwapRow::minute).toList(), bars);
    SignalMachine machine =
        new SignalMachine(
            rolling.get(0).instrument(),
            settings.analytics().signals(),
            SignalState.parse(before.signalState()));
    Carry last = before;
    for (int first = 0; first < rolling.size(); first += ROWS_AT_ONCE) {
      List<MinuteFigures> figures =
          withSignals(
              IntStream.range(first, Math.min(first + ROWS_AT_ONCE, rolling.size()))
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
                              range.from(),
                              before))
                  .toList(),
              machine);
      taker.accept(figures);
      last = figures.get(figures.size() - 1).carry(others);
    }
    return last;
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
          Bands.of(
              figures.get(i).vwap(),
              of.notional(),
              of.priceNotional(),
              of.squaredPriceNotional(),
              rolling.close()));
      baseBands.add(
          Bands.of(
              figures.get(i).vwapBase(),
              of.baseVolume(),
              of.notional(),
              of.priceNotional(),
              rolling.close()));
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
        before.cvdTotal().plus(sinceOrigin.delta()),
        List.of(),
        null);
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
