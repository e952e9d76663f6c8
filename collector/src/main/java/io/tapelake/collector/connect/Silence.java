package io.tapelake.collector.connect;

import java.time.Duration;
import java.time.Instant;

/**
 * Watches one instrument for silence. A quiet market looks like a stalled feed, so after a while
 * without pushes REST is asked; only when it knows newer trades, and still no push comes, the feed
 * is stalled. Each quiet spell asks more rarely.
 */
public final class Silence {

  private static final int MAX_DOUBLINGS = 4;

  private final Duration quiet;
  private final Duration grace;
  private Instant lastPush;
  private Instant nextProbe;
  private Instant behindSince;
  private int probes;

  /**
   * @param quiet silence after which REST is asked
   * @param grace how long a push may lag behind REST
   */
  public Silence(Duration quiet, Duration grace, Instant now) {
    this.quiet = quiet;
    this.grace = grace;
    pushed(now);
  }

  /** A push came, or the subscription began. */
  public void pushed(Instant now) {
    lastPush = now;
    nextProbe = now.plus(quiet);
    behindSince = null;
    probes = 0;
  }

  /** Whether REST is to be asked now; true once for each time it is. */
  public boolean probeDue(Instant now) {
    if (behindSince != null || now.isBefore(nextProbe)) {
      return false;
    }
    nextProbe = now.plus(quiet.multipliedBy(1L << Math.min(probes, MAX_DOUBLINGS)));
    probes++;
    return true;
  }

  /** REST knows trades that were not pushed. */
  public void behind(Instant now) {
    if (behindSince == null && !now.isBefore(lastPush.plus(quiet))) {
      behindSince = now;
    }
  }

  /** Whether the feed is stalled: REST was ahead and no push came since. */
  public boolean stalled(Instant now) {
    return behindSince != null && !now.isBefore(behindSince.plus(grace));
  }
}
