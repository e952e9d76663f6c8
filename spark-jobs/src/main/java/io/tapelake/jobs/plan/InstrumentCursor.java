package io.tapelake.jobs.plan;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the job remembers of one instrument: what was consumed, and what the outputs were made with.
 *
 * @param instrument the exchange's name of the instrument
 * @param asOf the instant of the last run
 * @param settings what the outputs were made with
 * @param files the raw files by day
 * @param exports lengths of the exports
 */
public record InstrumentCursor(
    String instrument,
    Instant asOf,
    OutputSettings settings,
    SortedMap<LocalDate, FileCursor> files,
    ExportLengths exports) {

  /** As-of may be ahead of the clock by so much before something is wrong. */
  public static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

  public InstrumentCursor {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** The newest trade in the tables, or null. */
  public TradeStamp newestClosed() {
    TradeStamp newest = null;
    for (FileCursor file : files.values()) {
      newest = TradeStamp.later(newest, file.newestClosed());
    }
    return newest;
  }

  /**
   * An instrument's as-of in a run: that of the run, but where a clock stepped back it does not go
   * back. One that was far ahead is not followed.
   *
   * @param before null when the instrument has none
   */
  public static Instant asOf(InstrumentCursor before, Instant run) {
    boolean isAhead = before != null && before.asOf.isAfter(run);
    return isAhead && !before.asOf.isAfter(run.plus(CLOCKS_DIFFER)) ? before.asOf : run;
  }

  /** The first minute that was open in the last run. */
  public long openFrom() {
    return settings.openFrom(asOf);
  }

  /** The last minute up to which rows were due in the last run, or {@link Long#MIN_VALUE}. */
  public long rowsEnd() {
    return rowsEnd(openFrom());
  }

  /** The last minute up to which rows are due when {@code openFrom} is the first open minute. */
  public long rowsEnd(long openFrom) {
    TradeStamp newest = null;
    for (FileCursor file : files.values()) {
      newest = TradeStamp.later(newest, file.newest());
    }
    return newest == null ? Long.MIN_VALUE : Math.min(openFrom - 1, newest.minute());
  }

  /**
   * The newest minute that has a row, or {@link Long#MIN_VALUE}: where the longest window is empty
   * there is none.
   */
  public long lastRow() {
    TradeStamp newest = newestClosed();
    return newest == null
        ? Long.MIN_VALUE
        : Math.min(rowsEnd(), newest.minute() + settings.spans().longestWindow() - 1);
  }
}
