package io.tapelake.collector.official;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of the row at hand, without their quotation marks, as bytes behind each other:
 * millions of rows pass without making objects. What is not ASCII stands as a question mark, which
 * no column of a trade can hold.
 */
final class CsvRow extends AbstractBaseCsvCallbackHandler<CsvRow> {

  /** Longer rows are none of trades; a file without line ends is none of the exchange's. */
  static final int LONGEST = 512;

  private static final int MOST_COLUMNS = 64;

  private final byte[] bytes = new byte[LONGEST];
  private final int[] ends = new int[MOST_COLUMNS];
  private int filled;

  /** A row that cannot be one of trades. */
  static final class TooLongException extends RuntimeException {

    private static final long serialVersionUID = 1L;
  }

  @Override
  protected void handleBegin(long line) {
    filled = 0;
  }

  @Override
  protected void handleField(int column, char[] buffer, int offset, int length, boolean quoted) {
    if (filled + length > LONGEST || column == MOST_COLUMNS) {
      throw new TooLongException();
    }
    for (int at = offset; at < offset + length; at++) {
      char c = buffer[at];
      bytes[filled++] = (byte) (c < 128 ? c : '?');
    }
    ends[column] = filled;
  }

  @Override
  protected CsvRow buildRecord() {
    return this;
  }

  /** The bytes of all columns. */
  byte[] bytes() {
    return bytes;
  }

  int start(int column) {
    return column == 0 ? 0 : ends[column - 1];
  }

  int end(int column) {
    return ends[column];
  }

  int columns() {
    return getFieldCount();
  }

  /** Whether there is nothing in it, as in what spreadsheets and editors leave at the end. */
  boolean isBlank() {
    for (int at = 0; at < filled; at++) {
      if (bytes[at] != ' ' && bytes[at] != '\t') {
        return false;
      }
    }
    return true;
  }

  /** The line of the file in which the row begins; the first is 1. */
  long line() {
    return getStartingLineNumber();
  }

  /** The columns as text. */
  List<String> texts() {
    List<String> texts = new ArrayList<>(columns());
    for (int column = 0; column < columns(); column++) {
      int from = start(column);
      texts.add(new String(bytes, from, end(column) - from, StandardCharsets.US_ASCII));
    }
    return texts;
  }
}
