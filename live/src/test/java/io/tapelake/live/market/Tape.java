package io.tapelake.live.market;

import io.tapelake.analytics.signal.SignalSettings;
import io.tapelake.analytics.window.Spans;
import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Made-up trades. */
public final class Tape {

  public static final String BTC = "BTC-USDT-SWAP";

  public static final Contract LINEAR =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  private Tape() {}

  /** Settings with some windows and a grace of ten seconds. */
  public static LiveSettings settings(String windows) {
    return new LiveSettings(
        new Spans(WindowSpec.parseList(windows), true, List.of()),
        Duration.ofSeconds(10),
        0.01,
        SignalSettings.of(Map.of()));
  }

  /** A trade. */
  public static Trade trade(String time, long id, String side, String price, String contracts) {
    return new Trade(
        Instant.parse(time),
        BTC,
        id,
        TakerSide.parse(side),
        new BigDecimal(price),
        new BigDecimal(contracts),
        LINEAR);
  }

  /** Trades with dense ids whose price walks and whose pauses vary, ascending in time. */
  public static List<Trade> walk(Random random, Instant from, int count, int mostMillis) {
    List<Trade> trades = new ArrayList<>();
    long millis = from.toEpochMilli();
    long ticks = 1_000_000;
    for (int i = 0; i < count; i++) {
      millis += random.nextInt(mostMillis);
      ticks = Math.max(1000, ticks + random.nextInt(41) - 20);
      trades.add(
          new Trade(
              Instant.ofEpochMilli(millis),
              BTC,
              1000 + i,
              random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL,
              BigDecimal.valueOf(ticks, 1),
              BigDecimal.valueOf(1 + random.nextInt(5000), 2),
              LINEAR));
    }
    return trades;
  }

  /** The same as a parser has it. */
  public static ParsedTrade parsed(Trade trade) {
    ParsedTrade parsed = new ParsedTrade();
    parsed.setTime(trade.time().getEpochSecond(), trade.time().getNano());
    parsed.setId(trade.id());
    parsed.setSide(trade.side());
    parsed.setPrice(trade.price());
    parsed.setContracts(trade.contracts());
    parsed.setContract(trade.contract());
    return parsed;
  }
}
