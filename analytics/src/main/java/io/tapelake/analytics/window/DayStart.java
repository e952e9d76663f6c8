package io.tapelake.analytics.window;

import java.io.Serializable;
import java.math.BigDecimal;

/**
 * What the rows of a UTC day start from: all that they need to know of the days before it.
 *
 * @param sums what the days before add up to
 * @param close the newest price before the day; null when there is none
 * @param signalState where the signals are, as text; null at the start
 */
public record DayStart(CarriedSums sums, BigDecimal close, String signalState)
    implements Serializable {

  /** What the first day of an instrument starts from. */
  public static DayStart first(int anchors) {
    return new DayStart(CarriedSums.none(anchors), null, null);
  }
}
