package io.tapelake.jobs.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** The first rows of a result. */
public final class ResultTable {

  private final StructType schema;
  private final List<Row> rows;
  private final boolean hasMore;

  /** Rows that are there already. */
  public ResultTable(StructType schema, List<Row> rows, boolean hasMore) {
    this.schema = schema;
    this.rows = rows;
    this.hasMore = hasMore;
  }

  /** Runs a query for at most {@code limit} rows; 0 for all. */
  public static ResultTable of(Dataset<Row> result, int limit) {
    if (limit == 0) {
      return new ResultTable(result.schema(), result.collectAsList(), false);
    }
    List<Row> found = result.limit(limit + 1).collectAsList();
    boolean hasMore = found.size() > limit;
    return new ResultTable(result.schema(), hasMore ? found.subList(0, limit) : found, hasMore);
  }

  public StructType schema() {
    return schema;
  }

  public List<Row> rows() {
    return rows;
  }

  /** Whether the result has more rows than were asked for. */
  public boolean hasMore() {
    return hasMore;
  }

  /** Whether a column holds numbers. */
  public boolean isNumber(int column) {
    return schema.fields()[column].dataType() instanceof NumericType;
  }

  /** A cell as text; null for NULL. */
  public String cell(Row row, int column) {
    return row.isNullAt(column) ? null : text(row.get(column));
  }

  /** The rows as a table of plain text. */
  public String text() {
    String[] columns = schema.fieldNames();
    List<String[]> lines = new ArrayList<>();
    int[] widths = Arrays.stream(columns).mapToInt(String::length).toArray();
    for (Row row : rows) {
      String[] line = new String[columns.length];
      for (int i = 0; i < columns.length; i++) {
        line[i] = row.isNullAt(i) ? "NULL" : text(row.get(i));
        widths[i] = Math.max(widths[i], line[i].length());
      }
      lines.add(line);
    }
    StringBuilder text = new StringBuilder();
    appendLine(text, columns, widths);
    text.append(String.join("  ", Arrays.stream(widths).mapToObj("-"::repeat).toList()));
    text.append('\n');
    lines.forEach(line -> appendLine(text, line, widths));
    return text.toString();
  }

  private void appendLine(StringBuilder text, String[] cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String padding = " ".repeat(widths[i] - cells[i].length());
      line.append(i == 0 ? "" : "  ").append(isNumber(i) ? padding + cells[i] : cells[i] + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /** A value as people read it: decimals without trailing zeros and without an exponent. */
  static String text(Object value) {
    return value instanceof BigDecimal number
        ? (number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString())
        : value.toString();
  }
}
