package io.tapelake.notebooks;

import io.tapelake.jobs.sql.ResultTable;
import io.tapelake.jobs.sql.SqlError;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;

/** Rows as a chart reads them. */
final class ChartData {

  private static final DecimalFormatSymbols NUMBER_SIGNS =
      DecimalFormatSymbols.getInstance(Locale.ROOT);

  private final ResultTable table;
  private final List<Row> rows;
  private final int line;

  private ChartData(ResultTable table, List<Row> rows, int line) {
    this.table = table;
    this.rows = rows;
    this.line = line;
  }

  /** All rows of a result, for a chart that a line of the cell asks for. */
  static ChartData of(ResultTable table, int line) {
    return new ChartData(table, table.rows(), line);
  }

  int size() {
    return rows.size();
  }

  List<String> columns() {
    return List.of(table.schema().fieldNames());
  }

  /** The place of a column by its name. */
  int column(String name) {
    List<String> columns = columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    throw SqlError.usage(
        "%%chart: the result has no column '%s'; it has %s"
            .formatted(name, String.join(", ", columns)),
        line);
  }

  boolean isNumber(int column) {
    return table.isNumber(column);
  }

  /** Whether a column's values are times or days. */
  boolean isTime(int column) {
    return rows.stream()
        .map(row -> row.get(column))
        .filter(Objects::nonNull)
        .findFirst()
        .map(value -> millis(value) != null)
        .orElse(false);
  }

  /** The rows by the values of a column, in the order in which these come. */
  Map<String, ChartData> split(int column) {
    Map<String, List<Row>> parts = new LinkedHashMap<>();
    for (Row row : rows) {
      parts
          .computeIfAbsent(String.valueOf(table.cell(row, column)), key -> new ArrayList<>())
          .add(row);
    }
    Map<String, ChartData> split = new LinkedHashMap<>();
    parts.forEach((value, part) -> split.put(value, new ChartData(table, part, line)));
    return split;
  }

  /** A column's numbers; NaN for NULL. */
  double[] numbers(int column) {
    if (!isNumber(column)) {
      throw SqlError.usage(
          "%%chart: column '%s' does not hold numbers: cast it, or leave it out"
              .formatted(columns().get(column)),
          line);
    }
    return rows.stream()
        .mapToDouble(row -> row.isNullAt(column) ? Double.NaN : number(row.get(column)))
        .toArray();
  }

  /** A column's times in milliseconds since 1970. */
  double[] times(int column) {
    return rows.stream()
        .mapToDouble(row -> row.isNullAt(column) ? Double.NaN : millis(row.get(column)))
        .toArray();
  }

  /** A column's values as labels; numbers as the other axis shows them. */
  List<String> labels(int column) {
    DecimalFormat format = new DecimalFormat("#,##0.############", NUMBER_SIGNS);
    return rows.stream()
        .map(
            row ->
                isNumber(column) && !row.isNullAt(column)
                    ? format.format(row.get(column))
                    : String.valueOf(table.cell(row, column)))
        .toList();
  }

  /** Every label once, in the order of the rows. */
  List<String> names(int column) {
    return List.copyOf(new LinkedHashSet<>(labels(column)));
  }

  /** The columns that hold numbers, without some. */
  List<String> numberColumns(Integer... without) {
    List<Integer> left = Arrays.asList(without);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns().size(); i++) {
      if (isNumber(i) && !left.contains(i)) {
        names.add(columns().get(i));
      }
    }
    return names;
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  private static Long millis(Object value) {
    if (value instanceof Instant instant) {
      return instant.toEpochMilli();
    }
    if (value instanceof LocalDate day) {
      return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
    return value instanceof LocalDateTime time
        ? time.toInstant(ZoneOffset.UTC).toEpochMilli()
        : null;
  }
}
