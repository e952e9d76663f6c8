package io.tapelake.jobs.commit;

import io.tapelake.jobs.outcome.JobException;
import java.io.IOException;
import java.time.Clock;

/** The vault, held by this process: nobody else changes it. */
public interface VaultHold extends AutoCloseable {

  /** A number that is higher than those of all holders before. */
  long fence();

  /**
   * Makes sure that it is held still: a process that was stopped may have been taken for dead.
   *
   * @throws JobException when another one has the vault
   */
  void check() throws IOException;

  @Override
  void close() throws IOException;

  /** The number after another, which also rises when that is lost: it follows the clock. */
  static long fenceAfter(long before, Clock clock) {
    return Math.max(before + 1, clock.millis());
  }

  static JobException lost(String why) {
    return JobException.failed(
        "another run has taken the vault from this one (%s); this run ends, nothing is lost"
            .formatted(why));
  }
}
