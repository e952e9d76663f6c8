package io.tapelake.collector.history;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Keeps requests apart, and waits longer after each failure, up to an end. */
final class Patience {

  private static final int MOST_DOUBLINGS = 5;
  private static final int MOST_FAILURES = 12;

  private final long spacingNanos;
  private long nextNanos = System.nanoTime();
  private int failures;

  Patience(Duration spacing) {
    spacingNanos = spacing.toNanos();
  }

  /** Waits until the next request may be made. */
  void await() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(Math.max(0, nextNanos - System.nanoTime()));
    nextNanos = System.nanoTime() + spacingNanos;
  }

  void succeeded() {
    failures = 0;
  }

  /** Makes the next request wait at least so long. */
  void pause(Duration pause) {
    nextNanos = Math.max(nextNanos, System.nanoTime() + pause.toNanos());
  }

  /**
   * Makes the next request wait after a failure.
   *
   * @param atLeast what the exchange asked for; null when it did not
   * @throws IOException after too many failures in a row
   */
  void failed(String why, Duration pause, Duration atLeast) throws IOException {
    failures++;
    if (failures > MOST_FAILURES) {
      throw new IOException(
          "the exchange failed %d times in a row, the last time with: %s"
              .formatted(MOST_FAILURES, why));
    }
    long wait = pause.toNanos() << Math.min(failures - 1, MOST_DOUBLINGS);
    if (atLeast != null) {
      wait = Math.max(wait, atLeast.toNanos());
    }
    nextNanos = System.nanoTime() + wait;
  }
}
