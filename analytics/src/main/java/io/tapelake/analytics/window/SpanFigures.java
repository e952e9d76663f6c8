package io.tapelake.analytics.window;

import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.number.Ratio;
import java.math.BigDecimal;

/**
 * What the trades of a span of minutes come to. Sums are exact, the two VWAPs have 50 significant
 * digits, everything else is a double whose relative error is below 10^-15; what is undefined is
 * null, or NaN where it is a double.
 *
 * @param sums over the span's trades
 * @param delta taker buys less taker sells
 * @param vwap Σ price · notional / Σ notional; null when the span is empty
 * @param vwapBase Σ notional / Σ base volume; null when the base volume is zero
 * @param band how prices are spread around {@code vwap}
 * @param baseBand how they are spread around {@code vwapBase}
 * @param amihud the mean of Amihud's illiquidity over the span's minutes
 * @param area where most of the volume was traded; null of an anchor, and when there is none
 */
public record SpanFigures(
    SpanSums sums,
    SpanSums.Delta delta,
    Quotient vwap,
    Quotient vwapBase,
    Band band,
    Band baseBand,
    Imbalance imbalance,
    double amihud,
    ValueArea area) {

  private static final int MOST_DECIMALS_OF_QUANTITIES = 18;

  /** VWAPs alone. */
  static SpanFigures of(VwapSums sums) {
    return new SpanFigures(
        new SpanSums(sums, FlowSums.NONE),
        SpanSums.Delta.NONE,
        Quotient.of(sums.priceNotional(), sums.notional()),
        Quotient.of(sums.notional(), sums.baseVolume()),
        Band.NONE,
        Band.NONE,
        Imbalance.NONE,
        Double.NaN,
        null);
  }

  /** Everything. */
  static SpanFigures of(SpanSums sums, BigDecimal close, double amihud, ValueArea area) {
    VwapSums of = sums.vwap();
    SpanSums.Delta delta = sums.delta();
    return new SpanFigures(
        sums,
        delta,
        Quotient.of(of.priceNotional(), of.notional()),
        Quotient.of(of.notional(), of.baseVolume()),
        Band.of(of.notional(), of.priceNotional(), sums.flow().squaredPriceNotional(), close, 0),
        Band.of(of.baseVolume(), of.notional(), of.priceNotional(), close, roundings(of)),
        Imbalance.of(sums, delta),
        amihud,
        area);
  }

  /**
   * How many coins were rounded: those of an inverse contract, whose notional has no price in it.
   * Of a linear contract the notional has as many decimals as the base volume, or more.
   */
  private static long roundings(VwapSums sums) {
    int decimals = sums.baseVolume().scale();
    boolean isInverse =
        decimals > MOST_DECIMALS_OF_QUANTITIES
            && decimals <= Band.COIN_DECIMALS
            && sums.notional().scale() <= MOST_DECIMALS_OF_QUANTITIES;
    return isInverse ? sums.tradeCount() : 0;
  }

  /**
   * Trade-flow imbalances (buys − sells) / (buys + sells), from −1 (all takers sold) to 1; NaN when
   * nothing was traded.
   *
   * @param base of base volume
   * @param notional of notional
   * @param count of numbers of trades
   */
  public record Imbalance(double base, double notional, double count) {

    static final Imbalance NONE = new Imbalance(Double.NaN, Double.NaN, Double.NaN);

    /** The imbalances of a span whose {@link SpanSums#delta} is given. */
    public static Imbalance of(SpanSums sums, SpanSums.Delta delta) {
      long trades = sums.vwap().tradeCount();
      return new Imbalance(
          Ratio.of(delta.base(), sums.vwap().baseVolume()),
          Ratio.of(delta.notional(), sums.vwap().notional()),
          trades == 0 ? Double.NaN : (double) (2 * sums.flow().buyCount() - trades) / trades);
    }
  }
}
