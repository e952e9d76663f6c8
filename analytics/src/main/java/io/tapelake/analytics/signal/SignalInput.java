package io.tapelake.analytics.signal;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.analytics.window.SpanFigures;
import io.tapelake.analytics.window.Spans;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * What a closed minute's rows say.
 *
 * @param minute minutes since 1970-01-01T00:00Z of the minute's start
 * @param high the minute's highest price; null without trades
 * @param low the minute's lowest price; null without trades
 * @param close the newest price up to its end
 * @param windows the figures of the windows; those that signals are not about are ignored
 */
public record SignalInput(
    long minute, BigDecimal high, BigDecimal low, BigDecimal close, List<Figures> windows) {

  public SignalInput {
    windows = List.copyOf(windows);
  }

  /**
   * One window's figures.
   *
   * @param window its name, such as {@code 1h} or {@code session}
   * @param since the minute at which an anchored frame begins; 0 of a rolling window
   * @param vwap null when nothing was traded in it
   * @param deviationBps (close − vwap) / vwap · 10^4; NaN where undefined
   * @param z (close − vwap) / σ; NaN where undefined
   * @param cvd taker buys less taker sells in base volume
   * @param imbalance cvd / base volume; NaN when nothing was traded in it
   */
  public record Figures(
      String window,
      long since,
      Quotient vwap,
      double deviationBps,
      double z,
      BigDecimal cvd,
      double imbalance) {}

  /** What a minute's figures say to the signals. */
  public static SignalInput of(Spans spans, MinuteFigures row) {
    List<String> names = spans.names();
    List<Figures> windows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      SpanFigures span = row.spans().get(i);
      windows.add(
          new Figures(
              names.get(i),
              since(spans, i, row.minute()),
              span.vwap(),
              span.band().deviationBps(),
              span.band().z(),
              span.delta().base(),
              span.imbalance().base()));
    }
    MinuteBar bar = row.bar();
    return new SignalInput(
        row.minute(),
        bar == null ? null : bar.high(),
        bar == null ? null : bar.low(),
        row.close(),
        windows);
  }

  /** Where a span begins that does not move on with the minute; 0 of the others. */
  private static long since(Spans spans, int span, long minute) {
    if (span < spans.windows().size()) {
      return 0;
    }
    return span < spans.withoutAnchors()
        ? MinuteRange.dayOf(minute).from()
        : spans.anchors().get(span - spans.withoutAnchors()).minute();
  }

  /** The figures of a window, or null when it is not there or has no VWAP. */
  Figures of(String window) {
    for (Figures figures : windows) {
      if (figures.window().equals(window)) {
        return figures.vwap() == null ? null : figures;
      }
    }
    return null;
  }
}
