package io.tapelake.jobs.increment;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.alert.AlertFile;
import io.tapelake.jobs.alert.AlertQueue;
import io.tapelake.jobs.alert.AlertSettings;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.outcome.Steps;
import io.tapelake.jobs.store.VaultStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * What a run's signals change of the alerts that wait, which counts from when the run does, and the
 * delivery after that.
 */
public final class Alerts {

  private final AlertFile file;
  private final AlertSettings settings;
  private final AlertDelivery delivery;
  private AlertQueue queue;
  private String unreadable;

  /**
   * The alerts of a run.
   *
   * @param store the run's files, which count together
   * @param settings {@link AlertSettings#NONE} for a run that adds none
   */
  public Alerts(VaultStore store, AlertSettings settings, Clock clock) {
    file = new AlertFile(store);
    this.settings = settings;
    delivery = new AlertDelivery(file, settings, clock, AlertDelivery.BUDGET, System.out);
  }

  /** Takes up what became of some minutes of an instrument. */
  void settle(InstrumentChange change, List<MinuteRange> touched, List<Signal> now)
      throws IOException {
    queue().settle(change.instrument(), touched, now);
    if (settings.isOn()) {
      Instant since = change.cursor().asOf().minus(settings.maxAge());
      List<Signal> fresh =
          now.stream().filter(signal -> signal.minute() > change.lastRowDueBefore()).toList();
      queue().add(fresh, since, settings.webhook() != null, settings.stdout());
    }
  }

  /** Writes what is to count when the run does. */
  public void stage() throws IOException {
    if (queue != null && file.writeIfChanged(queue)) {
      Steps.done(Steps.ALERTS);
    }
  }

  /** Tells what waits, which nothing that happens meanwhile lets fail. */
  public void deliver(Instant asOf, RunSummary summary) {
    try {
      summary.alerts(delivery.deliver(queue(), asOf, summary::warn));
    } catch (IOException | RuntimeException e) {
      summary.warn("alerts wait for the next run: " + e);
    }
    if (unreadable != null) {
      summary.warn(unreadable);
    }
  }

  private AlertQueue queue() throws IOException {
    if (queue == null) {
      try {
        queue = file.read();
      } catch (IllegalArgumentException e) {
        unreadable = "alerts that waited are lost: " + e.getMessage();
        queue = new AlertQueue();
      }
    }
    return queue;
  }
}
