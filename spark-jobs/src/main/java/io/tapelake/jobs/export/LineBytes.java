package io.tapelake.jobs.export;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.number.PlainDigits;
import io.tapelake.analytics.number.SqlDecimal;
import io.tapelake.jobs.table.GrowingBytes;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.jobs.table.PackedRow;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.apache.spark.sql.Row;

/** Lines of text in the making, as the bytes that a file gets. Not thread-safe. */
final class LineBytes {

  private static final int MINUTES_AN_HOUR = 60;
  private static final byte[] NULL = MinuteExport.ascii("null");

  private final GrowingBytes bytes;
  private final PlainDigits digits = new PlainDigits();

  /** No line; about so many bytes are expected. */
  LineBytes(int expected) {
    bytes = new GrowingBytes(expected);
  }

  int length() {
    return bytes.length();
  }

  /** Forgets the lines, and keeps the room for others. */
  LineBytes clear() {
    bytes.clear();
    return this;
  }

  /** Copies all of it to a place in an array. */
  void copyTo(byte[] all, int at) {
    System.arraycopy(bytes.array(), 0, all, at, length());
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes.array(), 0, length());
  }

  LineBytes add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  LineBytes add(byte[] text) {
    return add(text, 0, text.length);
  }

  LineBytes add(char ascii) {
    int at = bytes.room(1);
    bytes.array()[at] = (byte) ascii;
    return this;
  }

  /** Adds a text, a count or a decimal of a row; {@code null} where there is none. */
  LineBytes add(Row row, int column) {
    if (row.isNullAt(column)) {
      return add(NULL);
    }
    if (!(row instanceof PackedRow packed)) {
      Object value = row.get(column);
      return add(
          value instanceof BigDecimal number ? SqlDecimal.text(number) : String.valueOf(value));
    }
    return switch (packed.kind(column)) {
      case TEXT -> add(packed.bytes(), packed.from(column), packed.length(column));
      case DECIMAL ->
          add(digits.set(packed.number(column), packed.lowNumber(column), SqlDecimal.SCALE));
      case COUNT ->
          add(digits.set(packed.number(column) >> Long.SIZE - 1, packed.number(column), 0));
      default ->
          throw new IllegalArgumentException("no export has a value such as " + row.get(column));
    };
  }

  private LineBytes add(PlainDigits number) {
    int at = bytes.room(number.length());
    number.copyTo(bytes.array(), at);
    return this;
  }

  /** Adds the instant at which a minute begins: {@code 2025-12-14T21:34:00Z}. */
  LineBytes addMinute(long minute) {
    int ofDay = (int) Math.floorMod(minute, (long) DayBars.MINUTES_A_DAY);
    add(LocalDate.ofEpochDay(LakeSchema.epochDay(minute)).toString());
    return add('T')
        .addTwoDigits(ofDay / MINUTES_AN_HOUR)
        .add(':')
        .addTwoDigits(ofDay % MINUTES_AN_HOUR)
        .add(":00Z");
  }

  @Override
  public String toString() {
    return new String(bytes.array(), 0, length(), StandardCharsets.UTF_8);
  }

  private LineBytes addTwoDigits(int number) {
    return add((char) ('0' + number / 10)).add((char) ('0' + number % 10));
  }

  private LineBytes add(byte[] text, int from, int count) {
    bytes.add(text, from, count);
    return this;
  }
}
