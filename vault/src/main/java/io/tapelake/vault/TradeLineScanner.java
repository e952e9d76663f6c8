package io.tapelake.vault;

/**
 * Reads the lines of one day file at the speed of their bytes, when they are as programs write
 * them: the twelve keys in the order of {@link TradeLine}, separated either compactly or as
 * Python's {@code json.dumps} does, plain ASCII without escapes, plain numbers. A line that departs
 * from that in any way, valid or not, is left to a JSON parser, which then decides. So this class
 * never refuses a line, and what it takes is a valid trade of the file, with the content that
 * {@link TradeFields} finds in it. One instance serves one file. Not thread-safe.
 */
public final class TradeLineScanner {

  private static final int SECONDS_A_DAY = 86_400;
  private static final int MAX_FRACTION_DIGITS = 9;
  private static final int MAX_ID_DIGITS = 18;

  /** Which byte of a line tells the two layouts apart: the one behind the first colon. */
  private static final int TELLING = "{\"timestamp_utc\":".length();

  /** The bytes of HH:MM:SS that are colons, and what they are when digits are their values. */
  private static final long COLONS = 0x0000FF0000FF0000L;

  private static final long COLON_VALUES = (':' ^ '0') * 0x0000010000010000L;

  private final LineLayout compact;
  private final LineLayout spaced;
  private final long midnight;
  private final PlainDecimal decimal = new PlainDecimal();

  public TradeLineScanner(DayFile file) {
    compact = LineLayout.compact(file);
    spaced = LineLayout.spaced(file);
    midnight = file.day().toEpochDay() * SECONDS_A_DAY;
  }

  /**
   * Reads the line {@code buffer[from, to)}.
   *
   * @param trade filled when the line was taken, undefined otherwise
   * @return whether the line was taken; false says nothing about its validity
   */
  public boolean scan(byte[] buffer, int from, int to, ParsedTrade trade) {
    return read(buffer, from, to, trade) == to;
  }

  /**
   * Reads the line that begins at {@code from}, wherever it ends. This spares the search for its
   * end, which costs a good part of what reading the line costs.
   *
   * @param limit end of the buffer's content
   * @param trade filled when the line was taken, undefined otherwise
   * @return where the line's LF stands, or -1 when the line was not taken, which says nothing about
   *     its validity
   */
  public int scanToLineFeed(byte[] buffer, int from, int limit, ParsedTrade trade) {
    int end = read(buffer, from, limit, trade);
    return end >= 0 && end < limit && buffer[end] == '\n' ? end : -1;
  }

  /** The end of the object that begins at {@code from}, or -1, which every step hands on. */
  private int read(byte[] buffer, int from, int limit, ParsedTrade trade) {
    if (limit - from <= TELLING) {
      return -1;
    }
    LineLayout layout = buffer[from + TELLING] == ' ' ? spaced : compact;
    int at = layout.toTime(buffer, from, limit);
    at = readTime(buffer, at, limit, trade);
    at = layout.timeToId(buffer, at, limit);
    at = readId(buffer, at, limit, trade);
    at = layout.idToPrice(buffer, at, limit, trade);
    at = decimal.read(buffer, at, limit);
    trade.setPrice(decimal.unscaled(), decimal.scale());
    at = layout.priceToContracts(buffer, at, limit);
    at = decimal.read(buffer, at, limit);
    trade.setContracts(decimal.unscaled(), decimal.scale());
    return layout.contractsToEnd(buffer, at, limit, trade);
  }

  /** Reads {@code HH:MM:SS[.f]Z}; the place behind it, or -1. */
  private int readTime(byte[] buffer, int from, int limit, ParsedTrade trade) {
    if (from < 0 || limit - from < 3 * Long.BYTES) {
      return -1;
    }
    long clock = EightBytes.digits(buffer, from) ^ COLON_VALUES;
    long pairs = EightBytes.pairs(clock);
    long hour = pairs & 0xFF;
    long minute = pairs >>> 24 & 0xFF;
    long second = pairs >>> 48 & 0xFF;
    if (!EightBytes.areDigits(clock)
        || (clock & COLONS) != 0
        || hour > 23
        || minute > 59
        || second > 59) {
      return -1;
    }
    int at = from + Long.BYTES;
    long nano = 0;
    if (buffer[at] == '.') {
      at++;
      long fraction = EightBytes.digits(buffer, at);
      int count = EightBytes.countDigits(fraction);
      at += count;
      if (count == 0) {
        return -1;
      } else if (count < Long.BYTES) {
        nano =
            EightBytes.number(fraction, count) * EightBytes.powerOfTen(MAX_FRACTION_DIGITS - count);
      } else {
        nano = EightBytes.number(fraction) * 10;
        int ninth = buffer[at] - '0';
        if (ninth >= 0 && ninth <= 9) {
          nano += ninth;
          at++;
        }
      }
    }
    trade.setTime(midnight + hour * 3600 + minute * 60 + second, (int) nano);
    return buffer[at] == 'Z' ? at + 1 : -1;
  }

  /** Reads a number of 1 to 18 digits; the place behind it, or -1. */
  private static int readId(byte[] buffer, int from, int limit, ParsedTrade trade) {
    long id = 0;
    int at = from;
    int count;
    do {
      if (at < 0 || limit - at < Long.BYTES) {
        return -1;
      }
      long digits = EightBytes.digits(buffer, at);
      count = EightBytes.countDigits(digits);
      at += count;
      id =
          count == Long.BYTES
              ? id * EightBytes.powerOfTen(count) + EightBytes.number(digits)
              : id * EightBytes.powerOfTen(count) + EightBytes.number(digits, count);
    } while (count == Long.BYTES && at - from < MAX_ID_DIGITS);
    if (at == from || at - from > MAX_ID_DIGITS) {
      return -1;
    }
    trade.setId(id);
    return at;
  }
}
