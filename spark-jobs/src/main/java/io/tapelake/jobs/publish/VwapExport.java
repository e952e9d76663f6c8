package io.tapelake.jobs.publish;

import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * The compatible export {@code vwap_1m.jsonl}: one line a closed minute, ascending. The windows 1h
 * and 4h come first, VWAPs before counts, the others behind them in configured order. Lines are
 * made of rows of {@code vwap_1m}, the values their exact texts.
 */
public final class VwapExport extends MinuteExport<Row> {

  /** The keys that every reader of the export knows; their places do not change. */
  private static final List<String> FIRST_WINDOWS = List.of("1h", "4h");

  private final List<Column> columns;

  /**
   * A key of the export: the VWAP of a window, the session or an anchor, or its count.
   *
   * @param start what stands before its value in a line
   * @param column of its value in the table
   */
  private record Column(String start, String column, boolean isCount) {

    static Column vwap(String span) {
      return new Column(",\"vwap_" + span + "\":", "vwap_" + span + "_exact", false);
    }

    static Column count(String span) {
      return new Column(",\"trade_count_" + span + "\":", "trade_count_" + span, true);
    }
  }

  public VwapExport(VaultStore store, List<String> spans) {
    super(store);
    columns = columns(spans);
  }

  private static List<Column> columns(List<String> spans) {
    List<String> first = new ArrayList<>(FIRST_WINDOWS);
    first.retainAll(spans);
    List<Column> columns = new ArrayList<>();
    first.forEach(span -> columns.add(Column.vwap(span)));
    first.forEach(span -> columns.add(Column.count(span)));
    for (String span : spans) {
      if (!first.contains(span)) {
        columns.add(Column.vwap(span));
        columns.add(Column.count(span));
      }
    }
    return columns;
  }

  @Override
  public String path(String instrument) {
    return VaultLayout.vwapExport(instrument);
  }

  @Override
  long minute(Row row) {
    return LakeSchema.minute(row);
  }

  @Override
  public String line(Row row) {
    StringBuilder line =
        new StringBuilder(256).append(lineStart(minute(row), row.<String>getAs("inst_id")));
    for (Column column : columns) {
      line.append(column.start());
      Object value = row.getAs(column.column());
      if (column.isCount() || value == null) {
        line.append(value);
      } else {
        line.append('"').append(value).append('"');
      }
    }
    return line.append('}').toString();
  }
}
