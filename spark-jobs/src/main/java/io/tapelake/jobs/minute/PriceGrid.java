package io.tapelake.jobs.minute;

import io.tapelake.vault.Contract;
import io.tapelake.vault.ParsedTrade;
import java.math.BigDecimal;

/**
 * The decimal grid on which prices are whole ticks and quantities are whole lots, for one contract.
 *
 * @param contract the terms of the trades on this grid
 * @param tickScale a tick is 10^-tickScale of the quote currency
 * @param lotScale a lot is 10^-lotScale of a contract
 */
record PriceGrid(Contract contract, int tickScale, int lotScale) {

  /** Stands for a number that is not on the grid or too large for it. */
  static final long OFF_GRID = -1;

  private static final int LONG_BITS = 63;

  /** With a million trades a flush, a sum of lots × ticks³ stays below 2^(104+20). */
  private static final int MAX_SUM_BITS = 104;

  /** With a million trades a flush, a sum of lots stays below 2^(42+20). */
  private static final int MAX_LOT_BITS = 42;

  private static final long[] POWERS_OF_TEN = powersOfTen();

  /** This grid, or a finer one when the trade's numbers have more decimals or other terms. */
  PriceGrid covering(ParsedTrade trade) {
    if (trade.priceScale() <= tickScale
        && trade.contractsScale() <= lotScale
        && (trade.contract() == contract || trade.contract().equals(contract))) {
      return this;
    }
    return new PriceGrid(
        trade.contract(),
        Math.max(tickScale, trade.priceScale()),
        Math.max(lotScale, trade.contractsScale()));
  }

  static PriceGrid of(ParsedTrade trade) {
    return new PriceGrid(trade.contract(), trade.priceScale(), trade.contractsScale());
  }

  long ticks(ParsedTrade trade) {
    return onGrid(trade.unscaledPrice(), tickScale - trade.priceScale());
  }

  long lots(ParsedTrade trade) {
    return onGrid(trade.unscaledContracts(), lotScale - trade.contractsScale());
  }

  BigDecimal price(long ticks) {
    return BigDecimal.valueOf(ticks, tickScale);
  }

  /** Whether lots, and lots × ticks to the third power, of a million such trades can be summed. */
  static boolean fits(long ticks, long lots) {
    int tickBits = Long.SIZE - Long.numberOfLeadingZeros(ticks);
    int lotBits = Long.SIZE - Long.numberOfLeadingZeros(lots);
    return lotBits <= MAX_LOT_BITS
        && lotBits + tickBits <= LONG_BITS - 1
        && 2 * tickBits <= LONG_BITS
        && lotBits + 3 * tickBits <= MAX_SUM_BITS;
  }

  private static long onGrid(long unscaled, int places) {
    if (places == 0 || unscaled == ParsedTrade.WIDE) {
      return unscaled;
    }
    long power = POWERS_OF_TEN[places];
    return Math.multiplyHigh(unscaled, power) != 0 || unscaled * power < 0
        ? OFF_GRID
        : unscaled * power;
  }

  private static long[] powersOfTen() {
    long[] powers = new long[19];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }
}
