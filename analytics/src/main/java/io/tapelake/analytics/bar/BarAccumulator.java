package io.tapelake.analytics.bar;

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
  private final boolean withFlow;

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

  /** Null when it is not wanted, and once a trade has come that is not later than all before it. */
  private FlowAccumulator flow;

  /** A minute without trades, which are looked at one by one where it has a flow. */
  BarAccumulator(long minute, boolean withFlow) {
    this.minute = minute;
    this.withFlow = withFlow;
    flow = withFlow ? new FlowAccumulator() : null;
  }

  /**
   * Adds a trade, on the grid of its contract, on which its numbers are integers where they fit.
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
      addExact(trade, nanoOfMinute, buy);
      return;
    }
    if (grid != this.grid || pending >= TRADES_PER_FLUSH) {
      flush();
      this.grid = grid;
    }
    if (pending == 0) {
      high = ticks;
      low = ticks;
    }
    addIntegers(ticks, contractLots, nanoOfMinute, buy);
  }

  private void addIntegers(long ticks, long contractLots, long nanoOfMinute, boolean buy) {
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
    if (flow != null && flow.add(nanoOfMinute, buy, ticks, contractLots, product, grid)) {
      flush();
    }
  }

  /** The minute so far; its flow is null when it is wanted and the trades did not come in order. */
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
        toFlow());
  }

  private MinuteFlow toFlow() {
    if (!withFlow) {
      return MinuteFlow.NONE;
    }
    return flow == null ? null : flow.toFlow();
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
    } else {
      flow = null;
    }
  }

  private void addExact(ParsedTrade trade, long nanoOfMinute, boolean buy) {
    flush();
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
    if (flow != null) {
      flow.addExact(nanoOfMinute, buy, price, quantity, tradeBase, tradeNotional);
    }
  }

  /** Turns the integers into BigDecimals: the contract's size is multiplied in here, once. */
  private void flush() {
    if (pending == 0) {
      return;
    }
    notePrice(grid.price(high));
    notePrice(grid.price(low));
    contracts = contracts.add(grid.contracts(lots));
    buyContracts = buyContracts.add(grid.contracts(buyLots));
    baseVolume = baseVolume.add(grid.amount(lots));
    buyBaseVolume = buyBaseVolume.add(grid.amount(buyLots));
    notional = notional.add(grid.notional(lotTicks));
    buyNotional = buyNotional.add(grid.notional(buyLotTicks));
    priceNotional = priceNotional.add(grid.priceNotional(lotTicksTicks, 1));
    squaredPriceNotional = squaredPriceNotional.add(grid.priceNotional(lotTicksCubed, 2));
    if (flow != null) {
      flow.flush(grid);
    }
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
