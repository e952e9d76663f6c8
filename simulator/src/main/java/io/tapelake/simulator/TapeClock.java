package io.tapelake.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The exchange's time: runs from a start at some multiple of the wall clock's speed. It goes by
 * elapsed time and so never goes back.
 */
public final class TapeClock extends Clock {

  private final Instant start;
  private final double speed;
  private final long originNanos;

  private TapeClock(Instant start, double speed, long originNanos) {
    this.start = start;
    this.speed = speed;
    this.originNanos = originNanos;
  }

  /**
   * A clock that showed {@code start} when the wall clock showed {@code anchor}.
   *
   * @param speed seconds of this clock in one of the wall clock
   */
  public static TapeClock anchored(Instant start, Instant anchor, double speed) {
    if (!(speed > 0) || speed > 100_000) {
      throw new IllegalArgumentException("speed is not between 0 and 100000: " + speed);
    }
    long since = Duration.between(anchor, Instant.now()).toNanos();
    return new TapeClock(start, speed, System.nanoTime() - since);
  }

  /** A clock that shows {@code start} now. */
  public static TapeClock startingNow(Instant start, double speed) {
    return anchored(start, Instant.now(), speed);
  }

  @Override
  public Instant instant() {
    double elapsed = (System.nanoTime() - originNanos) * speed;
    return start.plusNanos((long) elapsed);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("the exchange's time is UTC");
  }
}
