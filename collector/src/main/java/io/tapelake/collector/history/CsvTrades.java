package io.tapelake.collector.history;

import io.tapelake.vault.NumberText;
import io.tapelake.vault.TakerSide;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over the rows of a trade file. The row at hand is in this object's own fields until the
 * next: millions of rows pass without making objects.
 */
final class CsvTrades implements Closeable {

  /** Longer lines are not rows; a file without line ends is none of ours. */
  private static final int LONGEST_LINE = 512;

  private static final int BUFFER = 1 << 18;
  private static final int MAX_ID_DIGITS = 18;
  private static final int MILLIS_DIGITS = 13;

  /** 2010-01-01 and 2100-01-01, as for trades that are pushed. */
  private static final long EARLIEST_MILLIS = 1_262_304_000_000L;

  private static final long LATEST_MILLIS = 4_102_444_800_000L;

  private final OfficialFile file;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private final int[] starts = new int[8];
  private final int[] ends = new int[8];
  private final Layout layout;
  private final String only;
  private int found;
  private int filled;
  private int next;
  private int lineStart;
  private int lineEnd;
  private boolean ended;
  private boolean unterminated;
  private long lineNumber;
  private String flaw;

  private byte[] instrumentBytes = new byte[0];
  private String instrument;
  private long id;
  private long millis;
  private TakerSide side;
  private final NumberText price = new NumberText();
  private final NumberText size = new NumberText();

  private CsvTrades(OfficialFile file, InputStream in, String given)
      throws IOException, BadFileException {
    this.file = file;
    this.in = in;
    if (!line()) {
      throw file.bad("holds nothing; download it again");
    }
    layout = Layout.recognise(Arrays.copyOfRange(buffer, lineStart, lineEnd), file);
    if (!layout.hasHeader()) {
      next = lineStart;
      lineNumber = 0;
      ended = false;
      unterminated = false;
    }
    only = given != null ? given : file.instrument();
    instrument = only;
    if (layout.instrument() < 0 && only == null) {
      throw file.bad(
          "does not say whose trades it holds, neither in its rows nor in its name; give"
              + " --instrument, such as BTC-USDT-SWAP");
    }
  }

  /**
   * Opens a file.
   *
   * @param given the instrument whose trades it holds, as a person said; null when nobody did
   */
  static CsvTrades open(OfficialFile file, String given) throws IOException, BadFileException {
    InputStream in = ReadAhead.of(file.open());
    try {
      return new CsvTrades(file, in, given);
    } catch (OfficialFile.DamagedException e) {
      in.close();
      throw new BadFileException(file.name() + ": " + e.getMessage(), e);
    } catch (IOException | BadFileException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Whether a row stands for all ids since the row before it. So it is in files that say so by
   * their name, and in those without a header.
   */
  boolean isAggregated() {
    return file.isAggregated() || !layout.hasHeader();
  }

  /** Goes on to the next row; false at the end. */
  boolean next() throws IOException, BadFileException {
    try {
      while (line()) {
        if (lineEnd > lineStart) {
          flaw = read();
          if (flaw != null && unterminated) {
            throw file.bad("ends in the middle of its line " + lineNumber + "; download it again");
          }
          return true;
        }
      }
      return false;
    } catch (OfficialFile.DamagedException e) {
      throw new BadFileException(file.name() + ": " + e.getMessage(), e);
    }
  }

  /** What is wrong with the row, named after the column; null for a trade. */
  String flaw() {
    return flaw;
  }

  long lineNumber() {
    return lineNumber;
  }

  /** The row as it stands there. */
  String text() {
    return Excerpt.of(
        new String(buffer, lineStart, lineEnd - lineStart, StandardCharsets.ISO_8859_1));
  }

  /** The instrument's name; the same object as long as it stays the same. */
  String instrument() {
    return instrument;
  }

  long id() {
    return id;
  }

  long millis() {
    return millis;
  }

  TakerSide side() {
    return side;
  }

  NumberText price() {
    return price;
  }

  NumberText size() {
    return size;
  }

  private String read() throws BadFileException {
    if (found != layout.columns()) {
      return "columns";
    }
    if (layout.instrument() >= 0 && !readInstrument()) {
      return "instrument_name";
    }
    id = number(layout.id(), MAX_ID_DIGITS);
    if (id < 0) {
      return "trade_id";
    }
    side = side(starts[layout.side()], ends[layout.side()]);
    if (side == null) {
      return "side";
    }
    if (!price.read(buffer, starts[layout.price()], ends[layout.price()])) {
      return "price";
    }
    if (!size.read(buffer, starts[layout.size()], ends[layout.size()])) {
      return "size";
    }
    millis = number(layout.time(), MILLIS_DIGITS);
    return millis < EARLIEST_MILLIS || millis >= LATEST_MILLIS ? "created_time" : null;
  }

  private boolean readInstrument() throws BadFileException {
    int from = starts[layout.instrument()];
    int to = ends[layout.instrument()];
    if (Arrays.equals(buffer, from, to, instrumentBytes, 0, instrumentBytes.length)) {
      return true;
    }
    String name = new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
    if (!io.tapelake.vault.DayFile.isInstrument(name)) {
      return false;
    }
    if (only != null && !name.equals(only)) {
      throw file.bad(
          "is of %s, but line %d is a trade of %s; it was mixed or renamed"
              .formatted(only, lineNumber, name));
    }
    instrumentBytes = Arrays.copyOfRange(buffer, from, to);
    instrument = name;
    return true;
  }

  private long number(int column, int mostDigits) {
    int from = starts[column];
    int to = ends[column];
    if (to == from || to - from > mostDigits) {
      return -1;
    }
    long number = 0;
    for (int at = from; at < to; at++) {
      int digit = buffer[at] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private TakerSide side(int from, int to) {
    if (to - from == 3) {
      return is(from, "buy") ? TakerSide.BUY : null;
    }
    return to - from == 4 && is(from, "sell") ? TakerSide.SELL : null;
  }

  /** Compares letters without regard to their case. */
  private boolean is(int from, String word) {
    for (int i = 0; i < word.length(); i++) {
      if ((buffer[from + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Goes on to the next line, without its line end; false at the end. */
  private boolean line() throws IOException, BadFileException {
    while (!columns()) {
      if (filled - next > LONGEST_LINE) {
        throw tooLong();
      }
      if (ended) {
        unterminated = next < filled;
        if (unterminated) {
          setLine(filled);
          next = filled;
        }
        return unterminated;
      }
      System.arraycopy(buffer, next, buffer, 0, filled - next);
      filled -= next;
      next = 0;
      int count = in.read(buffer, filled, buffer.length - filled);
      ended = count < 0;
      filled += Math.max(0, count);
    }
    return true;
  }

  /** Finds the columns and the end of the line at {@code next}; false when it has no end yet. */
  private boolean columns() throws BadFileException {
    found = 0;
    starts[0] = next;
    for (int at = next; at < filled; at++) {
      byte b = buffer[at];
      if (b > ',') {
        // Nearly every byte is a digit or a letter.
        continue;
      }
      if (b == ',') {
        if (found < ends.length - 1) {
          ends[found] = at;
          starts[found + 1] = at + 1;
        }
        found++;
      } else if (b == '\n') {
        setLine(at);
        next = at + 1;
        return true;
      }
    }
    return false;
  }

  private void setLine(int to) throws BadFileException {
    if (to - next > LONGEST_LINE) {
      throw tooLong();
    }
    lineStart = next;
    lineEnd = to > next && buffer[to - 1] == '\r' ? to - 1 : to;
    ends[Math.min(found, ends.length - 1)] = lineEnd;
    found++;
    lineNumber++;
  }

  private BadFileException tooLong() {
    return file.bad(
        "has a line %d that is longer than %d bytes; it is no file of trades"
            .formatted(lineNumber + 1, LONGEST_LINE));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
