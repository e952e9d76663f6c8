package io.tapelake.jobs.derive;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.DayStart;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.analytics.window.SessionDay;
import io.tapelake.jobs.plan.AnalyticsSettings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An instrument's days from one on, as the table has them and as they become. No Spark, no I/O. Not
 * thread-safe.
 */
public final class SessionDays {

  private final AnalyticsSettings settings;
  private final NavigableMap<Long, SessionDay> days = new TreeMap<>();

  /** Days as they were, by which those that become others are told. */
  private final NavigableMap<Long, SessionDay> before = new TreeMap<>();

  /**
   * Days of a table.
   *
   * @param stored some days and, where there is one, the newest day before them
   */
  public SessionDays(AnalyticsSettings settings, Collection<SessionDay> stored) {
    this.settings = settings;
    stored.forEach(day -> days.put(day.day(), day));
    before.putAll(days);
  }

  /** What a day starts from. */
  public DayStart start(long day) {
    if (days.lowerEntry(day) != null) {
      return days.lowerEntry(day).getValue().next();
    }
    return days.containsKey(day)
        ? days.get(day).start()
        : DayStart.first(settings.anchors().size());
  }

  /** Where the signals are before a minute of a day that follows the day's newest row. */
  public String signalState(long day, long minute) {
    return minute > day && days.containsKey(day)
        ? days.get(day).signalState()
        : start(day).signalState();
  }

  /** Whether a day has rows. */
  public boolean has(long day) {
    return days.containsKey(day);
  }

  /** Takes what a day has become. */
  public void put(long day, Collection<MinuteBar> bars, String signalState) {
    days.put(
        day,
        SessionDay.of(
            day, start(day), bars, settings.anchors(), settings.cvdOriginMinute(), signalState));
  }

  /** Takes a day that has no rows any more: the next one starts from what it started from. */
  public void remove(long day) {
    SessionDay gone = days.remove(day);
    Map.Entry<Long, SessionDay> next = days.higherEntry(day);
    if (gone != null && next != null) {
      days.put(next.getKey(), next.getValue().startingFrom(gone.start()));
    }
  }

  /** The next day behind another whose signals start from another state than they did; or null. */
  public Long nextWithOtherSignals(long day) {
    for (SessionDay later : days.tailMap(day, false).values()) {
      boolean isSame =
          before.containsKey(later.day())
              && Objects.equals(
                  before.get(later.day()).start().signalState(), start(later.day()).signalState());
      return isSame ? null : (Long) later.day();
    }
    return null;
  }

  /** Lets each day start from what the days before it have become. */
  public void settle() {
    for (Long day : List.copyOf(days.keySet())) {
      days.put(day, days.get(day).startingFrom(start(day)));
    }
  }

  /** The days of some minutes. */
  public Collection<SessionDay> days(MinuteRange range) {
    return days.subMap(range.from(), true, range.to(), true).values();
  }

  /** The days that are not as they were, or are new. */
  public List<SessionDay> changed() {
    return days.values().stream().filter(day -> !isSame(day, before.get(day.day()))).toList();
  }

  /** The first minutes of the days that were there and are not any more. */
  public List<Long> gone() {
    return before.keySet().stream().filter(day -> !days.containsKey(day)).toList();
  }

  private static boolean isSame(SessionDay day, SessionDay other) {
    return other != null
        && day.own().text().equals(other.own().text())
        && day.adds().text().equals(other.adds().text())
        && day.start().sums().text().equals(other.start().sums().text())
        && Objects.equals(day.signalState(), other.signalState())
        && Objects.equals(day.start().signalState(), other.start().signalState())
        && isSame(day.close(), other.close())
        && isSame(day.start().close(), other.start().close());
  }

  private static boolean isSame(java.math.BigDecimal one, java.math.BigDecimal other) {
    return one == null || other == null ? one == other : one.compareTo(other) == 0;
  }
}
