package io.tapelake.jobs.increment;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.read.FileOutcome;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The minutes of the last days that a run has read as a whole: the rows of its next block look back
 * at them, and need not read from the table what was written there a moment before. No Spark, no
 * I/O.
 */
final class RecentBars {

  private final int days;
  private final int most;

  /** By instrument and day; a day without trades is there with none. */
  private final Map<String, NavigableMap<LocalDate, NavigableMap<Long, MinuteBar>>> known =
      new TreeMap<>();

  /**
   * No minutes yet. So many days are kept of an instrument, and of all instruments at most so many
   * minutes: when there are more, none are.
   */
  RecentBars(int days, int most) {
    this.days = days;
    this.most = most;
  }

  void clear() {
    known.clear();
  }

  /** Keeps what a change has read, once it is in the table. */
  void keep(InstrumentChange change) {
    NavigableMap<LocalDate, NavigableMap<Long, MinuteBar>> kept =
        known.computeIfAbsent(change.instrument(), key -> new TreeMap<>());
    for (FileOutcome outcome : change.outcomes()) {
      LocalDate day = outcome.work().file().day();
      if (outcome.work().replaces()) {
        kept.put(day, new TreeMap<>(change.freshBars(MinuteRange.ofDay(day))));
      } else {
        kept.remove(day);
      }
    }
    while (kept.size() > days) {
      kept.pollFirstEntry();
    }
    if (known.values().stream()
            .flatMap(each -> each.values().stream())
            .mapToInt(NavigableMap::size)
            .sum()
        > most) {
      known.clear();
    }
  }

  /** The parts of an instrument's ranges that are not known. */
  List<MinuteRange> unknown(String instrument, List<MinuteRange> ranges) {
    List<MinuteRange> days =
        MinuteRange.union(of(instrument).keySet().stream().map(MinuteRange::ofDay).toList());
    List<MinuteRange> unknown = new ArrayList<>();
    ranges.forEach(range -> unknown.addAll(range.without(days)));
    return unknown;
  }

  /** The known minutes with trades of an instrument's ranges. */
  NavigableMap<Long, MinuteBar> bars(String instrument, List<MinuteRange> ranges) {
    NavigableMap<Long, MinuteBar> bars = new TreeMap<>();
    for (NavigableMap<Long, MinuteBar> day : of(instrument).values()) {
      ranges.forEach(range -> bars.putAll(day.subMap(range.from(), true, range.to(), true)));
    }
    return bars;
  }

  private NavigableMap<LocalDate, NavigableMap<Long, MinuteBar>> of(String instrument) {
    return known.getOrDefault(instrument, new TreeMap<>());
  }
}
