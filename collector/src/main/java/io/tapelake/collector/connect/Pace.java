package io.tapelake.collector.connect;

import java.time.Duration;
import java.time.Instant;

/** At most one permit each interval, and none while told to pause. */
public final class Pace {

  private final Duration interval;
  private Instant next = Instant.MIN;

  public Pace(Duration interval) {
    this.interval = interval;
  }

  /** Takes the permit when there is one. */
  public boolean tryTake(Instant now) {
    if (now.isBefore(next)) {
      return false;
    }
    next = now.plus(interval);
    return true;
  }

  /** Whether there is a permit. */
  public boolean isOpen(Instant now) {
    return !now.isBefore(next);
  }

  /** Gives no permit for a while. */
  public void pause(Instant now, Duration pause) {
    Instant until = now.plus(pause);
    if (until.isAfter(next)) {
      next = until;
    }
  }
}
