package io.tapelake.jobs.sql;

import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.tapelake.jobs.job.JobException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How rows are printed. */
public enum ResultFormat {
  /** Columns for people, and how many rows there are. */
  TABLE,
  /** A line of names, then a line for each row; NULL is empty. */
  CSV,
  /** One array of objects. */
  JSON,
  /** An object a line. */
  JSONL;

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
    throw JobException.usage("unknown format '" + name + "': give table, csv, json or jsonl");
  }

  /** Prints at most {@code limit} rows, or all for 0; false when there are more. */
  public boolean print(Dataset<Row> result, int limit, PrintStream out) {
    if (result.columns().length == 0) { // a statement that only did something
      return true;
    }
    boolean asJson = this == JSON || this == JSONL;
    ResultTable rows = ResultTable.of(asJson ? objects(result) : result, limit);
    switch (this) {
      case JSON -> printArray(rows, out);
      case JSONL -> rows.rows().forEach(row -> out.println(row.getString(0)));
      case CSV -> printCsv(rows, out);
      case TABLE -> printTable(rows, out);
    }
    return !rows.hasMore();
  }

  /** NULLs stay: a reader should not have to guess which keys there are. */
  private static Dataset<Row> objects(Dataset<Row> result) {
    return result.select(to_json(struct("*"), Map.of("ignoreNullFields", "false")));
  }

  private static void printArray(ResultTable rows, PrintStream out) {
    out.print('[');
    String separator = "\n";
    for (Row row : rows.rows()) {
      out.print(separator + row.getString(0));
      separator = ",\n";
    }
    out.println("\n]");
  }

  private static void printCsv(ResultTable rows, PrintStream out) {
    out.println(csv(List.of(rows.schema().fieldNames())));
    for (Row row : rows.rows()) {
      out.println(csv(row));
    }
  }

  /** A row as a line of CSV, without its end. */
  public static String csv(Row row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      cells.add(row.isNullAt(i) ? "" : ResultTable.text(row.get(i)));
    }
    return csv(cells);
  }

  /** Cells as a line of CSV, without its end. */
  public static String csv(List<String> cells) {
    List<String> quoted = new ArrayList<>();
    for (String cell : cells) {
      boolean plain = cell.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
      quoted.add(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
    }
    return String.join(",", quoted);
  }

  private static void printTable(ResultTable rows, PrintStream out) {
    out.print(rows.text());
    int count = rows.rows().size();
    String more = rows.hasMore() ? " (there are more: raise --limit)" : "";
    out.println(count + (count == 1 ? " row" : " rows") + more);
  }
}
