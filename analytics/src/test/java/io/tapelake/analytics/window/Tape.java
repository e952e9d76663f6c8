package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/** Trades of one instrument, ascending, and their minutes. */
record Tape(List<Trade> trades) {

  private static final long FIRST_DAY = 20_436;

  /** The first minute of the first day. */
  static final long START = FIRST_DAY * DayBars.MINUTES_A_DAY;

  /** A trade's minute since 1970-01-01T00:00Z. */
  static long minute(Trade trade) {
    return Math.floorDiv(trade.time().getEpochSecond(), 60L);
  }

  /** Trades of some days with bursts, quiet hours, and prices of any size on ticks of any size. */
  static Tape random(Random random) {
    Contract[] terms = {contract(random), contract(random)};
    int decimals = random.nextInt(13) - 4;
    BigDecimal tick = BigDecimal.valueOf(new int[] {1, 2, 5}[random.nextInt(3)], decimals);
    // 1e-6 to 1e6: ticks from a hundredth of a basis point of the price to a tenth of it.
    long ticks = 10 + random.nextLong((long) Math.pow(10, 1 + random.nextInt(6)));
    long wander = Math.max(2, ticks / (random.nextInt(5) == 0 ? 5 : 2000));
    List<Trade> trades = new ArrayList<>();
    long milli = START * 60_000 + random.nextInt(86_400_000);
    int count = 60 + random.nextInt(120);
    for (int id = 1; id <= count; id++) {
      milli += pause(random);
      ticks = Math.max(1, ticks + random.nextLong(2 * wander + 1) - wander);
      Contract contract = terms[random.nextInt(20) == 0 ? 1 : 0];
      BigDecimal quantity = BigDecimal.valueOf(1 + random.nextInt(5000), random.nextInt(4));
      TakerSide side = random.nextInt(3) == 0 ? TakerSide.BUY : TakerSide.SELL;
      BigDecimal price = tick.multiply(BigDecimal.valueOf(ticks));
      trades.add(new Trade(Instant.ofEpochMilli(milli), "X", id, side, price, quantity, contract));
    }
    return new Tape(trades);
  }

  private static long pause(Random random) {
    return switch (random.nextInt(40)) {
      case 0 -> random.nextInt(100_000_000);
      case 1, 2, 3 -> random.nextInt(12_000_000);
      case 4, 5, 6, 7, 8, 9, 10, 11, 12 -> random.nextInt(300_000);
      case 13, 14, 15 -> 0;
      default -> random.nextInt(40_000);
    };
  }

  private static Contract contract(Random random) {
    return new Contract(
        BigDecimal.ONE.movePointRight(random.nextInt(6) - 3).setScale(3, RoundingMode.UNNECESSARY),
        BigDecimal.ONE,
        random.nextBoolean() ? ContractType.LINEAR : ContractType.INVERSE);
  }

  /** The minutes with trades. */
  NavigableMap<Long, MinuteBar> bars() {
    Map<Long, DayBars> days = new TreeMap<>();
    ParsedTrade holder = new ParsedTrade();
    for (Trade trade : trades) {
      holder.setTime(trade.time().getEpochSecond(), trade.time().getNano());
      holder.setId(trade.id());
      holder.setSide(trade.side());
      holder.setPrice(trade.price());
      holder.setContracts(trade.contracts());
      holder.setContract(trade.contract());
      long day = Math.floorDiv(minute(trade), (long) DayBars.MINUTES_A_DAY);
      days.computeIfAbsent(day, key -> new DayBars(key, true)).add(holder);
    }
    NavigableMap<Long, MinuteBar> bars = new TreeMap<>();
    days.values().forEach(day -> day.toBars().forEach(bar -> bars.put(bar.minute(), bar)));
    return bars;
  }
}
