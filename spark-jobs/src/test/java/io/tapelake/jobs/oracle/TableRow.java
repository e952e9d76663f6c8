package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A row of a table as text, whatever engine it was read with: {@code close=1.500000000000000000
 * date=2024-08-08 …}, columns by name.
 */
final class TableRow {

  /** The relative error of a statistic. */
  private static final BigDecimal RELATIVE = new BigDecimal("1e-12");

  /** One unit of a DECIMAL(38,18)'s last digit, as both sides round. */
  private static final BigDecimal LAST_DIGIT = new BigDecimal("1e-18");

  private final Map<String, String> cells = new TreeMap<>();

  /** By column, how far off a number may be. */
  private final Map<String, BigDecimal> tolerances = new TreeMap<>();

  TableRow with(String column, Object value) {
    if (cells.putIfAbsent(column, text(value)) != null && !cells.get(column).equals(text(value))) {
      throw new IllegalArgumentException("two values for column " + column);
    }
    return this;
  }

  /** A number that stands twice: as DECIMAL(38,18), and as text with all its digits. */
  TableRow exact(String column, BigDecimal number) {
    return with(column, decimal38(number)).with(column + "_exact", plain(number));
  }

  /** An exact number as DECIMAL(38,18). */
  TableRow decimal(String column, BigDecimal number) {
    return with(column, decimal38(number));
  }

  /** A statistic, which is a double. */
  TableRow about(String column, BigDecimal number) {
    return about(column, number, number);
  }

  /** A sum of such numbers, which can be no more exact than their absolute values tell. */
  TableRow about(String column, BigDecimal number, BigDecimal size) {
    if (number != null) {
      tolerances.put(column, size.abs().multiply(RELATIVE).add(LAST_DIGIT));
    }
    return with(column, plain(number));
  }

  /** A number for a column of DECIMAL(38,18): rounded once, NULL where it does not fit. */
  static BigDecimal decimal38(BigDecimal exact) {
    if (exact == null) {
      return null;
    }
    BigDecimal rounded = exact.setScale(18, RoundingMode.HALF_EVEN);
    return rounded.precision() > 38 ? null : rounded;
  }

  /** Plain notation without trailing zeros; null stays null. */
  static String plain(BigDecimal number) {
    return number == null ? null : number.stripTrailingZeros().toPlainString();
  }

  /** The values of some columns, which tell a row from others. */
  String key(List<String> columns) {
    return columns.stream().map(cells::get).collect(Collectors.joining(" "));
  }

  /** The number in a column; null where there is none. */
  BigDecimal number(String column) {
    String text = cells.get(column);
    return text.equals("NULL") ? null : new BigDecimal(text);
  }

  /** Whether nothing took back what it tells, which happens to signals. */
  boolean stands() {
    return cells.getOrDefault("withdrawn_as_of", "NULL").equals("NULL");
  }

  /** In which columns another row says something else, but for some that are not compared. */
  List<String> differences(TableRow other, Set<String> ignored) {
    List<String> differences = new ArrayList<>();
    Set<String> columns = new TreeSet<>(cells.keySet());
    columns.addAll(other.cells.keySet());
    columns.removeAll(ignored);
    for (String column : columns) {
      String expected = cells.get(column);
      String actual = other.cells.get(column);
      if (!agree(column, expected, actual)) {
        differences.add("%s: expected %s but was %s".formatted(column, expected, actual));
      }
    }
    return differences;
  }

  private boolean agree(String column, String expected, String actual) {
    if (expected == null || actual == null) {
      return false;
    }
    if (expected.equals("NULL") || actual.equals("NULL") || !tolerances.containsKey(column)) {
      return expected.equals(actual);
    }
    BigDecimal off = new BigDecimal(expected).subtract(new BigDecimal(actual)).abs();
    return off.compareTo(tolerances.get(column)) <= 0;
  }

  private static String text(Object value) {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof String
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean
        || value instanceof Instant
        || value instanceof LocalDate) {
      return value.toString();
    }
    throw new IllegalArgumentException("no column holds a " + value.getClass());
  }

  @Override
  public String toString() {
    return cells.entrySet().stream()
        .map(cell -> cell.getKey() + "=" + cell.getValue())
        .collect(Collectors.joining(" "));
  }
}
