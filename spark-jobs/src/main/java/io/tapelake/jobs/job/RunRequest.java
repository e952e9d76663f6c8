package io.tapelake.jobs.job;

import io.tapelake.jobs.plan.DayRange;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a run is asked to do.
 *
 * @param instruments the instruments that take part; empty for all that have a folder
 * @param asOf the instant as of which minutes are closed; null for the clock's
 * @param scope what is recomputed
 * @param days with {@link Scope#DAYS} the days that are read again
 * @param acceptMissing whether the contribution of vanished files is taken out
 */
record RunRequest(
    Set<String> instruments, Instant asOf, Scope scope, DayRange days, boolean acceptMissing) {

  /** How much of what was done before is done again. */
  enum Scope {
    /** Only what is new, and what that changes. */
    NEW,
    /** Some days. */
    DAYS,
    /** Everything. */
    ALL
  }

  RunRequest {
    instruments = java.util.Collections.unmodifiableSet(new TreeSet<>(instruments));
  }
}
