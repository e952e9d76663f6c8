package io.tapelake.jobs;

import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Random;

/**
 * A vault of three instruments around a midnight: a linear one, one of tiny prices, an inverse one;
 * with a repeated line, a line that contradicts it, and one that is no trade.
 */
final class SampleVault {

  /** After the last trade's minute is closed. */
  static final String AS_OF = "2026-01-03T12:00:00Z";

  private static final Instant FIRST = Instant.parse("2026-01-02T20:00:00Z");
  private static final int TRADES = 2_000;

  private SampleVault() {}

  /** Writes it; always the same one. */
  static void write(Path vault) throws IOException {
    write(vault, "BTC-USDT-SWAP", "101250.5", new Contract(number("0.01"), number("1"), linear()));
    write(
        vault, "PEPE-USDT-SWAP", "0.00001234", new Contract(number("1000"), number("1"), linear()));
    write(
        vault,
        "BTC-USD-SWAP",
        "101250.5",
        new Contract(number("100"), number("1"), ContractType.INVERSE));
  }

  private static void write(Path vault, String instrument, String price, Contract contract)
      throws IOException {
    Random random = new Random(instrument.hashCode());
    Instant time = FIRST;
    for (int id = 1; id <= TRADES; id++) {
      time = time.plusMillis(random.nextInt(id % 500 == 0 ? 3_000_000 : 20_000));
      BigDecimal change = BigDecimal.valueOf(random.nextInt(2_000) - 1_000, 5);
      Trade trade =
          new Trade(
              time,
              instrument,
              id,
              random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL,
              number(price)
                  .multiply(BigDecimal.ONE.add(change))
                  .setScale(10, RoundingMode.HALF_EVEN),
              BigDecimal.valueOf(1 + random.nextInt(10_000), 2),
              contract);
      append(vault, trade, TradeLine.format(trade));
      if (id == 1_000) {
        append(vault, trade, TradeLine.format(trade));
        append(vault, trade, TradeLine.format(trade).replace("\"price\":\"", "\"price\":\"9"));
        append(vault, trade, "{\"timestamp_utc\":");
      }
    }
  }

  private static void append(Path vault, Trade trade, String line) throws IOException {
    Path file = vault.resolve(new DayFile(trade.instrument(), trade.day()).rawPath());
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        line.endsWith("\n") ? line : line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }

  private static ContractType linear() {
    return ContractType.LINEAR;
  }
}
