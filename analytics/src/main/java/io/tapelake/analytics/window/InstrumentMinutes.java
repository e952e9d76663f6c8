package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The figures of one instrument, minute by minute. It is given the minutes with trades that its
 * first row looks back at, and then every minute that gets a row, ascending. What comes out is a
 * function of those trades and of what the first row's day starts from, wherever it began. Not
 * thread-safe.
 *
 * <p>The sums behind the VWAPs are differences of running sums, which either a query has made or
 * are kept here; all other sums are kept here. The figures of a span stay as they are until a
 * minute with trades enters or leaves it.
 */
public final class InstrumentMinutes {

  private final TakenBars bars;

  /** Null without analytics. */
  private final PriceImpact impact;

  private final List<OpenSpan> spans = new ArrayList<>();

  /**
   * The running sums of VWAP as a query has made them. They are asked for only while their minute
   * is taken, and those of a window only when it has changed.
   */
  public interface Queried {

    /** Up to the minute's end. */
    VwapSums total();

    /** Up to where the rolling window of a place begins that ends with the minute. */
    VwapSums before(int window);
  }

  /**
   * An instrument's minutes.
   *
   * @param day the first minute of the day of the first row
   * @param start what that day starts from
   * @param closeBefore the newest price before the first minute that is looked back at, or null
   */
  public InstrumentMinutes(Spans spans, long day, DayStart start, BigDecimal closeBefore) {
    bars = new TakenBars(closeBefore, spans.analytics());
    impact = spans.analytics() ? new PriceImpact(closeBefore) : null;
    for (WindowSpec window : spans.windows()) {
      this.spans.add(new RollingSpan(window.minutes(), this.spans.size(), spans.analytics()));
    }
    if (spans.analytics()) {
      this.spans.add(new SessionSpan());
    }
    for (int i = 0; i < spans.anchors().size(); i++) {
      long from = Math.max(day, spans.anchors().get(i).minute());
      this.spans.add(new AnchoredSpan(from, start.sums().anchors().get(i)));
    }
  }

  /** Takes a minute with trades that only serves later rows. */
  public void lookBack(MinuteBar bar) {
    take(bar, null);
  }

  /** The same where a query has made the sums. */
  public void lookBack(MinuteBar bar, Queried queried) {
    take(bar, queried);
  }

  /** The figures of the next minute, which has trades unless {@code bar} is null. */
  public MinuteFigures next(long minute, MinuteBar bar) {
    return next(minute, bar, null);
  }

  /** The same where a query has made the sums of VWAP. */
  public MinuteFigures next(long minute, MinuteBar bar, Queried queried) {
    if (bar != null) {
      take(bar, queried);
    }
    List<SpanFigures> figures = new ArrayList<>(spans.size());
    int needed = bars.end();
    for (OpenSpan span : spans) {
      figures.add(span.at(minute, bars, queried));
      needed = Math.min(needed, span.first());
    }
    bars.dropBefore(needed);
    return new MinuteFigures(
        minute,
        bar,
        bars.close(),
        figures,
        bar == null ? Double.NaN : bars.amihud(),
        impact == null ? List.of() : impact.at(minute));
  }

  private void take(MinuteBar bar, Queried queried) {
    VwapSums total = queried == null ? bars.vwap().plus(VwapSums.of(bar)) : queried.total();
    spans.forEach(span -> span.take(bar, bars));
    bars.take(bar, total);
    if (impact != null) {
      impact.take(bar);
    }
  }
}
