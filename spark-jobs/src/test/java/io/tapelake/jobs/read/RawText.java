package io.tapelake.jobs.read;

import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;

/** A raw file that is put together line by line, in memory. */
final class RawText {

  static final DayFile FILE = new DayFile("BTC-USDT-SWAP", LocalDate.of(2025, 12, 14));
  static final long FIRST_MINUTE = FILE.day().toEpochDay() * 1440;

  private static final Contract TERMS =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A trade in the middle of a minute of the day, at a price that its id makes. */
  RawText trade(long id, int minute) {
    return line(trade(id, minute, BigDecimal.valueOf(1_000_000 + id * 7 % 100_000, 1)));
  }

  /** One that says something else about an id than {@link #trade(long, int)}. */
  RawText otherTrade(long id, int minute) {
    return line(trade(id, minute, BigDecimal.ONE));
  }

  RawText line(String text) {
    bytes.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Bytes without an LF behind them. */
  RawText tail(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  int length() {
    return bytes.size();
  }

  static RawBytes in(byte[] content) {
    return offset -> {
      int from = (int) Math.min(offset, content.length);
      return new ByteArrayInputStream(content, from, content.length - from);
    };
  }

  /**
   * An outcome with every minute's flow, as a run makes it.
   *
   * @param tradesHeld how many trades are sorted at a time
   */
  static FileOutcome sorted(FileOutcome outcome, byte[] content, long tradesHeld)
      throws IOException {
    return MinuteSort.sorted(outcome, UnsortedMinutes.of(outcome, tradesHeld), in(content));
  }

  private static String trade(long id, int minute, BigDecimal price) {
    Instant time = Instant.ofEpochSecond((FIRST_MINUTE + minute) * 60 + 30, id % 1000 * 1_000_000);
    TakerSide side = id % 3 == 0 ? TakerSide.BUY : TakerSide.SELL;
    BigDecimal contracts = BigDecimal.valueOf(1 + id % 50, 1);
    return TradeLine.format(new Trade(time, FILE.instrument(), id, side, price, contracts, TERMS));
  }
}
