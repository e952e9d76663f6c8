package io.tapelake.jobs.run;

import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.Published.Backfill;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a run is asked to do.
 *
 * @param instruments the instruments that take part; empty for all that have a folder
 * @param configured whether the configuration says so: some may have no trade yet, and what is made
 *     anew is made with others that have outputs
 * @param asOf the instant as of which minutes are closed; null for the clock's
 * @param scope what is recomputed
 * @param days with {@link Scope#DAYS} the days that are read again
 * @param acceptMissing whether the contribution of vanished files is taken out
 */
public record RunRequest(
    Set<String> instruments,
    boolean configured,
    Instant asOf,
    Scope scope,
    DayRange days,
    boolean acceptMissing) {

  /** How much of what was done before is done again. */
  public enum Scope {
    /** Only what is new, and what that changes. */
    NEW,
    /** Some days. */
    DAYS,
    /** Everything. */
    ALL
  }

  /** Whether something is done again, so that an interrupted one can be continued. */
  public boolean isBackfill() {
    return scope != Scope.NEW;
  }

  /** The days that take part. */
  DayRange takesPart() {
    return scope == Scope.DAYS ? days : DayRange.ALL;
  }

  /** What tells a backfill from others, so that the same one goes on where it was interrupted. */
  String describe(OutputSettings settings) {
    return "%s %s %s as of %s with %s"
        .formatted(scope, days, instruments, asOf == null ? "the clock" : asOf, settings);
  }

  /** The days to read again, when some of them were done before an interruption. */
  DayRange daysLeft(Backfill interrupted) {
    if (scope != Scope.DAYS) {
      return DayRange.NONE;
    }
    return interrupted == null || interrupted.doneThrough() == null
        ? days
        : new DayRange(later(days.from(), interrupted.doneThrough().plusDays(1)), days.to());
  }

  private static LocalDate later(LocalDate one, LocalDate other) {
    return one.isAfter(other) ? one : other;
  }

  public RunRequest {
    instruments = java.util.Collections.unmodifiableSet(new TreeSet<>(instruments));
  }
}
