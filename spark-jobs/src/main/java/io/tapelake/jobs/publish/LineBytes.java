package io.tapelake.jobs.publish;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import org.apache.spark.sql.Row;

/** Lines of text in the making, as the bytes that a file gets. Not thread-safe. */
final class LineBytes {

  private static final int MINUTES_AN_HOUR = 60;
  private static final int MINUTES_A_DAY = 1440;

  private byte[] bytes;
  private int length;

  /**
   * No line.
   *
   * @param expected about how many bytes there will be
   */
  LineBytes(int expected) {
    bytes = new byte[expected];
  }

  int length() {
    return length;
  }

  /** Copies all of it to a place in an array. */
  void copyTo(byte[] all, int at) {
    System.arraycopy(bytes, 0, all, at, length);
  }

  LineBytes add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  LineBytes add(byte[] text) {
    return add(text, 0, text.length);
  }

  LineBytes add(char ascii) {
    int at = room(1);
    bytes[at] = (byte) ascii;
    return this;
  }

  /** Adds a text or a count of a row; {@code null} where there is none. */
  LineBytes add(Row row, int column) {
    if (row instanceof PackedRow packed
        && !packed.isNullAt(column)
        && packed.kind(column) == PackedRow.Kind.TEXT) {
      return add(packed.bytes(), packed.from(column), packed.length(column));
    }
    return add(String.valueOf(row.get(column)));
  }

  /** Adds the instant at which a minute begins: {@code 2025-12-14T21:34:00Z}. */
  LineBytes addMinute(long minute) {
    int ofDay = (int) Math.floorMod(minute, (long) MINUTES_A_DAY);
    add(LocalDate.ofEpochDay(LakeSchema.epochDay(minute)).toString());
    return add('T')
        .addTwoDigits(ofDay / MINUTES_AN_HOUR)
        .add(':')
        .addTwoDigits(ofDay % MINUTES_AN_HOUR)
        .add(":00Z");
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private LineBytes addTwoDigits(int number) {
    return add((char) ('0' + number / 10)).add((char) ('0' + number % 10));
  }

  private LineBytes add(byte[] text, int from, int count) {
    int at = room(count);
    System.arraycopy(text, from, bytes, at, count);
    return this;
  }

  /** Where so many more bytes go; to be asked before the array, which may be a new one then. */
  private int room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * (length + more));
    }
    int at = length;
    length += more;
    return at;
  }
}
