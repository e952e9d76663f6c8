package io.tapelake.jobs.window;

import io.tapelake.jobs.analytics.ValueArea;
import io.tapelake.jobs.analytics.VolumeProfile;
import io.tapelake.jobs.minute.MinuteBar;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.LongUnaryOperator;

/** The value area of a span that moves on minute by minute. */
final class RollingAreas {

  private RollingAreas() {}

  /**
   * The value area at each of some minutes; null where the span has no trades.
   *
   * @param minutes ascending
   * @param bars the minutes with trades
   * @param start the first minute of the span that ends with a minute; never goes back
   */
  static List<ValueArea> at(
      List<Long> minutes, NavigableMap<Long, MinuteBar> bars, LongUnaryOperator start) {
    List<ValueArea> areas = new ArrayList<>(minutes.size());
    if (minutes.isEmpty()) {
      return areas;
    }
    VolumeProfile profile = new VolumeProfile();
    long first = start.applyAsLong(minutes.get(0));
    Iterator<MinuteBar> entering = bars.tailMap(first, true).values().iterator();
    Iterator<MinuteBar> leaving = bars.tailMap(first, true).values().iterator();
    MinuteBar next = next(entering);
    MinuteBar oldest = next(leaving);
    ValueArea area = null;
    for (long minute : minutes) {
      boolean changed = false;
      for (; next != null && next.minute() <= minute; next = next(entering)) {
        profile.add(next.flow().profile());
        changed = true;
      }
      long from = start.applyAsLong(minute);
      for (; oldest != null && oldest.minute() < from; oldest = next(leaving)) {
        profile.remove(oldest.flow().profile());
        changed = true;
      }
      if (changed) {
        area = profile.valueArea();
      }
      areas.add(area);
    }
    return areas;
  }

  private static MinuteBar next(Iterator<MinuteBar> bars) {
    return bars.hasNext() ? bars.next() : null;
  }
}
