package io.tapelake.jobs.increment;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.analytics.window.Spans;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.read.FileOutcome;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What newly read files change for one instrument: which minutes of {@code bars_1m} are added or
 * replaced, and which rows are due because of that. No Spark, no I/O.
 */
public final class InstrumentChange {

  private final String instrument;
  private final InstrumentCursor before;
  private final InstrumentCursor after;
  private final List<FileOutcome> outcomes;
  private final OutputSettings settings;
  private final long lateBefore;

  /** What was read, days that came to the same as before among it. */
  private final NavigableMap<Long, MinuteBar> fresh = new TreeMap<>();

  private final List<MinuteBar> written = new ArrayList<>();
  private final List<MinuteRange> replacedBars = new ArrayList<>();
  private final List<MinuteRange> changed = new ArrayList<>();
  private List<MinuteRange> due = List.of();
  private List<MinuteRange> replacedRows = List.of();
  private long late;

  /**
   * The change that files of an instrument make.
   *
   * @param before the instrument's cursor, or null
   * @param asOf the instant that the cursor will carry
   * @param lateBefore the first minute that was open when the run began
   */
  public InstrumentChange(
      String instrument,
      InstrumentCursor before,
      List<FileOutcome> outcomes,
      Instant asOf,
      OutputSettings settings,
      long lateBefore) {
    this.lateBefore = lateBefore;
    this.instrument = instrument;
    this.before = before;
    this.outcomes = List.copyOf(outcomes);
    this.settings = settings;
    outcomes.forEach(outcome -> outcome.bars().forEach(bar -> fresh.put(bar.minute(), bar)));
    SortedMap<LocalDate, FileCursor> files =
        before == null ? new TreeMap<>() : new TreeMap<>(before.files());
    for (FileOutcome outcome : outcomes) {
      if (outcome.work().mode() == FileWork.Mode.REMOVE) {
        files.remove(outcome.work().file().day());
      } else {
        files.put(outcome.work().file().day(), outcome.cursor());
      }
    }
    after =
        new InstrumentCursor(
            instrument,
            asOf,
            settings,
            files,
            before == null ? ExportLengths.NONE : before.exports());
  }

  public String instrument() {
    return instrument;
  }

  public List<FileOutcome> outcomes() {
    return outcomes;
  }

  /**
   * The cursor after this change, but for the lengths of the files that are still to be written.
   */
  public InstrumentCursor cursor() {
    return after;
  }

  /** Days whose old minutes have to be known: they are read anew, and may come to the same. */
  public List<MinuteRange> barsNeeded() {
    return MinuteRange.union(
        outcomes.stream().filter(InstrumentChange::replaces).map(InstrumentChange::day).toList());
  }

  /** Takes the minutes that {@link #barsNeeded} asked for, and works out what changes. */
  public void compare(NavigableMap<Long, MinuteBar> old) {
    for (FileOutcome outcome : outcomes) {
      if (replaces(outcome)) {
        compareDay(outcome, old);
      } else {
        outcome.bars().forEach(bar -> note(bar.minute(), null, bar));
        written.addAll(outcome.bars());
      }
    }
    due = findDue();
    replacedRows = findReplaced();
  }

  /** The part of a range whose minutes only the table knows. */
  List<MinuteRange> barsInTable(MinuteRange range) {
    return before == null
        ? List.of()
        : range.without(
            MinuteRange.union(
                outcomes.stream()
                    .filter(outcome -> outcome.work().replaces())
                    .map(InstrumentChange::day)
                    .toList()));
  }

  /** The minutes with trades of a range that were read now. */
  NavigableMap<Long, MinuteBar> freshBars(MinuteRange range) {
    return fresh.subMap(range.from(), true, range.to(), true);
  }

  /** The newest minute with trades before another among those that were read now, or null. */
  MinuteBar newestFreshBefore(long minute) {
    return fresh.lowerKey(minute) == null ? null : fresh.lowerEntry(minute).getValue();
  }

  /** Whether nothing of the instrument was in the tables. */
  boolean isFirst() {
    return before == null;
  }

  /** Minutes to write to {@code bars_1m}. */
  public List<MinuteBar> written() {
    return written;
  }

  /** Ranges of {@code bars_1m} in whose place they come; empty when they are only added. */
  public List<MinuteRange> replacedBars() {
    return replacedBars;
  }

  /** Ranges that hold every written minute. */
  List<MinuteRange> writtenRanges() {
    return MinuteRange.union(
        written.stream().map(bar -> new MinuteRange(bar.minute(), bar.minute())).toList());
  }

  /** Days of the table of trades that are replaced. */
  List<LocalDate> replacedTradeDays() {
    return outcomes.stream()
        .filter(InstrumentChange::replaces)
        .map(outcome -> outcome.work().file().day())
        .toList();
  }

  /** Whether single trades may be others although their minutes came to the same. */
  public boolean replacesTrades() {
    return outcomes.stream().anyMatch(InstrumentChange::replaces);
  }

  /** Ranges of minutes whose rows have to be computed. */
  public List<MinuteRange> rowsDue() {
    return due;
  }

  /** Ranges of rows that are replaced or taken out; empty when rows are only added at the end. */
  List<MinuteRange> rowsReplaced() {
    return replacedRows;
  }

  /** Whether there were rows where some are written now, or are taken out. */
  public boolean replacesRows() {
    return !replacedRows.isEmpty();
  }

  /** Ranges in which rows are added, replaced or taken out. */
  List<MinuteRange> rowsTouched() {
    List<MinuteRange> touched = new ArrayList<>(due);
    touched.addAll(replacedRows);
    return MinuteRange.union(touched);
  }

  /** Whether the instrument had no rows. */
  boolean isNew() {
    return !hasRows();
  }

  private List<MinuteRange> findDue() {
    List<MinuteRange> found = new ArrayList<>();
    long end = after.rowsEnd();
    Spans spans = settings.spans();
    for (MinuteRange range : affected(spans)) {
      // Where analytics revise rows, whole days are: their signals start at midnight.
      boolean revises = spans.analytics() && hasRows() && range.from() <= before.rowsEnd();
      MinuteRange due =
          revises
              ? new MinuteRange(
                  MinuteRange.dayOf(range.from()).from(), MinuteRange.dayOf(range.to()).to())
              : range;
      if (due.from() <= end) {
        found.add(new MinuteRange(due.from(), Math.min(due.to(), end)));
      }
    }
    if (hasRows() && end > before.rowsEnd()) {
      found.add(new MinuteRange(before.rowsEnd() + 1, end));
    }
    if (spans.analytics() && hasRows() && end < before.rowsEnd() && end != Long.MIN_VALUE) {
      // The day that has the newest row now ended otherwise before.
      found.add(new MinuteRange(MinuteRange.dayOf(end).from(), end));
    }
    return MinuteRange.union(found);
  }

  /** The minutes whose rows change with those that changed. */
  private List<MinuteRange> affected(Spans spans) {
    List<MinuteRange> affected = new ArrayList<>();
    for (MinuteRange range : MinuteRange.union(changed)) {
      affected.add(new MinuteRange(range.from(), spans.lastAffected(range.to())));
      if (spans.analytics()) {
        MinuteRange next = nextWithTrades(range.to());
        if (next != null) {
          affected.add(new MinuteRange(next.from(), spans.lastAffected(next.to())));
        }
      }
    }
    return MinuteRange.union(affected);
  }

  /**
   * Where the next trades after a minute are, whose price is compared with the newest before: a
   * minute that was read, or a day of which only the table knows more.
   */
  private MinuteRange nextWithTrades(long minute) {
    MinuteRange day = MinuteRange.dayOf(minute);
    Long next = fresh.higherKey(minute);
    if (next != null && next <= day.to()) {
      return new MinuteRange(next, next);
    }
    for (Map.Entry<LocalDate, FileCursor> file : after.files().entrySet()) {
      MinuteRange later = MinuteRange.ofDay(file.getKey());
      if (later.from() > minute && file.getValue().trades() > 0) {
        return later;
      }
    }
    return null;
  }

  private List<MinuteRange> findReplaced() {
    if (!hasRows()) {
      return List.of();
    }
    List<MinuteRange> replaced = new ArrayList<>();
    if (!due.isEmpty() && due.get(0).from() <= before.rowsEnd()) {
      replaced.addAll(due);
    }
    long end = after.rowsEnd();
    if (end < before.rowsEnd()) {
      long from = end == Long.MIN_VALUE ? firstRow() : end + 1;
      replaced.add(new MinuteRange(from, before.rowsEnd()));
    }
    return MinuteRange.union(replaced);
  }

  /** Trades older than the newest minute that was closed before the run. */
  public long late() {
    return late;
  }

  /** The last minute whose row was due before, or {@link Long#MIN_VALUE}: up to it rows revise. */
  long lastRowDueBefore() {
    return before == null ? Long.MIN_VALUE : before.rowsEnd();
  }

  private boolean hasRows() {
    return lastRowDueBefore() != Long.MIN_VALUE;
  }

  /** The first minute that can have had a row: when all trades go, all rows do. */
  private long firstRow() {
    return before.files().firstKey().toEpochDay() * DayBars.MINUTES_A_DAY;
  }

  /** Whether a day was in the tables and is read anew. */
  private static boolean replaces(FileOutcome outcome) {
    return outcome.work().replaces() && outcome.work().previous().trades() > 0;
  }

  private void compareDay(FileOutcome outcome, NavigableMap<Long, MinuteBar> known) {
    MinuteRange day = day(outcome);
    NavigableMap<Long, MinuteBar> old = known.subMap(day.from(), true, day.to(), true);
    NavigableMap<Long, MinuteBar> now = new TreeMap<>();
    outcome.bars().forEach(bar -> now.put(bar.minute(), bar));
    int changes = changed.size();
    old.forEach(
        (minute, bar) -> {
          MinuteBar other = now.get(minute);
          if (other == null || !other.withoutTimes().equals(bar.withoutTimes())) {
            note(minute, bar, other);
          }
        });
    now.forEach(
        (minute, bar) -> {
          if (!old.containsKey(minute)) {
            note(minute, null, bar);
          }
        });
    if (changed.size() > changes) {
      replacedBars.add(day);
      written.addAll(now.values());
    }
  }

  private void note(long minute, MinuteBar old, MinuteBar now) {
    changed.add(new MinuteRange(minute, minute));
    if (minute < lateBefore && now != null) {
      late += Math.max(0, now.tradeCount() - (old == null ? 0 : old.tradeCount()));
    }
  }

  private static MinuteRange day(FileOutcome outcome) {
    return MinuteRange.ofDay(outcome.work().file().day());
  }
}
