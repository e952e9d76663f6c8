package io.tapelake.analytics.bar;

import java.math.BigDecimal;

/** The highest and lowest value of a running delta that began at 0. */
final class DeltaExtremes {

  private BigDecimal value = BigDecimal.ZERO;
  private BigDecimal high = BigDecimal.ZERO;
  private BigDecimal low = BigDecimal.ZERO;

  /** Adds one trade's amount: plus for a taker buy, minus otherwise. */
  void add(BigDecimal amount, boolean buy) {
    value = buy ? value.add(amount) : value.subtract(amount);
    high = high.max(value);
    low = low.min(value);
  }

  /**
   * Goes on by what many trades add up to, with the highest and the lowest value on the way, seen
   * from where they began.
   */
  void add(BigDecimal change, BigDecimal highest, BigDecimal lowest) {
    high = high.max(value.add(highest));
    low = low.min(value.add(lowest));
    value = value.add(change);
  }

  Extremes toExtremes() {
    return new Extremes(high, low);
  }
}
