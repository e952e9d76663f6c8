package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A row of a table as text, whatever engine it was read with: {@code close=1.500000000000000000
 * date=2024-08-08 …}, columns by name.
 */
final class TableRow {

  private final Map<String, String> cells = new TreeMap<>();

  TableRow with(String column, Object value) {
    if (cells.putIfAbsent(column, text(value)) != null && !cells.get(column).equals(text(value))) {
      throw new IllegalArgumentException("two values for column " + column);
    }
    return this;
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

  private static String text(Object value) {
    if (value == null) {
      return "NULL";
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof String
        || value instanceof Long
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
