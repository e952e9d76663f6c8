package io.tapelake.notebooks;

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
import java.util.List;
import java.util.Random;

/**
 * A vault with a price that wanders for eight hours of one day: two instruments, a trade every
 * seven seconds, one id missing, one line refused; and one trade that comes after the first six
 * hours were read.
 */
final class TapeVault {

  static final List<String> INSTRUMENTS = List.of("BTC-USDT-SWAP", "ETH-USDT-SWAP");

  static final Instant FIRST = Instant.parse("2026-01-02T14:00:00Z");
  static final int HOURS = 8;
  static final int HOURS_READ_FIRST = 6;

  /** The late trade's minute. */
  static final Instant LATE = FIRST.plusSeconds(2 * 3600 + 5 * 60);

  private static final int SECONDS = 7;
  private static final int MISSING_ID = 1_500;
  private static final int REFUSED_AFTER_ID = 700;
  private static final Contract CONTRACT =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  private final Path root;

  TapeVault(Path root) {
    this.root = root;
  }

  /** When the first six hours are closed. */
  static Instant firstAsOf() {
    return FIRST.plusSeconds(HOURS_READ_FIRST * 3600L + 30);
  }

  /** When everything is closed. */
  static Instant lastAsOf() {
    return FIRST.plusSeconds(HOURS * 3600L + 3600);
  }

  /** The trades of one instrument when all is written, the late one too. */
  static long trades() {
    return HOURS * 3600 / SECONDS + 2;
  }

  void writeFirstHours() throws IOException {
    for (String instrument : INSTRUMENTS) {
      write(instrument, 0, HOURS_READ_FIRST * 3600);
    }
  }

  void writeTheRestAndALateTrade() throws IOException {
    for (String instrument : INSTRUMENTS) {
      write(instrument, HOURS_READ_FIRST * 3600, HOURS * 3600);
      BigDecimal price = new BigDecimal(instrument.startsWith("BTC") ? "101250" : "3420");
      append(trade(instrument, 1_000_000, LATE, price, 5, TakerSide.BUY));
    }
  }

  private void write(String instrument, int from, int to) throws IOException {
    Random random = new Random(instrument.hashCode());
    double price = instrument.startsWith("BTC") ? 101_250 : 3_420;
    StringBuilder lines = new StringBuilder();
    int id = 0;
    for (int second = 0; second < to; second += SECONDS) {
      id += id == MISSING_ID - 1 ? 2 : 1;
      price *= 1 + random.nextGaussian() / 2_500;
      TakerSide side = random.nextInt(100) < 52 ? TakerSide.BUY : TakerSide.SELL;
      int quantity = 1 + random.nextInt(400);
      if (second < from) {
        continue;
      }
      BigDecimal shown = BigDecimal.valueOf(price).setScale(1, RoundingMode.HALF_EVEN);
      lines.append(line(trade(instrument, id, FIRST.plusSeconds(second), shown, quantity, side)));
      if (id == REFUSED_AFTER_ID) {
        lines.append("{\"timestamp_utc\":\"2026-01-02T15:21:\n");
      }
    }
    Files.writeString(file(instrument), lines, CREATE_OR_APPEND);
  }

  private static final StandardOpenOption[] CREATE_OR_APPEND = {
    StandardOpenOption.CREATE, StandardOpenOption.APPEND
  };

  private void append(Trade trade) throws IOException {
    Files.writeString(file(trade.instrument()), line(trade), CREATE_OR_APPEND);
  }

  private static Trade trade(
      String instrument, long id, Instant time, BigDecimal price, int quantity, TakerSide side) {
    return new Trade(time, instrument, id, side, price, BigDecimal.valueOf(quantity, 1), CONTRACT);
  }

  private static String line(Trade trade) {
    String line = TradeLine.format(trade);
    return line.endsWith("\n") ? line : line + "\n";
  }

  private Path file(String instrument) throws IOException {
    Path file =
        root.resolve(
            new DayFile(instrument, FIRST.atZone(java.time.ZoneOffset.UTC).toLocalDate())
                .rawPath());
    Files.createDirectories(file.getParent());
    return file;
  }
}
