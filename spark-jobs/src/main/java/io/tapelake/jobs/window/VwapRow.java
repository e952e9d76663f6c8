package io.tapelake.jobs.window;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;

/**
 * One closed minute's rolling figures.
 *
 * @param instrument the instrument
 * @param minute minutes since 1970-01-01T00:00Z of the minute's start
 * @param close the price of the newest trade up to this minute
 * @param tradeCount trades in the minute itself
 * @param spans the figures of each window, of the session and of each anchor, in configured order
 */
public record VwapRow(
    String instrument, long minute, BigDecimal close, long tradeCount, List<Figures> spans)
    implements Serializable {

  /**
   * The figures of one span of minutes, exact but for the quotients, which have 50 significant
   * digits.
   *
   * @param tradeCount trades in the span
   * @param priceNotional Σ price · notional
   * @param notional Σ notional
   * @param baseVolume Σ base volume
   * @param vwap Σ price · notional / Σ notional; null when the span is empty
   * @param vwapBase Σ notional / Σ base volume; null when the base volume is zero
   */
  public record Figures(
      long tradeCount,
      BigDecimal priceNotional,
      BigDecimal notional,
      BigDecimal baseVolume,
      BigDecimal vwap,
      BigDecimal vwapBase)
      implements Serializable {}
}
