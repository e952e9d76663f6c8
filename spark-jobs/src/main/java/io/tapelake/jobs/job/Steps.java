package io.tapelake.jobs.job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a run that leave something behind on disk, by their names.
 *
 * <p>A test aid comes with them: {@code -Dtapelake.halt-after=NAME} ends the process right after
 * that step, as SIGKILL would, so that tests see what a crash there leaves and that the next run
 * mends it.
 */
final class Steps {

  static final String JOURNAL = "journal";
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
  static final String CURSORS_NOTED = "cursors noted";
  static final String CURSORS = "cursors";
  static final String ALERT_TOLD = "alert told";
  static final String COMPACTION = "compaction";

  private static final Logger LOG = LoggerFactory.getLogger(Steps.class);
  private static final String HALT_AFTER = System.getProperty("tapelake.halt-after", "");

  /** What the shell reports of a process that SIGKILL ended. */
  private static final int KILLED = 137;

  private Steps() {}

  /** Says that a step is done. */
  static void done(String step) {
    LOG.debug("step {} done", step);
    if (step.equals(HALT_AFTER)) {
      Runtime.getRuntime().halt(KILLED);
    }
  }
}
