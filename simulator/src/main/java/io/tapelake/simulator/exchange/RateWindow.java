package io.tapelake.simulator.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** At most so many events in any window of that length. */
final class RateWindow {

  private final int events;
  private final Duration window;
  private final Deque<Instant> admitted = new ArrayDeque<>();

  RateWindow(int events, Duration window) {
    this.events = events;
    this.window = window;
  }

  /** Whether one more event fits now; counts it when it does. */
  boolean admit(Instant now) {
    Instant horizon = now.minus(window);
    while (!admitted.isEmpty() && !admitted.peekFirst().isAfter(horizon)) {
      admitted.removeFirst();
    }
    if (admitted.size() >= events) {
      return false;
    }
    admitted.addLast(now);
    return true;
  }
}
