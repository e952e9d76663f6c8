package io.tapelake.jobs.sql;

import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.to_json;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VariantType;

/**
 * The first rows of a result.
 *
 * @param hasMore whether the result has more rows than were asked for
 */
public record ResultTable(StructType schema, List<Row> rows, boolean hasMore) {

  /** NULLs stay: a reader should not have to guess which keys there are. Times are whole. */
  static final Map<String, String> JSON =
      Map.of(
          "ignoreNullFields", "false",
          "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
          "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

  /** Runs a query for at most {@code limit} rows. */
  public static ResultTable of(Dataset<Row> result, int limit) {
    List<Row> found = printable(result).limit(limit + 1).collectAsList();
    boolean hasMore = found.size() > limit;
    return new ResultTable(result.schema(), hasMore ? found.subList(0, limit) : found, hasMore);
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
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    text.append(line(List.of(schema.fieldNames()), widths)).append('\n');
    text.append(String.join("  ", Arrays.stream(widths).mapToObj("-"::repeat).toList()));
    text.append('\n');
    rows.forEach(row -> text.append(line(row, widths)).append('\n'));
    return text.toString();
  }

  /** How wide each column has to be. */
  int[] widths() {
    int[] widths = Arrays.stream(schema.fieldNames()).mapToInt(String::length).toArray();
    for (Row row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], shown(row, i).length());
      }
    }
    return widths;
  }

  /** A row as a line of the table. */
  String line(Row row, int[] widths) {
    return line(IntStream.range(0, widths.length).mapToObj(i -> shown(row, i)).toList(), widths);
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      String padding = " ".repeat(Math.max(0, widths[i] - cell.length()));
      line.append(i == 0 ? "" : "  ").append(isNumber(i) ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }

  private String shown(Row row, int column) {
    String cell = cell(row, column);
    return cell == null ? "NULL" : cell;
  }

  /** A value as people read it: decimals without trailing zeros and without an exponent. */
  static String text(Object value) {
    return value instanceof BigDecimal number
        ? (number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString())
        : value.toString();
  }

  /** A result whose values all have a text: arrays, maps and structs as JSON, bytes as hex. */
  static Dataset<Row> printable(Dataset<Row> result) {
    StructField[] fields = result.schema().fields();
    if (Arrays.stream(fields).allMatch(field -> isPlain(field.dataType()))) {
      return result;
    }
    String[] places =
        IntStream.range(0, fields.length).mapToObj(i -> "c" + i).toArray(String[]::new);
    Dataset<Row> placed = result.toDF(places); // names may occur twice
    Column[] columns = new Column[fields.length];
    for (int i = 0; i < fields.length; i++) {
      Column value = placed.col(places[i]);
      DataType type = fields[i].dataType();
      Column shown = isPlain(type) ? value : type instanceof BinaryType ? hex(value) : json(value);
      columns[i] = shown.as(fields[i].name());
    }
    return placed.select(columns);
  }

  private static Column json(Column value) {
    return to_json(value, JSON);
  }

  private static boolean isPlain(DataType type) {
    return !(type instanceof BinaryType
        || type instanceof ArrayType
        || type instanceof MapType
        || type instanceof StructType
        || type instanceof VariantType);
  }
}
