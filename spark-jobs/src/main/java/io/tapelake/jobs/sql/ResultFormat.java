package io.tapelake.jobs.sql;

import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.tapelake.jobs.outcome.JobException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How rows are printed. */
public enum ResultFormat {
  /** Columns for people, and how many rows there are. */
  TABLE,
  /**
   * A line of names, then a line for each row, quoted as RFC 4180 says; lines end with LF. NULL is
   * empty, an empty text is {@code ""}.
   */
  CSV,
  /** One array of objects. */
  JSON,
  /** An object a line. */
  JSONL,
  /** A Parquet file, which is never printed. */
  PARQUET;

  private static final int FEW_ROWS = 10_000;
  private static final int FLUSH_CHARACTERS = 1 << 16;

  /** The formats that can be asked for. */
  public static final String NAMES = "table|csv|json|jsonl|parquet";

  /**
   * The format of a name.
   *
   * @throws JobException usage when there is none
   */
  public static ResultFormat parse(String name) {
    for (ResultFormat format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
        return format;
      }
    }
    throw JobException.usage(
        "unknown format '%s': give table, csv, json, jsonl or parquet".formatted(name));
  }

  /**
   * Prints at most {@code limit} rows, or all for 0, as they come; false when there are more. Ends
   * where the reader of {@code out} went away.
   */
  public boolean print(Dataset<Row> result, int limit, PrintStream out) {
    if (result.columns().length == 0) { // a statement that only did something
      return true;
    }
    boolean asJson = this == JSON || this == JSONL;
    Dataset<Row> shown = asJson ? objects(result) : ResultTable.printable(result);
    Iterator<Row> rows = rows(shown, limit);
    try {
      Limited first = new Limited(rows, limit == 0 ? Long.MAX_VALUE : limit);
      switch (this) {
        case JSON -> printArray(first, out);
        case JSONL -> lines(first, row -> row.getString(0), out);
        case CSV -> {
          out.print(csv(List.of(result.columns())) + "\n");
          lines(first, ResultFormat::csv, out);
        }
        case TABLE -> printTable(shown, first, out);
        case PARQUET -> throw new IllegalArgumentException("Parquet is a file, not lines");
      }
      return !rows.hasNext();
    } finally {
      if (rows instanceof RowStream stream) {
        stream.close();
      }
    }
  }

  private static Iterator<Row> rows(Dataset<Row> result, int limit) {
    if (limit == 0 || limit == Integer.MAX_VALUE) {
      return RowStream.of(result);
    }
    Dataset<Row> some = result.limit(limit + 1); // one more tells that there are more
    return limit <= FEW_ROWS ? some.collectAsList().iterator() : RowStream.of(some);
  }

  /** The first rows of others. */
  private static final class Limited implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final long limit;
    private long count;

    Limited(Iterator<Row> rows, long limit) {
      this.rows = rows;
      this.limit = limit;
    }

    @Override
    public boolean hasNext() {
      return count < limit && rows.hasNext();
    }

    @Override
    public Row next() {
      count++;
      return rows.next();
    }
  }

  private static void lines(Iterator<Row> rows, Function<Row, String> line, PrintStream out) {
    separated(rows, line, "\n", out);
  }

  private static void separated(
      Iterator<Row> rows, Function<Row, String> line, String end, PrintStream out) {
    StringBuilder text = new StringBuilder();
    while (rows.hasNext() && !(text.isEmpty() && out.checkError())) {
      text.append(line.apply(rows.next())).append(rows.hasNext() ? end : "\n");
      if (text.length() > FLUSH_CHARACTERS || !rows.hasNext()) {
        out.print(text);
        text.setLength(0);
      }
    }
  }

  private static Dataset<Row> objects(Dataset<Row> result) {
    return result.select(to_json(struct("*"), ResultTable.JSON));
  }

  private static void printArray(Iterator<Row> rows, PrintStream out) {
    out.print("[\n");
    separated(rows, row -> row.getString(0), ",\n", out);
    out.print("]\n");
  }

  /** A row as a line of CSV, without its end. */
  public static String csv(Row row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      cells.add(row.isNullAt(i) ? null : ResultTable.text(row.get(i)));
    }
    return csv(cells);
  }

  /** Cells as a line of CSV, without its end; null is empty. */
  public static String csv(List<String> cells) {
    StringBuilder line = new StringBuilder();
    String separator = "";
    for (String cell : cells) {
      line.append(separator);
      separator = ",";
      if (cell != null) {
        boolean plain =
            !cell.isEmpty()
                && cell.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        line.append(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
      }
    }
    return line.toString();
  }

  /** The first rows decide how wide columns are. */
  private static void printTable(Dataset<Row> result, Limited rows, PrintStream out) {
    List<Row> first = new ArrayList<>();
    while (first.size() < FEW_ROWS && rows.hasNext()) {
      first.add(rows.next());
    }
    ResultTable table = new ResultTable(result.schema(), first, false);
    out.print(table.text());
    int[] widths = table.widths();
    lines(rows, row -> table.line(row, widths), out);
    String more = rows.rows.hasNext() ? " (there are more: raise --limit)" : "";
    out.print(rows.count + (rows.count == 1 ? " row" : " rows") + more + "\n");
  }
}
