package io.tapelake.jobs.analytics;

import io.tapelake.jobs.window.Quotient;
import java.math.BigDecimal;

/**
 * Amihud's illiquidity: how far the price went for a million of the quote currency, |ln(close /
 * previous close)| / notional · 10^6. The higher, the less was needed to move it.
 */
public final class Amihud {

  private static final int A_MILLION = 6;

  private Amihud() {}

  /**
   * The illiquidity of a minute, with a relative error below 10^-48.
   *
   * @param close the minute's last price, or null
   * @param previousClose the newest price before the minute, or null
   * @param notional the minute's notional
   * @return null without trades, and in the first minute of history
   */
  public static BigDecimal of(BigDecimal close, BigDecimal previousClose, BigDecimal notional) {
    if (close == null || previousClose == null || notional.signum() == 0) {
      return null;
    }
    BigDecimal move = Logarithm.ofRatio(close, previousClose).abs();
    return Quotient.of(move.scaleByPowerOfTen(A_MILLION), notional);
  }

  /**
   * The mean over those minutes of a window for which it is defined.
   *
   * @param sum of their illiquidities, exact
   * @param minutes how many they are
   * @return null when there are none
   */
  public static BigDecimal mean(BigDecimal sum, long minutes) {
    return Quotient.of(sum, BigDecimal.valueOf(minutes));
  }
}
