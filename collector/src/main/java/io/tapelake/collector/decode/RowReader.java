package io.tapelake.collector.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tapelake.vault.DecimalText;
import io.tapelake.vault.TakerSide;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * Reads one trade object and keeps its values until the next. The socket and REST write the same
 * one. Not thread-safe.
 */
final class RowReader {

  /** 2010-01-01 and 2100-01-01: an event time outside is a fault, whatever the local clock says. */
  private static final long EARLIEST_MILLIS = 1_262_304_000_000L;

  private static final long LATEST_MILLIS = 4_102_444_800_000L;

  /** No taker order fills more resting orders at one price than this. */
  private static final int MAX_COUNT = 10_000;

  private static final int MAX_ID_DIGITS = 18;

  private String instrument;
  private String id;
  private String price;
  private String size;
  private String side;
  private String time;
  private String count;
  private BigDecimal priceNumber;
  private BigDecimal contracts;

  /** Reads the object that the parser stands at the start of. */
  void read(JsonParser parser) throws IOException {
    clear();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (key) {
        case "instId" -> instrument = text(parser, token);
        case "tradeId" -> id = text(parser, token);
        case "px" -> price = text(parser, token);
        case "sz" -> size = text(parser, token);
        case "side" -> side = text(parser, token);
        case "ts" -> time = text(parser, token);
        case "count" -> count = text(parser, token);
        default -> parser.skipChildren();
      }
    }
  }

  /** The instrument the row names, or null. */
  String instrument() {
    return instrument;
  }

  /** The row as a trade of an instrument, or null when it is none: {@link #refused} says why. */
  TradeRow row(String forInstrument) {
    if (problem() != null) {
      return null;
    }
    return new TradeRow(
        forInstrument,
        Long.parseLong(id),
        parts(),
        Instant.ofEpochMilli(Long.parseLong(time)),
        TakerSide.parse(side),
        priceNumber,
        contracts);
  }

  /** Why the row is no trade. */
  RefusedRow refused(String why) {
    return new RefusedRow(isDigits(id, MAX_ID_DIGITS) ? Long.parseLong(id) : -1, why);
  }

  /** What makes it impossible that this is a trade; null when nothing does. */
  String problem() {
    priceNumber = price == null ? null : DecimalText.parse(price);
    contracts = size == null ? null : DecimalText.parse(size);
    if (!isDigits(id, MAX_ID_DIGITS)) {
      return wrong("tradeId", id);
    }
    if (!isDigits(time, 15) || !isPlausibleTime(Long.parseLong(time))) {
      return wrong("ts", time);
    }
    if (priceNumber == null) {
      return wrong("px", price);
    }
    if (contracts == null) {
      return wrong("sz", size);
    }
    if (side == null || TakerSide.parse(side) == null) {
      return wrong("side", side);
    }
    boolean counts = parts() >= 1 && Long.parseLong(id) - parts() + 1 >= 0;
    return counts ? null : wrong("count", count);
  }

  private static boolean isPlausibleTime(long millis) {
    return millis >= EARLIEST_MILLIS && millis < LATEST_MILLIS;
  }

  private static String wrong(String key, String value) {
    return value == null ? key + " is missing" : key + " is '" + Excerpt.of(value) + "'";
  }

  private int parts() {
    if (count == null || count.isEmpty()) {
      return 1;
    }
    int parts = isDigits(count, 9) ? Integer.parseInt(count) : -1;
    return parts > MAX_COUNT ? -1 : parts;
  }

  private void clear() {
    instrument = null;
    id = null;
    price = null;
    size = null;
    side = null;
    time = null;
    count = null;
  }

  /** Values are strings; of a bare number the text counts, never what a double makes of it. */
  private static String text(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
      return parser.getText();
    }
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    parser.skipChildren();
    return token.isScalarValue() ? parser.getText() : "of another kind";
  }

  private static boolean isDigits(String text, int most) {
    if (text == null || text.isEmpty() || text.length() > most) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
