package io.tapelake.jobs.table;

import io.tapelake.analytics.signal.Signal;
import java.time.Instant;

/**
 * A signal as the table has it.
 *
 * @param signal what it says
 * @param withdrawnAsOf as of when a revision took it back; null as long as it stands
 */
public record StoredSignal(Signal signal, Instant withdrawnAsOf) {

  public boolean stands() {
    return withdrawnAsOf == null;
  }

  /** The same, taken back; one that was taken back before keeps its instant. */
  public StoredSignal withdrawn(Instant asOf) {
    return stands() ? new StoredSignal(signal, asOf) : this;
  }
}
