package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.bar.MinuteFlow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Trades of one contract coin each, and the minutes that they make. */
final class Deals {

  /**
   * A trade.
   *
   * @param quantity contracts, each of which is one coin
   */
  record Deal(long minute, String price, String quantity, boolean buy) {

    MinuteBar bar() {
      BigDecimal p = new BigDecimal(price);
      BigDecimal q = new BigDecimal(quantity);
      BigDecimal bought = buy ? q : BigDecimal.ZERO;
      MinuteBar.Print print = new MinuteBar.Print(0, 1, p);
      return new MinuteBar(
          minute,
          print,
          print,
          p,
          p,
          1,
          buy ? 1 : 0,
          q,
          q,
          q.multiply(p),
          bought,
          bought.multiply(p),
          q.multiply(p).multiply(p),
          bought,
          q.multiply(p).multiply(p).multiply(p),
          MinuteFlow.NONE);
    }
  }

  private Deals() {}

  /** The minutes of trades that are ascending by minute. */
  static List<MinuteBar> bars(List<Deal> deals) {
    List<MinuteBar> bars = new ArrayList<>();
    for (Deal deal : deals) {
      int last = bars.size() - 1;
      if (last >= 0 && bars.get(last).minute() == deal.minute()) {
        bars.set(last, bars.get(last).merge(deal.bar()));
      } else {
        bars.add(deal.bar());
      }
    }
    return bars;
  }

  static SpanSums sums(List<Deal> deals) {
    return bars(deals).stream().map(SpanSums::of).reduce(SpanSums.NONE, SpanSums::plus);
  }
}
