package io.tapelake.collector.history;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which column of a trade file holds what. Recognised by the first line:
 *
 * <ul>
 *   <li>{@code instrument_name,trade_id,side,price,size,created_time}, with or without {@code
 *       source}
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

  private static final List<String> NAMES =
      List.of("instrument_name", "trade_id", "side", "price", "size", "created_time", "source");

  /** An id, a side, two numbers and milliseconds. */
  private static final Pattern LEGACY_ROW =
      Pattern.compile(
          "\\d{1,18},(buy|sell),[0-9.]+([eE][+-]?\\d+)?,[0-9.]+([eE][+-]?\\d+)?,\\d{13}",
          Pattern.CASE_INSENSITIVE);

  private static final String EXPECTED =
      "expected the header instrument_name,trade_id,side,price,size,created_time[,source], the"
          + " legacy header trade_id/..,side/..,size/..,price/..,created_time/.., or a row such as"
          + " 123,buy,1,42219.9,1633017600049";

  private static final Layout HEADERLESS = new Layout(-1, 0, 1, 3, 2, 4, 5, false);

  /**
   * The layout of a file that begins with this line.
   *
   * @param line the bytes before the first line end
   */
  static Layout recognise(byte[] line, OfficialFile file) throws BadFileException {
    // One byte a character: the second language of a header is not looked at, whatever its
    // encoding.
    String text = new String(line, StandardCharsets.ISO_8859_1);
    if (text.startsWith("\u00ef\u00bb\u00bf")) {
      text = text.substring(3);
    }
    text = text.strip();
    if (LEGACY_ROW.matcher(text).matches()) {
      return HEADERLESS;
    }
    List<String> found = new ArrayList<>();
    for (String column : text.split(",", -1)) {
      String name = column.strip().toLowerCase(Locale.ROOT);
      int slash = name.indexOf('/');
      name = slash < 0 ? name : name.substring(0, slash);
      if (!NAMES.contains(name) || found.contains(name)) {
        throw file.bad("begins with '" + Excerpt.of(text) + "'; " + EXPECTED);
      }
      found.add(name);
    }
    Layout layout =
        new Layout(
            found.indexOf("instrument_name"),
            found.indexOf("trade_id"),
            found.indexOf("side"),
            found.indexOf("price"),
            found.indexOf("size"),
            found.indexOf("created_time"),
            found.size(),
            true);
    if (Math.min(Math.min(layout.id, layout.side), Math.min(layout.price, layout.size)) < 0
        || layout.time < 0) {
      throw file.bad("begins with '" + Excerpt.of(text) + "'; " + EXPECTED);
    }
    return layout;
  }
}
