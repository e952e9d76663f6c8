package io.tapelake.jobs.read;

import io.tapelake.jobs.plan.TradeStamp;
import io.tapelake.vault.ParsedTrade;

/** The newest of some trades by (time, id), without an object for each of them. */
final class NewestTrade {

  private long epochSecond = Long.MIN_VALUE;
  private int nano;
  private long id = -1;

  void see(ParsedTrade trade) {
    if (trade.epochSecond() > epochSecond
        || (trade.epochSecond() == epochSecond
            && (trade.nano() > nano || (trade.nano() == nano && trade.id() >= id)))) {
      epochSecond = trade.epochSecond();
      nano = trade.nano();
      id = trade.id();
    }
  }

  /** The newest trade, or null when there was none. */
  TradeStamp stamp() {
    return id < 0 ? null : new TradeStamp(epochSecond, nano, id);
  }
}
