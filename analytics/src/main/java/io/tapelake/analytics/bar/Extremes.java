package io.tapelake.analytics.bar;

import java.io.Serializable;
import java.math.BigDecimal;

/**
 * The highest and the lowest value of a running delta (taker buys less taker sells) inside a
 * minute. The delta starts at 0, so that {@code low <= 0 <= high}.
 *
 * @param high the highest value, not negative
 * @param low the lowest value, not positive
 */
public record Extremes(BigDecimal high, BigDecimal low) implements Serializable {

  /** Of a delta that never left 0. */
  public static final Extremes NONE = new Extremes(BigDecimal.ZERO, BigDecimal.ZERO);

  /** Numbers without trailing zeros, so that equal values are equal records. */
  public Extremes {
    high = MinuteBar.plain(high);
    low = MinuteBar.plain(low);
    if (high.signum() < 0 || low.signum() > 0) {
      throw new IllegalArgumentException(
          "a delta that starts at 0 has no extremes %s and %s".formatted(high, low));
    }
  }
}
