package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.DayBars;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * A range of minutes since 1970-01-01T00:00Z, both ends in it.
 *
 * @param from the first minute
 * @param to the last minute, not before the first
 */
public record MinuteRange(long from, long to) implements Serializable {

  /** The minutes of a UTC day. */
  public static MinuteRange ofDay(LocalDate day) {
    long from = day.toEpochDay() * DayBars.MINUTES_A_DAY;
    return new MinuteRange(from, from + DayBars.MINUTES_A_DAY - 1);
  }

  /** The minutes of the UTC day that a minute is in. */
  public static MinuteRange dayOf(long minute) {
    long from = minute - Math.floorMod(minute, (long) DayBars.MINUTES_A_DAY);
    return new MinuteRange(from, from + DayBars.MINUTES_A_DAY - 1);
  }

  public boolean contains(long minute) {
    return from <= minute && minute <= to;
  }

  /**
   * The part of this range that lies in none of some others.
   *
   * @param others disjoint, ascending
   */
  public List<MinuteRange> without(List<MinuteRange> others) {
    List<MinuteRange> left = new ArrayList<>();
    long next = from;
    for (MinuteRange other : others) {
      if (other.from() > next && next <= to) {
        left.add(new MinuteRange(next, Math.min(to, other.from() - 1)));
      }
      next = Math.max(next, other.to() + 1);
    }
    if (next <= to) {
      left.add(new MinuteRange(next, to));
    }
    return left;
  }

  /** The part of this range that lies in another, or null. */
  public MinuteRange within(MinuteRange other) {
    long first = Math.max(from, other.from);
    long last = Math.min(to, other.to);
    return first <= last ? new MinuteRange(first, last) : null;
  }

  /** The same minutes in disjoint ranges that do not touch, ascending. */
  public static List<MinuteRange> union(Collection<MinuteRange> ranges) {
    TreeMap<Long, Long> ends = new TreeMap<>();
    ranges.forEach(range -> ends.merge(range.from(), range.to(), Math::max));
    List<MinuteRange> union = new ArrayList<>();
    long from = 0;
    long to = 0;
    boolean open = false;
    for (var each : ends.entrySet()) {
      if (open && each.getKey() <= to + 1) {
        to = Math.max(to, each.getValue());
      } else {
        if (open) {
          union.add(new MinuteRange(from, to));
        }
        from = each.getKey();
        to = each.getValue();
        open = true;
      }
    }
    if (open) {
      union.add(new MinuteRange(from, to));
    }
    return union;
  }
}
