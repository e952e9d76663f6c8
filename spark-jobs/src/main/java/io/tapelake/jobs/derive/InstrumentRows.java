package io.tapelake.jobs.derive;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.signal.SignalInput;
import io.tapelake.analytics.signal.SignalMachine;
import io.tapelake.analytics.signal.SignalState;
import io.tapelake.analytics.window.DayStart;
import io.tapelake.analytics.window.InstrumentMinutes;
import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.analytics.window.SessionProfiles;
import io.tapelake.analytics.window.Spans;
import io.tapelake.jobs.plan.OutputSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;

/**
 * Computes the rows of one instrument's minutes, in this process and without Spark: what small
 * works go through. No I/O.
 */
public final class InstrumentRows {

  private final String instrument;
  private final OutputSettings settings;
  private final Spans spans;
  private final SessionDays days;
  private final List<Signal> signals = new ArrayList<>();

  /**
   * Rows of an instrument.
   *
   * @param days what its days start from, and what they become; null without analytics
   */
  public InstrumentRows(String instrument, OutputSettings settings, SessionDays days) {
    this.instrument = instrument;
    this.settings = settings;
    this.days = days;
    spans = settings.spans();
  }

  /** What happened in the minutes so far. */
  public List<Signal> signals() {
    return signals;
  }

  /**
   * Computes the rows of a range of minutes; ranges come in ascending order.
   *
   * @param bars the minutes with trades from {@link Spans#lookback} before the range's first day
   *     on, and the newest one before those
   * @param taker takes each row
   */
  public void compute(
      NavigableMap<Long, MinuteBar> bars, MinuteRange range, Consumer<MinuteFigures> taker) {
    long day = MinuteRange.dayOf(range.from()).from();
    DayStart start = days == null ? DayStart.first(0) : days.start(day);
    InstrumentMinutes minutes = new InstrumentMinutes(spans, day, start, null);
    bars.headMap(range.from(), false).values().forEach(minutes::lookBack);
    SignalMachine machine = days == null ? null : machine(day, range.from());
    for (MinuteRange each : SessionProfiles.days(range)) {
      boolean hasRows = compute(minutes, bars, each.within(range), machine, taker);
      if (days != null) {
        noteDay(each, range, bars, hasRows, machine);
      }
    }
  }

  private SignalMachine machine(long day, long minute) {
    return new SignalMachine(
        instrument,
        settings.analytics().signals(),
        SignalState.parse(days.signalState(day, minute)));
  }

  private void noteDay(
      MinuteRange day,
      MinuteRange range,
      NavigableMap<Long, MinuteBar> bars,
      boolean hasRows,
      SignalMachine machine) {
    boolean hasEarlierRows = range.from() > day.from() && days.has(day.from());
    if (hasRows || hasEarlierRows) {
      long until = Math.min(day.to(), range.to());
      days.put(
          day.from(), bars.subMap(day.from(), true, until, true).values(), machine.state().text());
    } else {
      days.remove(day.from());
    }
  }

  /** Computes the rows of a part of a day; whether there were any. */
  private boolean compute(
      InstrumentMinutes minutes,
      NavigableMap<Long, MinuteBar> bars,
      MinuteRange part,
      SignalMachine machine,
      Consumer<MinuteFigures> taker) {
    boolean hasRows = false;
    Map.Entry<Long, MinuteBar> newest = bars.floorEntry(part.from());
    long minute = part.from();
    while (minute <= part.to()) {
      MinuteBar bar = bars.get(minute);
      if (bar != null) {
        newest = bars.floorEntry(minute);
      }
      if (newest == null || minute - newest.getKey() >= spans.longestWindow()) {
        // Between trades that are further apart than the longest window there are no rows.
        Long next = bars.higherKey(minute);
        minute = next == null ? part.to() + 1 : next;
        continue;
      }
      MinuteFigures figures = minutes.next(minute, bar);
      taker.accept(figures);
      hasRows = true;
      if (machine != null) {
        signals.addAll(machine.next(SignalInput.of(spans, figures)));
      }
      minute++;
    }
    return hasRows;
  }
}
