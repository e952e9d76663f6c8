package io.tapelake.collector.connect;

import java.time.Duration;
import java.time.Instant;

/**
 * Tells when a connection is too quiet: first a text {@code ping} is due, and when nothing at all
 * comes back in time, the connection is dead. The exchange itself closes after 30 s without a
 * message.
 */
final class Heartbeat {

  enum Beat {
    FINE,
    PING,
    DEAD
  }

  private final Duration quiet;
  private final Duration patience;
  private Instant lastHeard;
  private Instant pinged;

  /**
   * @param quiet silence after which a ping is due
   * @param patience how long its answer may take
   */
  Heartbeat(Duration quiet, Duration patience, Instant now) {
    this.quiet = quiet;
    this.patience = patience;
    this.lastHeard = now;
  }

  void heard(Instant now) {
    lastHeard = now;
    pinged = null;
  }

  Beat beat(Instant now) {
    if (pinged != null) {
      return now.isBefore(pinged.plus(patience)) ? Beat.FINE : Beat.DEAD;
    }
    if (now.isBefore(lastHeard.plus(quiet))) {
      return Beat.FINE;
    }
    pinged = now;
    return Beat.PING;
  }
}
