package io.tapelake.jobs.publish;

import io.tapelake.jobs.minute.SqlDecimal;
import io.tapelake.jobs.plan.WindowSpec;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.window.MinuteRange;
import io.tapelake.jobs.window.VwapRow;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/**
 * The compatible export {@code vwap_1m.jsonl}: one line a closed minute, ascending. The windows 1h
 * and 4h come first, VWAPs before counts, the others behind them in configured order.
 */
public final class VwapExport {

  /** The keys that every reader of the export knows; their places do not change. */
  private static final List<String> FIRST_WINDOWS = List.of("1h", "4h");

  private static final String MINUTE_KEY = "{\"window_start_utc\":\"";

  /** {@code 2025-12-14T21:34:00Z} */
  private static final int MINUTE_LENGTH = 20;

  private final VaultStore store;
  private final List<Column> columns;

  /** A key of the export: a window's VWAP or its count. */
  private record Column(String key, int window, boolean isCount) {}

  public VwapExport(VaultStore store, List<WindowSpec> windows) {
    this.store = store;
    columns = columns(windows);
  }

  private static List<Column> columns(List<WindowSpec> windows) {
    List<Column> first = new ArrayList<>();
    List<Column> counts = new ArrayList<>();
    List<Column> others = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      String name = windows.get(i).name();
      Column vwap = new Column("vwap_" + name, i, false);
      Column count = new Column("trade_count_" + name, i, true);
      boolean isFirst = FIRST_WINDOWS.contains(name);
      (isFirst ? first : others).add(vwap);
      (isFirst ? counts : others).add(count);
    }
    Comparator<Column> byKey = Comparator.comparing(Column::key);
    first.sort(byKey);
    counts.sort(byKey);
    List<Column> all = new ArrayList<>(first);
    all.addAll(counts);
    all.addAll(others);
    return all;
  }

  /** A row's line, without its LF. */
  public String line(VwapRow row) {
    StringBuilder line =
        new StringBuilder(256)
            .append(MINUTE_KEY)
            .append(LakeSchema.instant(row.minute()))
            .append("\",\"instId\":\"")
            .append(row.instrument())
            .append("\",\"exchange\":\"")
            .append(TradeLine.EXCHANGE_NAME)
            .append("\",\"market\":\"")
            .append(TradeLine.MARKET_NAME)
            .append('"');
    for (Column column : columns) {
      VwapRow.Figures figures = row.windows().get(column.window());
      line.append(",\"").append(column.key()).append("\":");
      if (column.isCount()) {
        line.append(figures.tradeCount());
      } else if (figures.vwap() == null) {
        line.append("null");
      } else {
        line.append('"').append(SqlDecimal.text(figures.vwap())).append('"');
      }
    }
    return line.append('}').toString();
  }

  /**
   * Adds rows behind the last one.
   *
   * @param length the export's length before
   * @param rows of one instrument, ascending
   * @return the export's length after
   */
  public long append(String instrument, long length, List<VwapRow> rows) throws IOException {
    StringBuilder lines = new StringBuilder(rows.size() * 256);
    rows.forEach(row -> lines.append(line(row)).append('\n'));
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    store.append(VaultLayout.vwapExport(instrument), length, bytes);
    return length + bytes.length;
  }

  /**
   * Puts rows in place of those in some ranges of minutes, by replacing the file as a whole.
   *
   * @param rows of one instrument, ascending, all of them within the ranges
   * @param replaced disjoint ranges, ascending
   * @return the export's length after
   */
  public long replace(String instrument, List<VwapRow> rows, List<MinuteRange> replaced)
      throws IOException {
    String path = VaultLayout.vwapExport(instrument);
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
  public long rewrite(String instrument, Iterator<VwapRow> rows) throws IOException {
    String path = VaultLayout.vwapExport(instrument);
    store.replace(path, out -> writeAll(rows, out));
    return store.length(path);
  }

  private void writeAll(Iterator<VwapRow> rows, OutputStream out) throws IOException {
    while (rows.hasNext()) {
      write(line(rows.next()), out);
    }
  }

  private void merge(
      BufferedReader old, List<VwapRow> rows, List<MinuteRange> replaced, OutputStream out)
      throws IOException {
    int next = 0;
    for (String line = old.readLine(); line != null; line = old.readLine()) {
      long minute = minute(line);
      while (next < rows.size() && rows.get(next).minute() <= minute) {
        write(line(rows.get(next++)), out);
      }
      if (replaced.stream().noneMatch(range -> range.contains(minute))) {
        write(line, out);
      }
    }
    while (next < rows.size()) {
      write(line(rows.get(next++)), out);
    }
  }

  /** The minute that a line is about, since 1970-01-01T00:00Z. */
  public static long minute(String line) {
    int from = MINUTE_KEY.length();
    return Instant.parse(line.substring(from, from + MINUTE_LENGTH)).getEpochSecond() / 60;
  }

  private static void write(String line, OutputStream out) throws IOException {
    out.write(line.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }
}
