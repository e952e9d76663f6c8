package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;

/**
 * A UTC day of an instrument: what it starts from, and what its closed minutes add to that.
 *
 * @param day its first minute
 * @param start what it starts from
 * @param own the sums over its trades
 * @param adds what it adds to the sums that are carried on
 * @param close its newest price; null when it has no trades
 * @param signalState where the signals are after its newest row
 */
public record SessionDay(
    long day,
    DayStart start,
    SpanSums own,
    CarriedSums adds,
    BigDecimal close,
    String signalState) {

  /**
   * A day.
   *
   * @param bars its closed minutes with trades, ascending
   * @param origin the first minute that the total of signed volume counts
   */
  public static SessionDay of(
      long day,
      DayStart start,
      Collection<MinuteBar> bars,
      List<Anchor> anchors,
      long origin,
      String signalState) {
    SpanSums own = SpanSums.NONE;
    BigDecimal close = null;
    for (MinuteBar bar : bars) {
      own = own.plus(SpanSums.of(bar));
      close = bar.close();
    }
    return new SessionDay(
        day, start, own, CarriedSums.of(bars, anchors, origin), close, signalState);
  }

  /** What the next day starts from. */
  public DayStart next() {
    return new DayStart(
        start.sums().plus(adds), close == null ? start.close() : close, signalState);
  }

  /** The same day behind other days. */
  public SessionDay startingFrom(DayStart other) {
    return new SessionDay(day, other, own, adds, close, signalState);
  }
}
