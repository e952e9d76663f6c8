package io.tapelake.analytics.bar;

import io.tapelake.vault.Contract;
import io.tapelake.vault.ParsedTrade;
import java.math.BigDecimal;

/**
 * The decimal grid on which prices are whole ticks and quantities are whole lots, for one contract:
 * a tick is 10^-tickScale of the quote currency, a lot 10^-lotScale of a contract.
 */
final class PriceGrid {

  /** Stands for a number that is not on the grid or too large for it. */
  static final long OFF_GRID = -1;

  private static final int LONG_BITS = 63;

  /** Integers up to this are doubles without being rounded. */
  private static final long MAX_WHOLE_DOUBLE = 1L << 53;

  /** Powers of ten up to this one are doubles without being rounded. */
  private static final int MAX_POWER_AS_DOUBLE = 22;

  /** With a million trades a flush, a sum of lots × ticks³ stays below 2^(104+20). */
  private static final int MAX_SUM_BITS = 104;

  /** With a million trades a flush, a sum of lots stays below 2^(42+20). */
  private static final int MAX_LOT_BITS = 42;

  private static final long[] POWERS_OF_TEN = powersOfTen();

  private final Contract contract;
  private final int tickScale;
  private final int lotScale;
  private final BigDecimal size;

  /** Of lots × ticks, for which {@code product · factor / divisor} is the notional. */
  private long factor;

  private double divisor = 1;

  /** Products up to this one are turned into doubles by a division. */
  private long maxDivided;

  private PriceGrid(Contract contract, int tickScale, int lotScale) {
    this.contract = contract;
    this.tickScale = tickScale;
    this.lotScale = lotScale;
    size = contract.size();
    BigDecimal stripped = size.stripTrailingZeros();
    int scale = tickScale + lotScale + stripped.scale();
    BigDecimal numerator = scale < 0 ? stripped.setScale(stripped.scale() - scale) : stripped;
    if (numerator.unscaledValue().bitLength() < LONG_BITS && scale <= MAX_POWER_AS_DOUBLE) {
      factor = numerator.unscaledValue().longValue();
      divisor = Double.parseDouble("1e" + Math.max(0, scale));
      maxDivided = MAX_WHOLE_DOUBLE / factor;
    }
  }

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

  /** The terms of the trades on this grid. */
  Contract contract() {
    return contract;
  }

  int tickScale() {
    return tickScale;
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

  BigDecimal contracts(long lots) {
    return BigDecimal.valueOf(lots, lotScale);
  }

  /** Contracts × size: the base volume of a linear contract's lots. */
  BigDecimal amount(long lots) {
    return contracts(lots).multiply(size);
  }

  /** The notional of a linear contract's lots × ticks. */
  BigDecimal notional(long product) {
    return BigDecimal.valueOf(product, lotScale + tickScale).multiply(size);
  }

  BigDecimal notional(Int128 products) {
    return products.toBigDecimal(lotScale + tickScale).multiply(size);
  }

  /** Σ of a power of the price × notional, from Σ of lots × ticks × ticks^power. */
  BigDecimal priceNotional(Int128 products, int power) {
    return products.toBigDecimal(lotScale + (1 + power) * tickScale).multiply(size);
  }

  /** The double closest to the notional of lots × ticks, the same on every grid. */
  double notionalAsDouble(long product) {
    // The quotient of two numbers that doubles hold exactly is rounded once.
    return product <= maxDivided
        ? (double) (product * factor) / divisor
        : notional(product).doubleValue();
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

  /** 10^power, for powers that longs hold. */
  static long powerOfTen(int power) {
    return POWERS_OF_TEN[power];
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
