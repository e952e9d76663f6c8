package io.tapelake.live.market;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.vault.ParsedTrade;
import java.util.ArrayList;
import java.util.List;

/**
 * A minute that still gets trades. They are kept as long as they are few, so that those that come
 * out of order can be put into it.
 */
final class OpenBar {

  /** Of more trades a minute keeps sums alone. */
  private static final int FEW_TRADES = 20_000;

  private final long epochDay;

  /** What was known of the minute before; null when there was nothing. */
  private final MinuteBar settled;

  private DayBars sums;

  /** Null when they are too many, or not all of the minute's. */
  private List<ParsedTrade> trades;

  /** Null when a trade came since. */
  private MinuteBar bar;

  OpenBar(long epochDay, MinuteBar settled) {
    this.epochDay = epochDay;
    this.settled = settled;
    sums = new DayBars(epochDay, true);
    trades = settled == null ? new ArrayList<>() : null;
  }

  /** Adds a trade, whose holder may be used again; a copy of it. */
  ParsedTrade add(ParsedTrade trade) {
    ParsedTrade copy = trade.copy();
    sums.add(copy);
    if (trades != null) {
      trades.add(copy);
      trades = trades.size() > FEW_TRADES ? null : trades;
    }
    bar = null;
    return copy;
  }

  /** The minute so far; its flow is null where trades out of order were not kept. */
  MinuteBar bar() {
    if (bar == null) {
      MinuteBar own = sums.toBars().get(0);
      if (own.flow() == null && trades != null) {
        own = sorted();
      }
      bar = settled == null ? own : settled.merge(own);
    }
    return bar;
  }

  private MinuteBar sorted() {
    trades.sort(ParsedTrade.BY_TIME_AND_ID);
    sums = new DayBars(epochDay, true);
    trades.forEach(sums::add);
    return sums.toBars().get(0);
  }
}
