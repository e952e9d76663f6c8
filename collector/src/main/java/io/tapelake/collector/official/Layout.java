package io.tapelake.collector.official;

import io.tapelake.collector.decode.Excerpt;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which column of a trade file holds what. Recognised by the first line:
 *
 * <ul>
 *   <li>{@code instrument_name,trade_id,side,price,size,created_time} in any order, and any other
 *       columns among them: {@code source} came in 2025, and more may come
 *   <li>the legacy header in two languages, {@code trade_id/…,side/…,size/…,price/…,created_time/…}
 *       in GBK or UTF-8
 *   <li>no header at all: the old aggregates, in the legacy header's order
 * </ul>
 *
 * @param instrument column of the instrument's name, or -1
 * @param id column of the trade id
 * @param side column of the taker's side
 * @param price column of the price
 * @param size column of the quantity in contracts
 * @param time column of the event time in milliseconds
 * @param columns how many columns a row has
 * @param hasHeader whether the first line is a header
 */
record Layout(
    int instrument,
    int id,
    int side,
    int price,
    int size,
    int time,
    int columns,
    boolean hasHeader) {

  private static final List<String> NEEDED =
      List.of("trade_id", "side", "price", "size", "created_time");

  private static final String INSTRUMENT = "instrument_name";

  /** An id, a side, two numbers and milliseconds. */
  private static final Pattern LEGACY_ROW =
      Pattern.compile(
          "\\d{1,18},(buy|sell),[0-9.]+([eE][+-]?\\d+)?,[0-9.]+([eE][+-]?\\d+)?,\\d{13}",
          Pattern.CASE_INSENSITIVE);

  private static final String EXPECTED =
      "expected the header instrument_name,trade_id,side,price,size,created_time[,…], the"
          + " legacy header trade_id/..,side/..,size/..,price/..,created_time/.., or a row such as"
          + " 123,buy,1,42219.9,1633017600049";

  private static final Layout HEADERLESS = new Layout(-1, 0, 1, 3, 2, 4, 5, false);

  /** Whether a row may be cut inside a number without being seen to be. */
  boolean endsWithANumber() {
    int last = columns - 1;
    return last == price || last == size || last == id;
  }

  /**
   * The layout of a file that begins with this line.
   *
   * @param first the columns of the first line
   */
  static Layout recognise(List<String> first, OfficialFile file) throws BadFileException {
    String text = String.join(",", first);
    if (LEGACY_ROW.matcher(text).matches()) {
      return HEADERLESS;
    }
    Layout layout = ofHeader(first);
    if (layout == null) {
      throw file.bad("begins with '" + Excerpt.of(text) + "'; " + EXPECTED);
    }
    return layout;
  }

  /** The layout that a header tells, or null when the line is none. */
  static Layout ofHeader(List<String> line) {
    List<String> names = line.stream().map(Layout::name).toList();
    for (String name : NEEDED) {
      if (!isOnce(name, names)) {
        return null;
      }
    }
    if (names.contains(INSTRUMENT) && !isOnce(INSTRUMENT, names)) {
      return null;
    }
    return new Layout(
        names.indexOf(INSTRUMENT),
        names.indexOf("trade_id"),
        names.indexOf("side"),
        names.indexOf("price"),
        names.indexOf("size"),
        names.indexOf("created_time"),
        names.size(),
        true);
  }

  /** A column's name without its second language, and without what a byte order mark leaves. */
  private static String name(String column) {
    int slash = column.indexOf('/');
    String first = slash < 0 ? column : column.substring(0, slash);
    return first.toLowerCase(Locale.ROOT).replaceAll("^[^a-z]+|[^a-z]+$", "");
  }

  private static boolean isOnce(String name, List<String> names) {
    return names.contains(name) && names.indexOf(name) == names.lastIndexOf(name);
  }
}
