package io.tapelake.analytics.signal;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * One event of one closed minute.
 *
 * @param instrument the instrument
 * @param minute minutes since 1970-01-01T00:00Z of the minute's start
 * @param kind what happened
 * @param direction which way
 * @param window the window whose VWAP it is about; {@code 1h/4h} of a cross
 * @param price the minute's close
 * @param level the VWAP it is about; of a cross the slower one
 * @param deviationBps (price − level) / level · 10^4; of a cross, of the faster VWAP
 * @param z (price − level) in standard deviations; NaN where undefined, and of a cross
 * @param cvd the window's taker buys less taker sells in base volume; null of a cross
 * @param thresholds the settings that decided, such as {@code on=50 off=25}
 */
public record Signal(
    String instrument,
    long minute,
    SignalKind kind,
    Direction direction,
    String window,
    BigDecimal price,
    BigDecimal level,
    double deviationBps,
    double z,
    BigDecimal cvd,
    String thresholds)
    implements Serializable {

  private static final int SECONDS_A_MINUTE = 60;

  /** What names the event for good: the same event has the same id however often it is found. */
  public String id() {
    return String.join("|", instrument, time().toString(), kind.text(), window, direction.text());
  }

  /** The minute's start. */
  public Instant time() {
    return Instant.ofEpochSecond(minute * SECONDS_A_MINUTE);
  }
}
