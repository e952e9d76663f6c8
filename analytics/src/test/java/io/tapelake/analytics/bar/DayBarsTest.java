package io.tapelake.analytics.bar;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DayBarsTest {

  private static final LocalDate DAY = LocalDate.of(2025, 12, 14);
  private static final long FIRST_SECOND = DAY.toEpochDay() * 86_400;
  private static final Contract BTC = linear("0.01", "1");
  private static final Contract COIN = linear("1000", "1");
  private static final Contract INVERSE =
      new Contract(new BigDecimal("100"), BigDecimal.ONE, ContractType.INVERSE);
  private static final String WIDEST = "999999999999.999999999999";
  private static final String SMALLEST = "0.000000000001";

  private static final Comparator<Trade> ORDER =
      Comparator.comparing(Trade::time).thenComparing(Trade::id);

  private final List<Trade> trades = new ArrayList<>();

  @Test
  void bitcoinAtAMillion() {
    for (int id = 1; id <= 1000; id++) {
      trade(id, id % 120, "1000000." + id % 10, "12345.67", BTC);
    }
    check("BTC");
  }

  @Test
  void aCoinOfTwelveDecimals() {
    for (int id = 1; id <= 1000; id++) {
      trade(id, id % 120, "0.00000000" + (1234 + id % 7), "9999999." + id % 10, COIN);
    }
    check("coin");
  }

  @Test
  void inverseContractsAreRoundedTradeByTrade() {
    trade(1, 0, "3", "1", INVERSE);
    trade(2, 0, "3", "1", INVERSE);
    trade(3, 0, "3", "1", INVERSE);
    check("inverse");
    assertThat(bars().get(0).baseVolume()).isEqualTo(new BigDecimal("99.999999999999999999999999"));
  }

  @Test
  void termsThatChangeInMidMinute() {
    trade(1, 0, "100.5", "3", BTC);
    trade(2, 1, "100.6", "3", linear("0.1", "1"));
    trade(3, 2, "100.4", "3", BTC);
    trade(4, 3, "100.4", "3", linear("0.01", "10"));
    trade(5, 4, "100.3", "3", INVERSE);
    trade(6, 5, "100.3", "3", BTC);
    check("changing terms");
  }

  @Test
  void numbersOfAllTheDigitsThatALineMayHave() {
    Contract widest = linear(WIDEST, WIDEST);
    trade(1, 0, WIDEST, WIDEST, widest);
    trade(2, 1, SMALLEST, SMALLEST, linear(SMALLEST, SMALLEST));
    trade(3, 2, WIDEST, SMALLEST, widest);
    trade(4, 3, SMALLEST, WIDEST, BTC);
    trade(5, 4, "1", "1", BTC);
    check("24 digits");
  }

  @Test
  void gridsThatGetFinerOnTheWay() {
    trade(1, 0, "100", "1", BTC);
    trade(2, 0, "100.5", "1", BTC);
    trade(3, 0, "100", "1.25", BTC);
    trade(4, 0, "100.123456789012", "1", BTC);
    trade(5, 0, "999999999999", "1", BTC);
    trade(6, 0, "100", "1", BTC);
    check("finer");
  }

  @Test
  void openAndCloseGoByTimeThenId() {
    trade(20, 5, "2", "1", BTC);
    trade(9, 5, "1", "1", BTC);
    trade(100, 5, "3", "1", BTC);
    trade(50, 5, "4", "1", BTC);
    MinuteBar bar = bars().get(0);
    assertThat(bar.open()).isEqualByComparingTo("1");
    assertThat(bar.close()).isEqualByComparingTo("3");
    check("ties");
  }

  @Test
  void theDaysFirstAndLastNanosecond() {
    trade(1, 0, "1", "1", BTC);
    trades.add(
        new Trade(
            Instant.ofEpochSecond(FIRST_SECOND + 86_399, 999_999_999),
            "X",
            2,
            TakerSide.BUY,
            BigDecimal.ONE,
            BigDecimal.ONE,
            BTC));
    assertThat(bars())
        .extracting(MinuteBar::minute)
        .containsExactly(DAY.toEpochDay() * 1440, DAY.toEpochDay() * 1440 + 1439);
    check("ends of the day");
  }

  @Test
  void anyTradesInAnyOrderAndAnySplit() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 150; round++) {
      trades.clear();
      Contract[] terms = {BTC, COIN, INVERSE, linear(number(random), number(random))};
      int kinds = 1 + random.nextInt(terms.length);
      boolean wide = random.nextInt(4) == 0;
      for (int id = random.nextInt(60) + 1; id > 0; id--) {
        String price = wide ? number(random) : 1 + random.nextInt(2_000_000) + "." + id % 10;
        String contracts = wide ? number(random) : 1 + random.nextInt(5000) + "." + id % 7;
        trade(id, random.nextInt(150), price, contracts, terms[random.nextInt(kinds)]);
      }
      check("seed %d, round %d".formatted(seed, round));
      checkSplit("seed %d, round %d".formatted(seed, round), random.nextInt(trades.size()));
    }
  }

  @Test
  void sweepsOfManyLevelsAcrossChangesOfTheGrid() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      trades.clear();
      int second = 0;
      int milli = 0;
      long price = 100_000 + random.nextInt(900_000);
      Contract terms = random.nextInt(8) == 0 ? INVERSE : BTC;
      TakerSide side = TakerSide.BUY;
      for (int id = 1; id <= 200; id++) {
        switch (random.nextInt(10)) {
          case 0 -> milli = Math.min(999, milli + 1);
          case 1 -> side = random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL;
          case 2 -> {
            second += random.nextInt(3);
            milli = 0;
          }
          case 3 -> price += random.nextInt(4000) - 2000;
          case 4 -> terms = random.nextInt(10) == 0 ? linear("0.1", "1") : terms;
          default -> price += random.nextInt(3) - 1;
        }
        int decimals = random.nextInt(60) == 0 ? 1 + random.nextInt(12) : 1;
        BigDecimal exact = BigDecimal.valueOf(price, 1);
        if (decimals > 1) {
          exact = exact.add(BigDecimal.valueOf(3, decimals));
        }
        BigDecimal quantity = BigDecimal.valueOf(1 + random.nextInt(5000), random.nextInt(3));
        trades.add(new Trade(at(second, milli, random), "X", id, side, exact, quantity, terms));
      }
      check("seed %d, round %d".formatted(seed, round));
    }
  }

  private static Instant at(int second, int milli, Random random) {
    return Instant.ofEpochSecond(
        FIRST_SECOND + second, milli * 1_000_000L + random.nextInt(1_000_000));
  }

  @Test
  void theFixtureOfTheDefinitions() {
    trade(1, 0, "100", "100", BTC);
    trade(3, 1, "101", "300", BTC);
    trade(4, 2, "99", "200", BTC);
    MinuteBar bar = bars().get(0);
    assertThat(bar.baseVolume()).isEqualByComparingTo("6");
    assertThat(bar.notional()).isEqualByComparingTo("601");
    assertThat(bar.priceNotional()).isEqualByComparingTo("60205");
    assertThat(bar.flow().base())
        .isEqualTo(new Extremes(new BigDecimal("1"), new BigDecimal("-2")));
    assertThat(bar.flow().activeSeconds()).isEqualTo(3);
    assertThat(bar.flow().mostLevels()).isEqualTo(1);
    check("fixture");
  }

  /** Three buys of one millisecond after a sale: their delta fits, what they sum up to does not. */
  @Test
  void aSweepThatDoesNotFitIntoALong() {
    String lots = "439804651110.3";
    trade(3, 1, "104857.5", lots, BTC);
    trade(4, 2, "104857.5", lots, BTC);
    trade(5, 2, "104857.4", lots, BTC);
    trade(7, 2, "104857.3", lots, BTC);
    check("sweep");
  }

  @Test
  void deltasThatDoNotFitIntoALong() {
    for (int id = 1; id <= 4000; id += 3) {
      trade(id, 0, "1000000.1", "999999999." + id % 10, BTC);
      trade(id + 1, 0, "1000000.2", "3999999999.7", BTC);
    }
    check("large deltas");
  }

  /** Two readers' minutes put together are one reader's. */
  private void checkSplit(String label, int at) {
    checkSplit(label, at, true, null);
    checkSplit(label, at, false, MinuteFlow.NONE);
  }

  private void checkSplit(String label, int at, boolean withFlow, MinuteFlow flow) {
    Map<Long, MinuteBar> merged = new TreeMap<>();
    for (List<Trade> part : List.of(trades.subList(at, trades.size()), trades.subList(0, at))) {
      bars(part, withFlow).forEach(bar -> merged.merge(bar.minute(), bar, MinuteBar::merge));
    }
    if (withFlow) {
      merged.replaceAll((minute, bar) -> bar.with(flow));
    }
    assertThat(List.copyOf(merged.values()))
        .as(label)
        .isEqualTo(bars().stream().map(bar -> bar.with(flow)).toList());
  }

  private void check(String label) {
    Map<Long, List<Trade>> minutes = new TreeMap<>();
    for (Trade trade : trades) {
      minutes
          .computeIfAbsent(
              Math.floorDiv(trade.time().getEpochSecond(), 60L), key -> new ArrayList<>())
          .add(trade);
    }
    List<MinuteBar> expected = new ArrayList<>();
    minutes.forEach((minute, each) -> expected.add(expected(minute, each)));
    List<Trade> sorted = new ArrayList<>(trades);
    sorted.sort(ORDER);
    assertThat(bars(sorted)).as(label).isEqualTo(expected);
    assertThat(bars(sorted, true, true)).as("%s, asked for", label).isEqualTo(expected);
    assertThat(bars(trades, false))
        .as("%s, without flow", label)
        .isEqualTo(expected.stream().map(bar -> bar.with(MinuteFlow.NONE)).toList());
    List<MinuteBar> asTheyCame = new ArrayList<>();
    expected.forEach(
        bar -> asTheyCame.add(isSorted(minutes.get(bar.minute())) ? bar : bar.with(null)));
    assertThat(bars()).as(label).isEqualTo(asTheyCame);
  }

  private static boolean isSorted(List<Trade> trades) {
    for (int i = 1; i < trades.size(); i++) {
      if (ORDER.compare(trades.get(i - 1), trades.get(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** The definition, number by number. */
  private static MinuteBar expected(long minute, List<Trade> trades) {
    List<Trade> sorted = new ArrayList<>(trades);
    sorted.sort(ORDER);
    BigDecimal contracts = BigDecimal.ZERO;
    BigDecimal base = BigDecimal.ZERO;
    BigDecimal notional = BigDecimal.ZERO;
    BigDecimal buyBase = BigDecimal.ZERO;
    BigDecimal buyNotional = BigDecimal.ZERO;
    BigDecimal priceNotional = BigDecimal.ZERO;
    BigDecimal buyContracts = BigDecimal.ZERO;
    BigDecimal squaredPriceNotional = BigDecimal.ZERO;
    BigDecimal high = trades.get(0).price();
    BigDecimal low = high;
    long buys = 0;
    for (Trade trade : trades) {
      BigDecimal amount =
          trade
              .contracts()
              .multiply(trade.contract().value())
              .multiply(trade.contract().multiplier());
      boolean linear = trade.contract().type() == ContractType.LINEAR;
      BigDecimal worth = linear ? amount.multiply(trade.price()) : amount;
      BigDecimal coins = linear ? amount : amount.divide(trade.price(), 24, RoundingMode.HALF_EVEN);
      contracts = contracts.add(trade.contracts());
      base = base.add(coins);
      notional = notional.add(worth);
      priceNotional = priceNotional.add(trade.price().multiply(worth));
      squaredPriceNotional = squaredPriceNotional.add(trade.price().pow(2).multiply(worth));
      if (trade.side() == TakerSide.BUY) {
        buys++;
        buyContracts = buyContracts.add(trade.contracts());
        buyBase = buyBase.add(coins);
        buyNotional = buyNotional.add(worth);
      }
      high = high.max(trade.price());
      low = low.min(trade.price());
    }
    return new MinuteBar(
        minute,
        print(minute, sorted.get(0)),
        print(minute, sorted.get(sorted.size() - 1)),
        high,
        low,
        trades.size(),
        buys,
        contracts,
        base,
        notional,
        buyBase,
        buyNotional,
        priceNotional,
        buyContracts,
        squaredPriceNotional,
        FlowByDefinition.of(sorted));
  }

  private static MinuteBar.Print print(long minute, Trade trade) {
    long nano =
        (trade.time().getEpochSecond() - minute * 60) * 1_000_000_000L + trade.time().getNano();
    return new MinuteBar.Print(nano, trade.id(), trade.price());
  }

  private List<MinuteBar> bars() {
    return bars(trades);
  }

  private static List<MinuteBar> bars(List<Trade> trades) {
    return bars(trades, true);
  }

  private static List<MinuteBar> bars(List<Trade> trades, boolean withFlow) {
    return bars(trades, withFlow, false);
  }

  /** The minutes, which others may have asked for behind each of their trades. */
  private static List<MinuteBar> bars(
      List<Trade> trades, boolean withFlow, boolean isAskedForOnTheWay) {
    DayBars bars = new DayBars(DAY.toEpochDay(), withFlow);
    ParsedTrade holder = new ParsedTrade();
    for (Trade trade : trades) {
      holder.setTime(trade.time().getEpochSecond(), trade.time().getNano());
      holder.setId(trade.id());
      holder.setSide(trade.side());
      holder.setPrice(trade.price());
      holder.setContracts(trade.contracts());
      holder.setContract(trade.contract());
      bars.add(holder);
      if (isAskedForOnTheWay) {
        bars.toBars();
      }
    }
    return bars.toBars();
  }

  private void trade(long id, int second, String price, String contracts, Contract contract) {
    trades.add(
        new Trade(
            Instant.ofEpochSecond(FIRST_SECOND + second, 123_000_000),
            "X",
            id,
            id % 3 == 0 ? TakerSide.SELL : TakerSide.BUY,
            new BigDecimal(price),
            new BigDecimal(contracts),
            contract));
  }

  /** Greater than zero, with at most 12 digits before and after the point. */
  private static String number(Random random) {
    long whole = random.nextLong(1L << random.nextInt(40));
    long fraction = random.nextLong(1, 1_000_000_000_000L);
    return whole % 1_000_000_000_000L + "." + String.format("%012d", fraction);
  }

  private static Contract linear(String value, String multiplier) {
    return new Contract(new BigDecimal(value), new BigDecimal(multiplier), ContractType.LINEAR);
  }
}
