package io.tapelake.jobs.window;

import io.tapelake.jobs.analytics.Amihud;
import io.tapelake.jobs.minute.MinuteBar;
import java.math.BigDecimal;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Amihud's illiquidity of minutes and its mean over spans of them. */
final class Illiquidity {

  private final NavigableMap<Long, Point> points = new TreeMap<>();

  /**
   * A minute in which it is defined.
   *
   * @param value of the minute
   * @param sum of all minutes so far
   * @param count of all minutes so far
   */
  private record Point(BigDecimal value, BigDecimal sum, long count) {
    static final Point NONE = new Point(null, BigDecimal.ZERO, 0);
  }

  /**
   * That of some minutes.
   *
   * @param bars ascending; of the first one the minute before it is not known
   */
  Illiquidity(NavigableMap<Long, MinuteBar> bars) {
    BigDecimal previous = null;
    Point last = Point.NONE;
    for (MinuteBar bar : bars.values()) {
      BigDecimal value = Amihud.of(bar.close(), previous, bar.notional());
      if (value != null) {
        last = new Point(value, last.sum().add(value), last.count() + 1);
        points.put(bar.minute(), last);
      }
      previous = bar.close();
    }
  }

  /** Of a minute; null when it has no trades or is the first one. */
  BigDecimal of(long minute) {
    Point point = points.get(minute);
    return point == null ? null : point.value();
  }

  /** The mean over those minutes of a span in which it is defined; null when there are none. */
  BigDecimal mean(long from, long to) {
    var before = points.lowerEntry(from);
    var until = points.floorEntry(to);
    Point first = before == null ? Point.NONE : before.getValue();
    Point last = until == null ? Point.NONE : until.getValue();
    return Amihud.mean(last.sum().subtract(first.sum()), last.count() - first.count());
  }
}
