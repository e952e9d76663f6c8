package io.tapelake.jobs.benchmark;

import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.SplittableRandom;

/**
 * Writes day files as the collector does, at the speed of a disk: each line is put together from
 * bytes. Prices walk at random, one trade in {@value #REPEATED} is repeated right behind itself.
 */
final class TapeWriter {

  static final int REPEATED = 10_000;

  private static final int MILLIS_A_DAY = 86_400_000;
  private static final int BUFFER = 1 << 20;
  private static final int LONGEST_LINE = 512;

  private final byte[] toTime;
  private final byte[] toId;
  private final byte[] toSide = ascii("\",\"side\":\"");
  private final byte[] toPrice = ascii("\",\"price\":\"");
  private final byte[] toContracts = ascii("\",\"qty_contracts\":\"");
  private final byte[] toEnd;
  private final int priceScale;
  private final byte[] buffer = new byte[BUFFER];
  private int filled;
  private long price;

  TapeWriter(String instrument, long price, int priceScale, String contractValue) {
    this.price = price;
    this.priceScale = priceScale;
    toTime = ascii("{\"timestamp_utc\":\"");
    toId =
        ascii(
            "Z\",\"exchange\":\"okx\",\"market\":\"perp\",\"instId\":\"%s\",\"symbol_canon\":\"%s\",\"trade_id\":\""
                .formatted(instrument, TradeLine.canonicalSymbol(instrument)));
    toEnd =
        ascii(
            "\",\"ctVal\":\"%s\",\"ctMult\":\"1\",\"ctType\":\"linear\"}\n"
                .formatted(contractValue));
  }

  /** Writes one whole day. */
  void writeDay(Path file, LocalDate day, long firstId, int trades, SplittableRandom random)
      throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      write(out, day, 0, MILLIS_A_DAY, firstId, trades, random);
    }
  }

  /** Writes the trades of [from, to), milliseconds of the day. */
  void write(
      OutputStream out,
      LocalDate day,
      int from,
      int to,
      long firstId,
      int trades,
      SplittableRandom random)
      throws IOException {
    byte[] date = ascii(day + "T");
    double step = (double) (to - from) / trades;
    for (int i = 0; i < trades; i++) {
      int start = filled;
      line(date, from + (int) ((i + random.nextDouble()) * step), firstId + i, random);
      if (random.nextInt(REPEATED) == 0) {
        put(buffer, start, filled - start);
      }
      if (filled > BUFFER - 2 * LONGEST_LINE) {
        out.write(buffer, 0, filled);
        filled = 0;
      }
    }
    out.write(buffer, 0, filled);
    filled = 0;
  }

  private void line(byte[] date, int milli, long id, SplittableRandom random) {
    price = Math.max(1000, price + random.nextInt(5) - 2);
    put(toTime);
    put(date);
    padded(milli / 3_600_000, 2, ':');
    padded(milli / 60_000 % 60, 2, ':');
    padded(milli / 1000 % 60, 2, '.');
    padded(milli % 1000, 3, toId[0]);
    put(toId, 1, toId.length - 1);
    number(id, 0);
    put(toSide);
    put(random.nextBoolean() ? BUY : SELL);
    put(toPrice);
    number(price, priceScale);
    put(toContracts);
    int digits = random.nextInt(5);
    number(1 + random.nextInt(POWERS[digits]), random.nextInt(3) == 0 ? 2 : 0);
    put(toEnd);
  }

  private static final byte[] BUY = ascii("buy");
  private static final byte[] SELL = ascii("sell");
  private static final int[] POWERS = {10, 100, 1000, 10_000, 100_000};

  private void padded(int value, int width, int then) {
    for (int i = width - 1, rest = value; i >= 0; i--, rest /= 10) {
      buffer[filled + i] = (byte) ('0' + rest % 10);
    }
    buffer[filled + width] = (byte) then;
    filled += width + 1;
  }

  /** A decimal number without trailing zeros behind its point. */
  private void number(long unscaled, int scale) {
    long value = unscaled;
    int places = scale;
    while (places > 0 && value % 10 == 0) {
      value /= 10;
      places--;
    }
    int from = filled;
    int written = 0;
    do {
      if (places > 0 && written == places) {
        buffer[filled++] = '.';
      }
      buffer[filled++] = (byte) ('0' + value % 10);
      value /= 10;
      written++;
    } while (value > 0 || written <= places);
    for (int i = from, j = filled - 1; i < j; i++, j--) {
      byte each = buffer[i];
      buffer[i] = buffer[j];
      buffer[j] = each;
    }
  }

  private void put(byte[] bytes) {
    put(bytes, 0, bytes.length);
  }

  private void put(byte[] bytes, int from, int length) {
    System.arraycopy(bytes, from, buffer, filled, length);
    filled += length;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
