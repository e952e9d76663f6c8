package io.tapelake.jobs.lake;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.window.MinuteRange;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Minutes of some instruments: which rows of a table are meant, and in which of its days they lie.
 */
final class MinuteFilter {

  private final Map<String, TreeMap<Long, Long>> ends = new TreeMap<>();
  private final NavigableSet<Long> days = new TreeSet<>();
  private long firstMinute = Long.MAX_VALUE;
  private long lastMinute = Long.MIN_VALUE;

  /** The minutes of some ranges, which are disjoint, by instrument. */
  MinuteFilter(Map<String, List<MinuteRange>> ranges) {
    ranges.forEach(
        (instrument, each) -> {
          TreeMap<Long, Long> byStart = ends.computeIfAbsent(instrument, key -> new TreeMap<>());
          for (MinuteRange range : each) {
            byStart.put(range.from(), range.to());
            firstMinute = Math.min(firstMinute, range.from());
            lastMinute = Math.max(lastMinute, range.to());
            for (long day = day(range.from()); day <= day(range.to()); day++) {
              days.add(day);
            }
          }
        });
  }

  boolean holds(String instrument, long minute) {
    TreeMap<Long, Long> byStart = ends.get(instrument);
    Map.Entry<Long, Long> range = byStart == null ? null : byStart.floorEntry(minute);
    return range != null && minute <= range.getValue();
  }

  boolean touches(LocalDate day) {
    return days.contains(day.toEpochDay());
  }

  boolean isEmpty() {
    return days.isEmpty();
  }

  long firstMinute() {
    return firstMinute;
  }

  long lastMinute() {
    return lastMinute;
  }

  LocalDate firstDay() {
    return LocalDate.ofEpochDay(days.first());
  }

  LocalDate lastDay() {
    return LocalDate.ofEpochDay(days.last());
  }

  private static long day(long minute) {
    return Math.floorDiv(minute, (long) DayBars.MINUTES_A_DAY);
  }
}
