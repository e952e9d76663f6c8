package io.tapelake.collector.connect;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: a random time up to a bound that doubles with each
 * failure ("full jitter"), so that many clients do not come back at once. Never gives up.
 */
public final class Backoff {

  private static final int MAX_DOUBLINGS = 16;

  private final Duration first;
  private final Duration most;
  private final RandomGenerator random;
  private int failures;

  public Backoff(Duration first, Duration most, RandomGenerator random) {
    this.first = first;
    this.most = most;
    this.random = random;
  }

  /** The pause after one more failure. */
  public Duration next() {
    long bound = first.toMillis() << Math.min(failures, MAX_DOUBLINGS);
    failures++;
    return Duration.ofMillis(random.nextLong(Math.min(bound, most.toMillis()) + 1));
  }

  /** Starts over: the last attempt did what it was for. */
  public void succeeded() {
    failures = 0;
  }
}
