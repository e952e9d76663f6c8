package io.tapelake.jobs.export;

import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.TradeLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A file of JSON lines that begin with the minute they are about, ascending. Not thread-safe.
 *
 * @param <R> what a line is made of
 */
public abstract class MinuteExport<R> {

  private static final String MINUTE_KEY = "{\"window_start_utc\":\"";

  /** What every line begins with: before the minute, between it and the instrument, and behind. */
  static final byte[] MINUTE_START = ascii(MINUTE_KEY);

  static final byte[] INSTRUMENT_START = ascii("\",\"instId\":\"");
  static final byte[] EXCHANGE_AND_MARKET =
      ascii(
          "\",\"exchange\":\""
              + TradeLine.EXCHANGE_NAME
              + "\",\"market\":\""
              + TradeLine.MARKET_NAME
              + '"');

  /** Lines that are made together. */
  private static final int LINES_AT_ONCE = 128;

  private static final int USUAL_LENGTH = 1 << 9;

  /** {@code 2025-12-14T21:34:00Z} */
  private static final int MINUTE_LENGTH = 20;

  private final Export export;
  private final VaultStore store;

  /** The line that is being written. */
  private final LineBytes line = new LineBytes(USUAL_LENGTH);

  MinuteExport(Export export, VaultStore store) {
    this.export = export;
    this.store = store;
  }

  /** The file of an instrument, as a path in the vault. */
  public final String path(String instrument) {
    return export.path(instrument);
  }

  abstract long minute(R row);

  /** Adds a row's line, without its LF. */
  abstract void add(R row, LineBytes out);

  /** A row's line, without its LF. */
  public final String line(R row) {
    LineBytes out = new LineBytes(USUAL_LENGTH);
    add(row, out);
    return out.toString();
  }

  /**
   * Adds rows behind the last one.
   *
   * @param length the export's length before
   * @param rows of one instrument, ascending
   * @return the export's length after
   */
  public long append(String instrument, long length, List<R> rows) throws IOException {
    List<LineBytes> portions =
        IntStream.rangeClosed(0, (rows.size() - 1) / LINES_AT_ONCE)
            .parallel()
            .mapToObj(i -> lines(rows, i * LINES_AT_ONCE))
            .toList();
    byte[] bytes = new byte[portions.stream().mapToInt(LineBytes::length).sum()];
    int end = 0;
    for (LineBytes portion : portions) {
      portion.copyTo(bytes, end);
      end += portion.length();
    }
    store.append(path(instrument), length, bytes);
    return length + bytes.length;
  }

  private LineBytes lines(List<R> rows, int from) {
    LineBytes out = new LineBytes(LINES_AT_ONCE * USUAL_LENGTH);
    for (R row : rows.subList(from, Math.min(rows.size(), from + LINES_AT_ONCE))) {
      add(row, out);
      out.add('\n');
    }
    return out;
  }

  /**
   * Puts rows in place of those in some ranges of minutes, by replacing the file as a whole.
   *
   * @param rows of one instrument, ascending, all of them within the ranges
   * @param replaced disjoint ranges, ascending
   * @return the export's length after
   */
  public long replace(String instrument, List<R> rows, List<MinuteRange> replaced)
      throws IOException {
    String path = path(instrument);
    if (!store.exists(path)) {
      store.replace(path, out -> writeAll(rows.iterator(), out));
      return store.length(path);
    }
    try (BufferedReader old =
        new BufferedReader(
            new InputStreamReader(store.open(path, 0), StandardCharsets.UTF_8), 1 << 16)) {
      store.replace(path, out -> merge(old, rows, replaced, out));
    }
    return store.length(path);
  }

  /** Writes the whole export anew and returns its length. */
  public long rewrite(String instrument, Iterator<R> rows) throws IOException {
    String path = path(instrument);
    store.replace(path, out -> writeAll(rows, out));
    return store.length(path);
  }

  private void writeAll(Iterator<R> rows, OutputStream out) throws IOException {
    while (rows.hasNext()) {
      write(rows.next(), out);
    }
  }

  private void merge(BufferedReader old, List<R> rows, List<MinuteRange> replaced, OutputStream out)
      throws IOException {
    int next = 0;
    for (String line = old.readLine(); line != null; line = old.readLine()) {
      long minute = minute(line);
      while (next < rows.size() && minute(rows.get(next)) <= minute) {
        write(rows.get(next++), out);
      }
      if (replaced.stream().noneMatch(range -> range.contains(minute))) {
        write(line, out);
      }
    }
    while (next < rows.size()) {
      write(rows.get(next++), out);
    }
  }

  /** The minute that a line is about, since 1970-01-01T00:00Z. */
  public static long minute(String line) {
    int from = MINUTE_KEY.length();
    return Instant.parse(line.substring(from, from + MINUTE_LENGTH)).getEpochSecond() / 60;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes a row's line; how many bytes it has. */
  public int write(R row, OutputStream out) throws IOException {
    add(row, line.clear());
    line.add('\n').writeTo(out);
    return line.length();
  }

  private static void write(String line, OutputStream out) throws IOException {
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }
}
