package io.tapelake.jobs.analytics;

import io.tapelake.jobs.window.Quotient;
import java.math.BigDecimal;

/** Trade-flow imbalance (buys − sells) / (buys + sells), from −1 (all takers sold) to 1. */
public final class Imbalance {

  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private Imbalance() {}

  /**
   * The imbalance of a volume, a notional or a count.
   *
   * @param buys the takers' buys
   * @param total buys and sells
   * @return null when nothing was traded
   */
  public static BigDecimal of(BigDecimal buys, BigDecimal total) {
    return Quotient.of(delta(buys, total), total);
  }

  /** The imbalance of numbers of trades; null when there are none. */
  public static BigDecimal of(long buys, long total) {
    return of(BigDecimal.valueOf(buys), BigDecimal.valueOf(total));
  }

  /** Buys less sells, exactly. */
  public static BigDecimal delta(BigDecimal buys, BigDecimal total) {
    return buys.multiply(TWO).subtract(total);
  }
}
