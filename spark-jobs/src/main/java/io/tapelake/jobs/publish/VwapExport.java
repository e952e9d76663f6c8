package io.tapelake.jobs.publish;

import io.tapelake.jobs.minute.SqlDecimal;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.window.VwapRow;
import io.tapelake.vault.VaultLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The compatible export {@code vwap_1m.jsonl}: one line a closed minute, ascending. The windows 1h
 * and 4h come first, VWAPs before counts, the others behind them in configured order.
 */
public final class VwapExport extends MinuteExport<VwapRow> {

  /** The keys that every reader of the export knows; their places do not change. */
  private static final List<String> FIRST_WINDOWS = List.of("1h", "4h");

  private final List<Column> columns;

  /** A key of the export: the VWAP of a window, the session or an anchor, or its count. */
  private record Column(String key, int span, boolean isCount) {}

  public VwapExport(VaultStore store, List<String> spans) {
    super(store);
    columns = columns(spans);
  }

  private static List<Column> columns(List<String> spans) {
    List<Column> first = new ArrayList<>();
    List<Column> counts = new ArrayList<>();
    List<Column> others = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      String name = spans.get(i);
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

  @Override
  public String path(String instrument) {
    return VaultLayout.vwapExport(instrument);
  }

  @Override
  long minute(VwapRow row) {
    return row.minute();
  }

  @Override
  public String line(VwapRow row) {
    StringBuilder line = new StringBuilder(256).append(lineStart(row.minute(), row.instrument()));
    for (Column column : columns) {
      VwapRow.Figures figures = row.spans().get(column.span());
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
}
