package io.tapelake.jobs.outcome;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a run that leave something behind on disk, by their names.
 *
 * <p>A test aid comes with them: {@code -Dtapelake.halt-after=NAME} ends the process right after
 * that step, as SIGKILL would, so that tests see what a crash there leaves and that the next run
 * mends it. {@code -Dtapelake.freeze-after=NAME} stops it there, as SIGSTOP does, until SIGCONT.
 */
public final class Steps {

  public static final String BEGUN = "begun";
  public static final String DERIVED = "derived";
  public static final String BARS = "bars";
  public static final String TRADES = "trades";
  public static final String VWAP = "vwap_1m";
  public static final String FLOW = "flow_1m";
  public static final String SESSIONS = "sessions_1d";
  public static final String PROFILE = "volume_profile";
  public static final String SIGNALS = "signals";
  public static final String EXPORT = "export";
  public static final String QUARANTINE = "quarantine";
  public static final String ALERTS = "alerts";
  public static final String CHECKPOINT = "checkpoint";
  public static final String SEALED = "sealed";
  public static final String PUBLISHED = "published";
  public static final String ADOPTED = "adopted";
  public static final String ALERT_TOLD = "alert told";
  public static final String MAINTAINED = "maintained";

  private static final Logger LOG = LoggerFactory.getLogger(Steps.class);
  private static final String HALT_AFTER = System.getProperty("tapelake.halt-after", "");
  private static final String FREEZE_AFTER = System.getProperty("tapelake.freeze-after", "");
  private static final AtomicBoolean HAS_FROZEN = new AtomicBoolean();

  /** What the shell reports of a process that SIGKILL ended. */
  private static final int KILLED = 137;

  private Steps() {}

  /** Says that a step is done. */
  public static void done(String step) {
    LOG.debug("step {} done", step);
    if (step.equals(HALT_AFTER)) {
      Runtime.getRuntime().halt(KILLED);
    }
    // A step may come once an instrument: who was woken is not stopped again.
    if (step.equals(FREEZE_AFTER) && !HAS_FROZEN.getAndSet(true)) {
      freeze();
    }
  }

  private static void freeze() {
    try {
      // The shell's own: the program of this name is not on every system.
      // It ends when this process is stopped: a signal takes its time on a busy machine.
      String command =
          "kill -STOP %1$d; while [ -r /proc/%1$d/status ] && ! grep -q '^State:.T' /proc/%1$d/status; do sleep 0.01; done"
              .formatted(ProcessHandle.current().pid());
      new ProcessBuilder("sh", "-c", command).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
