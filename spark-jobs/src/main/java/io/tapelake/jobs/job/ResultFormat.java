package io.tapelake.jobs.job;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How rows are printed. */
enum ResultFormat {
  TABLE,
  CSV,
  JSONL;

  static ResultFormat parse(String name) {
    for (ResultFormat format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
        return format;
      }
    }
    throw JobException.usage("unknown format '" + name + "': give table, csv or jsonl");
  }

  /** Prints at most {@code limit} rows. */
  void print(Dataset<Row> rows, int limit, PrintStream out) {
    switch (this) {
      case JSONL -> rows.limit(limit).toJSON().collectAsList().forEach(out::println);
      case CSV -> printCsv(rows.limit(limit), out);
      case TABLE -> printTable(rows, limit, out);
    }
  }

  private static void printCsv(Dataset<Row> rows, PrintStream out) {
    out.println(String.join(",", rows.columns()));
    for (Row row : rows.collectAsList()) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        String cell = row.isNullAt(i) ? "" : text(row.get(i));
        cells.add(
            cell.matches("(?s).*[\",\n\r].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
      }
      out.println(String.join(",", cells));
    }
  }

  private static void printTable(Dataset<Row> rows, int limit, PrintStream out) {
    String[] columns = rows.columns();
    List<Row> found = rows.limit(limit + 1).collectAsList();
    boolean[] numbers = new boolean[columns.length];
    int[] widths = new int[columns.length];
    List<String[]> lines = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      widths[i] = columns[i].length();
      String type = rows.schema().fields()[i].dataType().typeName();
      numbers[i] = !type.equals("string") && !type.equals("timestamp") && !type.equals("date");
    }
    for (Row row : found.subList(0, Math.min(limit, found.size()))) {
      String[] line = new String[columns.length];
      for (int i = 0; i < columns.length; i++) {
        line[i] = row.isNullAt(i) ? "NULL" : text(row.get(i));
        widths[i] = Math.max(widths[i], line[i].length());
      }
      lines.add(line);
    }
    printLine(columns, widths, numbers, out);
    out.println(String.join("  ", Arrays.stream(widths).mapToObj("-"::repeat).toList()));
    lines.forEach(line -> printLine(line, widths, numbers, out));
    String more = found.size() > limit ? " (there are more: raise --limit)" : "";
    out.println(lines.size() + (lines.size() == 1 ? " row" : " rows") + more);
  }

  private static void printLine(String[] cells, int[] widths, boolean[] right, PrintStream out) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String padding = " ".repeat(widths[i] - cells[i].length());
      line.append(i == 0 ? "" : "  ").append(right[i] ? padding + cells[i] : cells[i] + padding);
    }
    out.println(line.toString().stripTrailing());
  }

  private static String text(Object value) {
    return value instanceof BigDecimal number
        ? (number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString())
        : value.toString();
  }
}
