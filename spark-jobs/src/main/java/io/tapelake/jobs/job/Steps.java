package io.tapelake.jobs.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a run that leave something behind on disk, by their names.
 *
 * <p>A test aid comes with them: {@code -Dtapelake.halt-after=NAME} ends the process right after
 * that step, as SIGKILL would, so that tests see what a crash there leaves and that the next run
 * mends it. {@code -Dtapelake.freeze-after=NAME} stops it there, as SIGSTOP does, until SIGCONT.
 */
final class Steps {

  static final String BEGUN = "begun";
  static final String BARS = "bars";
  static final String TRADES = "trades";
  static final String VWAP = "vwap_1m";
  static final String BANDS = "bands_1m";
  static final String FLOW = "flow_1m";
  static final String SESSIONS = "sessions_1d";
  static final String PROFILE = "volume_profile";
  static final String SIGNALS = "signals";
  static final String EXPORT = "export";
  static final String QUARANTINE = "quarantine";
  static final String ALERTS = "alerts";
  static final String CHECKPOINT = "checkpoint";
  static final String SEALED = "sealed";
  static final String PUBLISHED = "published";
  static final String ADOPTED = "adopted";
  static final String ALERT_TOLD = "alert told";
  static final String MAINTAINED = "maintained";

  private static final Logger LOG = LoggerFactory.getLogger(Steps.class);
  private static final String HALT_AFTER = System.getProperty("tapelake.halt-after", "");
  private static final String FREEZE_AFTER = System.getProperty("tapelake.freeze-after", "");

  /** What the shell reports of a process that SIGKILL ended. */
  private static final int KILLED = 137;

  private Steps() {}

  /** Says that a step is done. */
  static void done(String step) {
    LOG.debug("step {} done", step);
    if (step.equals(HALT_AFTER)) {
      Runtime.getRuntime().halt(KILLED);
    }
    if (step.equals(FREEZE_AFTER)) {
      freeze();
    }
  }

  private static void freeze() {
    try {
      // The shell's own: the program of this name is not on every system.
      String command = "kill -STOP " + ProcessHandle.current().pid();
      new ProcessBuilder("sh", "-c", command).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
