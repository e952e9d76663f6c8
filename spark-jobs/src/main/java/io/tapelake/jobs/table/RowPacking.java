package io.tapelake.jobs.table;

import io.tapelake.analytics.number.PlainDigits;
import io.tapelake.analytics.number.Quotient;
import io.tapelake.jobs.parquet.Int128Decimal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * A packed row in the making: values in the order of its columns, each of which may be null. What
 * it needs is kept for the next row, since rows are made by the million. Not thread-safe.
 */
final class RowPacking {

  private static final ThreadLocal<RowPacking> OF_THREAD = ThreadLocal.withInitial(RowPacking::new);

  private static final int FIRST_BYTES = 1024;
  private static final int FIRST_COLUMNS = 64;

  private final Int128Decimal decimal = new Int128Decimal();
  private final PlainDigits digits = new PlainDigits();
  private final GrowingBytes bytes = new GrowingBytes(FIRST_BYTES);
  private int[] ends = new int[FIRST_COLUMNS];
  private int columns;

  /** An empty row of this thread; there is one at a time. */
  static RowPacking begin() {
    RowPacking row = OF_THREAD.get();
    row.bytes.clear();
    row.columns = 0;
    return row;
  }

  PackedRow end(PackedRow.Layout layout) {
    return new PackedRow(
        layout, Arrays.copyOf(bytes.array(), bytes.length()), Arrays.copyOf(ends, columns));
  }

  void addNull() {
    endValue(~bytes.length());
  }

  void add(String text) {
    if (text == null) {
      addNull();
      return;
    }
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    bytes.add(encoded, 0, encoded.length);
    endValue(bytes.length());
  }

  void add(Long number) {
    if (number == null) {
      addNull();
    } else {
      add(number.longValue());
    }
  }

  void add(long number) {
    int at = bytes.room(Long.BYTES);
    PackedRow.LONGS.set(bytes.array(), at, number);
    endValue(bytes.length());
  }

  /** Adds a statistic, null when it is NaN: not defined. */
  void addReal(double statistic) {
    if (Double.isNaN(statistic)) {
      addNull();
    } else {
      add(Double.doubleToRawLongBits(statistic));
    }
  }

  void add(Boolean flag) {
    add(flag == null ? null : Long.valueOf(flag ? 1 : 0));
  }

  void add(LocalDate day) {
    add(day == null ? null : Long.valueOf(day.toEpochDay()));
  }

  void add(Instant instant) {
    add(instant == null ? null : Long.valueOf(micros(instant)));
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * PackedRow.MICROS_A_SECOND
        + instant.getNano() / PackedRow.NANOS_A_MICRO;
  }

  /** Adds a number as DECIMAL(38,18), HALF_EVEN, null when it has too many digits for that. */
  void addDecimal(BigDecimal number) {
    addDecimal(number != null && decimal.put(number));
  }

  /** Adds a quotient as DECIMAL(38,18). */
  void addDecimal(Quotient quotient) {
    addDecimal(quotient != null && decimal.put(quotient));
  }

  private void addDecimal(boolean isThere) {
    if (isThere) {
      bytes.add(decimal.bytes(), 0, Int128Decimal.BYTES);
      endValue(bytes.length());
    } else {
      addNull();
    }
  }

  /** Adds a number as text with all its digits. */
  void addDigits(BigDecimal number) {
    if (number == null) {
      addNull();
    } else {
      add(digits.set(number));
    }
  }

  /** Adds a quotient as text with all its digits. */
  void addDigits(Quotient quotient) {
    if (quotient == null) {
      addNull();
    } else {
      add(digits.set(quotient));
    }
  }

  private void add(PlainDigits number) {
    int at = bytes.room(number.length());
    number.copyTo(bytes.array(), at);
    endValue(bytes.length());
  }

  private void endValue(int end) {
    if (columns == ends.length) {
      ends = Arrays.copyOf(ends, 2 * columns);
    }
    ends[columns++] = end;
  }
}
