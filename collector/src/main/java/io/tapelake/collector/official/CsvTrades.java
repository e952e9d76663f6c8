package io.tapelake.collector.official;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.tapelake.collector.decode.Excerpt;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.NumberText;
import io.tapelake.vault.TakerSide;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Walks over the rows of a trade file. The row at hand is in this object's own fields until the
 * next: millions of rows pass without making objects. A header that is repeated, as where files
 * were put together, is no row; what follows has its columns.
 */
public final class CsvTrades implements Closeable {

  /** The most that is kept in memory to find the end of a column. */
  private static final int BUFFER = 1 << 14;

  private static final int MAX_ID_DIGITS = 18;
  private static final int MILLIS_DIGITS = 13;

  /** 2010-01-01 and 2100-01-01, as for trades that are pushed. */
  private static final long EARLIEST_MILLIS = 1_262_304_000_000L;

  private static final long LATEST_MILLIS = 4_102_444_800_000L;

  private final OfficialFile file;
  private final ReadAhead in;
  private final CsvRow row = new CsvRow();
  private final CloseableIterator<CsvRow> rows;
  private final String only;
  private Layout layout;
  private boolean isFirstLineATrade;
  private long line;
  private String flaw;

  private byte[] instrumentBytes = new byte[0];
  private String instrument;
  private long id;
  private long millis;
  private TakerSide side;
  private final NumberText price = new NumberText();
  private final NumberText size = new NumberText();

  private CsvTrades(OfficialFile file, ReadAhead in, String given)
      throws IOException, BadFileException {
    this.file = file;
    this.in = in;
    if (given != null && file.isNamedOtherThan(given)) {
      throw file.bad("is not of %s by its name; leave --instrument out".formatted(given));
    }
    only = given != null ? given : file.instrument();
    instrument = only;
    // One byte a character unless the file says otherwise: the second language of a legacy header
    // is not looked at, whatever its encoding.
    rows =
        CsvReader.builder()
            .allowExtraFields(true)
            .allowMissingFields(true)
            .allowExtraCharsAfterClosingQuote(true)
            .detectBomHeader(true)
            .maxBufferSize(BUFFER)
            .build(row, in, StandardCharsets.ISO_8859_1)
            .iterator();
    if (!advance()) {
      throw file.bad("holds nothing; download it again");
    }
    use(Layout.recognise(row.texts(), file));
    isFirstLineATrade = !layout.hasHeader();
  }

  /**
   * Opens a file.
   *
   * @param given the instrument whose trades it holds, as a person said; null when nobody did
   */
  public static CsvTrades open(OfficialFile file, String given)
      throws IOException, BadFileException {
    ReadAhead in = ReadAhead.of(file.open());
    try {
      return new CsvTrades(file, in, given);
    } catch (IOException | BadFileException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private void use(Layout found) throws BadFileException {
    layout = found;
    if (layout.instrument() < 0 && only == null) {
      throw file.bad(
          "does not say whose trades it holds, neither in its rows nor in its name; give"
              + " --instrument, such as BTC-USDT-SWAP");
    }
  }

  /**
   * Whether a row stands for all ids since the row before it. So it is in files that say so by
   * their name, and in those without a header.
   */
  public boolean isAggregated() {
    return file.isAggregated() || !layout.hasHeader();
  }

  /** Goes on to the next row; false at the end. */
  public boolean next() throws IOException, BadFileException {
    if (isFirstLineATrade) {
      isFirstLineATrade = false;
      flaw = read();
      return true;
    }
    while (advance()) {
      flaw = read();
      if (flaw == null || !isHeader()) {
        return true;
      }
      flaw = null;
    }
    // What is compressed has a checksum.
    boolean isWhole = flaw == null && (!layout.endsWithANumber() || file.isCompressed());
    if (!isWhole && !in.endsWithLineEnd()) {
      throw file.bad("ends in the middle of its line " + line + "; download it again");
    }
    return false;
  }

  private boolean isHeader() throws BadFileException {
    Layout found = layout.hasHeader() ? Layout.ofHeader(row.texts()) : null;
    if (found != null) {
      use(found);
    }
    return found != null;
  }

  private boolean advance() throws IOException, BadFileException {
    try {
      while (rows.hasNext()) {
        line = rows.next().line();
        if (!row.isBlank()) {
          return true;
        }
      }
      return false;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof OfficialFile.DamagedException damage) {
        throw new BadFileException(file.name() + ": " + damage.getMessage(), damage);
      }
      throw e.getCause();
    } catch (CsvParseException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw file.bad(
          "has a line %d that is longer than %d bytes; it is no file of trades, or a quotation mark is not closed"
              .formatted(row.line(), CsvRow.LONGEST));
    }
  }

  /** What is wrong with the row, named after the column; null for a trade. */
  public String flaw() {
    return flaw;
  }

  public long lineNumber() {
    return line;
  }

  /** The row as it stands there, without quotation marks. */
  public String text() {
    return Excerpt.of(String.join(",", row.texts()));
  }

  /** The instrument's name; the same object as long as it stays the same. */
  public String instrument() {
    return instrument;
  }

  /** The trade's id; of a row that is none the id that it names, or -1. */
  public long id() {
    return id;
  }

  public long millis() {
    return millis;
  }

  public TakerSide side() {
    return side;
  }

  public NumberText price() {
    return price;
  }

  public NumberText size() {
    return size;
  }

  private String read() throws BadFileException {
    id = -1;
    if (row.columns() != layout.columns()) {
      return "columns";
    }
    id = number(layout.id(), MAX_ID_DIGITS);
    if (id < 0) {
      return "trade_id";
    }
    side = side(row.start(layout.side()), row.end(layout.side()));
    if (side == null) {
      return "side";
    }
    if (!price.read(row.bytes(), row.start(layout.price()), row.end(layout.price()))) {
      return "price";
    }
    if (!size.read(row.bytes(), row.start(layout.size()), row.end(layout.size()))) {
      return "size";
    }
    millis = number(layout.time(), MILLIS_DIGITS);
    if (millis < EARLIEST_MILLIS || millis >= LATEST_MILLIS) {
      return "created_time";
    }
    // The last, because a header that is repeated would pass for an instrument.
    return layout.instrument() >= 0 && !readInstrument() ? "instrument_name" : null;
  }

  private boolean readInstrument() throws BadFileException {
    int from = row.start(layout.instrument());
    int to = row.end(layout.instrument());
    if (Arrays.equals(row.bytes(), from, to, instrumentBytes, 0, instrumentBytes.length)) {
      return true;
    }
    String text = new String(row.bytes(), from, to - from, StandardCharsets.US_ASCII);
    // The exchange's names are of capitals; a file that was made lower-case means them.
    String name = text.toUpperCase(Locale.ROOT);
    if (!DayFile.isInstrument(name)) {
      return false;
    }
    if (only != null && !name.equals(only)) {
      throw file.bad(
          "is of %s, but line %d is a trade of %s; it was mixed or renamed"
              .formatted(only, line, name));
    }
    instrumentBytes = Arrays.copyOfRange(row.bytes(), from, to);
    instrument = name.equals(instrument) ? instrument : name;
    return true;
  }

  private long number(int column, int mostDigits) {
    int from = row.start(column);
    int to = row.end(column);
    if (to == from || to - from > mostDigits) {
      return -1;
    }
    long number = 0;
    for (int at = from; at < to; at++) {
      int digit = row.bytes()[at] - '0';
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
      if ((row.bytes()[from + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
