package io.tapelake.simulator.tape;

import io.tapelake.vault.TakerSide;

/**
 * One trade on the simulated tape, in the units of its instrument's grids.
 *
 * @param id the trade id; ids of one instrument are dense and ascend with time
 * @param time event time in epoch milliseconds
 * @param ticks the price in ticks
 * @param lots the quantity in lots
 * @param side the taker's side
 * @param source where the maker's order came from: 0 the order book, 1 a retail-only order
 */
public record Print(long id, long time, long ticks, long lots, TakerSide side, int source) {

  /** The same trade under another id. */
  Print withId(long newId) {
    return new Print(newId, time, ticks, lots, side, source);
  }

  /** Whether the exchange's aggregated channel reports this trade and the next one as one. */
  public boolean aggregatesWith(Print next) {
    return time == next.time
        && ticks == next.ticks
        && side == next.side
        && source == next.source
        && id + 1 == next.id;
  }
}
