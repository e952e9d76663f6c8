package io.tapelake.jobs.minute;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;

/**
 * The minutes of one instrument in one UTC day, summed exactly.
 *
 * @param epochDay days since 1970-01-01
 * @param firstTradeId id of the first trade by (event time, trade id)
 * @param lastTradeId id of the last trade by (event time, trade id)
 * @param open the first trade's price
 * @param high the highest price
 * @param low the lowest price
 * @param close the last trade's price
 * @param minutes minutes with trades
 * @param tradeCount trades
 * @param buyCount those of them whose taker bought
 * @param contracts Σ q
 * @param buyContracts Σ q of taker buys
 * @param baseVolume Σ base volume
 * @param buyBaseVolume Σ base volume of taker buys
 * @param notional Σ notional
 * @param buyNotional Σ notional of taker buys
 * @param priceNotional Σ price · notional
 * @param squaredPriceNotional Σ price² · notional
 * @param sweeps sweeps, none of which goes beyond its minute
 * @param sweepNotional Σ notional of the sweeps' trades
 * @param activeSeconds different seconds with a trade
 * @param rootFlow Σ of ±√notional, see {@link MinuteFlow}
 */
public record DayBar(
    long epochDay,
    long firstTradeId,
    long lastTradeId,
    BigDecimal open,
    BigDecimal high,
    BigDecimal low,
    BigDecimal close,
    long minutes,
    long tradeCount,
    long buyCount,
    BigDecimal contracts,
    BigDecimal buyContracts,
    BigDecimal baseVolume,
    BigDecimal buyBaseVolume,
    BigDecimal notional,
    BigDecimal buyNotional,
    BigDecimal priceNotional,
    BigDecimal squaredPriceNotional,
    long sweeps,
    BigDecimal sweepNotional,
    long activeSeconds,
    BigDecimal rootFlow)
    implements Serializable {

  /** Numbers without trailing zeros, so that equal days are equal records. */
  public DayBar {
    open = MinuteBar.plain(open);
    high = MinuteBar.plain(high);
    low = MinuteBar.plain(low);
    close = MinuteBar.plain(close);
    contracts = MinuteBar.plain(contracts);
    buyContracts = MinuteBar.plain(buyContracts);
    baseVolume = MinuteBar.plain(baseVolume);
    buyBaseVolume = MinuteBar.plain(buyBaseVolume);
    notional = MinuteBar.plain(notional);
    buyNotional = MinuteBar.plain(buyNotional);
    priceNotional = MinuteBar.plain(priceNotional);
    squaredPriceNotional = MinuteBar.plain(squaredPriceNotional);
    sweepNotional = MinuteBar.plain(sweepNotional);
    rootFlow = MinuteBar.plain(rootFlow);
  }

  /**
   * A day of its minutes in any order, at least one.
   *
   * @throws IllegalArgumentException when they are not all of one day
   */
  public static DayBar of(Collection<MinuteBar> bars) {
    Comparator<MinuteBar> byMinute = Comparator.comparingLong(MinuteBar::minute);
    MinuteBar first = bars.stream().min(byMinute).orElseThrow();
    MinuteBar last = bars.stream().max(byMinute).orElseThrow();
    if (day(first) != day(last)) {
      throw new IllegalArgumentException(
          "minutes %d and %d are not of one day".formatted(first.minute(), last.minute()));
    }
    return new DayBar(
        day(first),
        first.first().id(),
        last.last().id(),
        first.open(),
        bars.stream().map(MinuteBar::high).reduce(BigDecimal::max).orElseThrow(),
        bars.stream().map(MinuteBar::low).reduce(BigDecimal::min).orElseThrow(),
        last.close(),
        bars.size(),
        bars.stream().mapToLong(MinuteBar::tradeCount).sum(),
        bars.stream().mapToLong(MinuteBar::buyCount).sum(),
        sum(bars, MinuteBar::contracts),
        sum(bars, MinuteBar::buyContracts),
        sum(bars, MinuteBar::baseVolume),
        sum(bars, MinuteBar::buyBaseVolume),
        sum(bars, MinuteBar::notional),
        sum(bars, MinuteBar::buyNotional),
        sum(bars, MinuteBar::priceNotional),
        sum(bars, MinuteBar::squaredPriceNotional),
        bars.stream().mapToLong(bar -> bar.flow().sweeps()).sum(),
        sum(bars, bar -> bar.flow().sweepNotional()),
        bars.stream().mapToLong(bar -> bar.flow().activeSeconds()).sum(),
        sum(bars, bar -> bar.flow().rootFlow()));
  }

  private static long day(MinuteBar bar) {
    return Math.floorDiv(bar.minute(), (long) DayBars.MINUTES_A_DAY);
  }

  private interface Figure {
    BigDecimal of(MinuteBar bar);
  }

  private static BigDecimal sum(Collection<MinuteBar> bars, Figure figure) {
    BigDecimal sum = BigDecimal.ZERO;
    for (MinuteBar bar : bars) {
      sum = sum.add(figure.of(bar));
    }
    return sum;
  }
}
