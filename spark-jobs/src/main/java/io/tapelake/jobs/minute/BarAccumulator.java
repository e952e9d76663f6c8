package io.tapelake.jobs.minute;

import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import java.math.BigDecimal;

/**
 * Sums the trades of one minute as they are read, in integers as far as they fit. See the package's
 * description for why that is exact.
 */
final class BarAccumulator {

  /** Integers are turned into BigDecimals after this many trades, long before they overflow. */
  private static final int TRADES_PER_FLUSH = 1 << 20;

  private final long minute;

  private long tradeCount;
  private long buyCount;

  private long firstNano = Long.MAX_VALUE;
  private long firstId;
  private long firstPrice;
  private int firstScale;
  private BigDecimal firstWide;

  private long lastNano = -1;
  private long lastId;
  private long lastPrice;
  private int lastScale;
  private BigDecimal lastWide;

  private PriceGrid grid;
  private int pending;
  private long high;
  private long low;
  private long lots;
  private long buyLots;
  private final Int128 lotTicks = new Int128();
  private final Int128 buyLotTicks = new Int128();
  private final Int128 lotTicksTicks = new Int128();
  private final Int128 lotTicksCubed = new Int128();

  private BigDecimal exactHigh;
  private BigDecimal exactLow;
  private BigDecimal contracts = BigDecimal.ZERO;
  private BigDecimal baseVolume = BigDecimal.ZERO;
  private BigDecimal notional = BigDecimal.ZERO;
  private BigDecimal buyBaseVolume = BigDecimal.ZERO;
  private BigDecimal buyNotional = BigDecimal.ZERO;
  private BigDecimal priceNotional = BigDecimal.ZERO;
  private BigDecimal buyContracts = BigDecimal.ZERO;
  private BigDecimal squaredPriceNotional = BigDecimal.ZERO;

  BarAccumulator(long minute) {
    this.minute = minute;
  }

  /**
   * Adds a trade.
   *
   * @param grid the grid of this trade's contract, on which its numbers are integers where they fit
   */
  void add(ParsedTrade trade, long nanoOfMinute, PriceGrid grid) {
    tradeCount++;
    boolean buy = trade.side() == TakerSide.BUY;
    if (buy) {
      buyCount++;
    }
    notePrints(trade, nanoOfMinute);
    long ticks = grid.ticks(trade);
    long contractLots = grid.lots(trade);
    if (!PriceGrid.fits(ticks, contractLots) || grid.contract().type() == ContractType.INVERSE) {
      addExact(trade, buy);
      return;
    }
    if (grid != this.grid || pending >= TRADES_PER_FLUSH) {
      flush();
      this.grid = grid;
      high = ticks;
      low = ticks;
    }
    pending++;
    high = Math.max(high, ticks);
    low = Math.min(low, ticks);
    lots += contractLots;
    long product = contractLots * ticks;
    lotTicks.add(product);
    lotTicksTicks.addProduct(product, ticks);
    lotTicksCubed.addProduct(product, ticks * ticks);
    if (buy) {
      buyLots += contractLots;
      buyLotTicks.add(product);
    }
  }

  MinuteBar toBar() {
    flush();
    return new MinuteBar(
        minute,
        new MinuteBar.Print(
            firstNano,
            firstId,
            firstWide == null ? BigDecimal.valueOf(firstPrice, firstScale) : firstWide),
        new MinuteBar.Print(
            lastNano,
            lastId,
            lastWide == null ? BigDecimal.valueOf(lastPrice, lastScale) : lastWide),
        exactHigh,
        exactLow,
        tradeCount,
        buyCount,
        contracts,
        baseVolume,
        notional,
        buyBaseVolume,
        buyNotional,
        priceNotional,
        buyContracts,
        squaredPriceNotional,
        MinuteFlow.NONE);
  }

  private void notePrints(ParsedTrade trade, long nanoOfMinute) {
    long id = trade.id();
    if (nanoOfMinute < firstNano || (nanoOfMinute == firstNano && id < firstId)) {
      firstNano = nanoOfMinute;
      firstId = id;
      firstPrice = trade.unscaledPrice();
      firstScale = trade.priceScale();
      firstWide = firstPrice == ParsedTrade.WIDE ? trade.price() : null;
    }
    if (nanoOfMinute > lastNano || (nanoOfMinute == lastNano && id > lastId)) {
      lastNano = nanoOfMinute;
      lastId = id;
      lastPrice = trade.unscaledPrice();
      lastScale = trade.priceScale();
      lastWide = lastPrice == ParsedTrade.WIDE ? trade.price() : null;
    }
  }

  private void addExact(ParsedTrade trade, boolean buy) {
    BigDecimal price = trade.price();
    BigDecimal quantity = trade.contracts();
    Contract contract = trade.contract();
    BigDecimal tradeNotional = contract.notional(quantity, price);
    BigDecimal tradeBase = contract.baseVolume(quantity, price);
    notePrice(price);
    contracts = contracts.add(quantity);
    baseVolume = baseVolume.add(tradeBase);
    notional = notional.add(tradeNotional);
    BigDecimal weighted = price.multiply(tradeNotional);
    priceNotional = priceNotional.add(weighted);
    squaredPriceNotional = squaredPriceNotional.add(price.multiply(weighted));
    if (buy) {
      buyContracts = buyContracts.add(quantity);
      buyBaseVolume = buyBaseVolume.add(tradeBase);
      buyNotional = buyNotional.add(tradeNotional);
    }
  }

  /** Turns the integers into BigDecimals: the contract's size is multiplied in here, once. */
  private void flush() {
    if (pending == 0) {
      return;
    }
    notePrice(grid.price(high));
    notePrice(grid.price(low));
    BigDecimal size = grid.contract().size();
    BigDecimal quantity = BigDecimal.valueOf(lots, grid.lotScale());
    contracts = contracts.add(quantity);
    baseVolume = baseVolume.add(quantity.multiply(size));
    BigDecimal bought = BigDecimal.valueOf(buyLots, grid.lotScale());
    buyContracts = buyContracts.add(bought);
    buyBaseVolume = buyBaseVolume.add(bought.multiply(size));
    int turnoverScale = grid.lotScale() + grid.tickScale();
    notional = notional.add(lotTicks.toBigDecimal(turnoverScale).multiply(size));
    buyNotional = buyNotional.add(buyLotTicks.toBigDecimal(turnoverScale).multiply(size));
    priceNotional =
        priceNotional.add(
            lotTicksTicks.toBigDecimal(turnoverScale + grid.tickScale()).multiply(size));
    squaredPriceNotional =
        squaredPriceNotional.add(
            lotTicksCubed.toBigDecimal(turnoverScale + 2 * grid.tickScale()).multiply(size));
    pending = 0;
    lots = 0;
    buyLots = 0;
    lotTicks.clear();
    buyLotTicks.clear();
    lotTicksTicks.clear();
    lotTicksCubed.clear();
  }

  private void notePrice(BigDecimal price) {
    exactHigh = exactHigh == null ? price : exactHigh.max(price);
    exactLow = exactLow == null ? price : exactLow.min(price);
  }
}
