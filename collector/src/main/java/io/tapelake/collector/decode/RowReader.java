package io.tapelake.collector.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tapelake.vault.DecimalText;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
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
  private boolean wrongType;

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

  /** The name of a key that is missing and makes a trade, or null. */
  String missingKey() {
    if (wrongType) {
      return null;
    }
    return time == null
        ? "ts"
        : id == null
            ? "tradeId"
            : price == null ? "px" : size == null ? "sz" : side == null ? "side" : null;
  }

  /** The instrument the row names, or null. */
  String instrument() {
    return instrument;
  }

  /** The row for an instrument, or null when a value cannot be a trade's. */
  TradeRow row(String forInstrument) {
    if (wrongType || missingKey() != null || !isDigits(id, MAX_ID_DIGITS) || !isDigits(time, 15)) {
      return null;
    }
    long number = Long.parseLong(id);
    long millis = Long.parseLong(time);
    int parts = parts();
    TakerSide taker = TakerSide.parse(side);
    BigDecimal priceNumber = DecimalText.parse(price);
    BigDecimal contracts = DecimalText.parse(size);
    if (parts < 1
        || number - parts + 1 < 0
        || number > Trade.MAX_ID
        || millis < EARLIEST_MILLIS
        || millis >= LATEST_MILLIS
        || taker == null
        || priceNumber == null
        || contracts == null) {
      return null;
    }
    return new TradeRow(
        forInstrument, number, parts, Instant.ofEpochMilli(millis), taker, priceNumber, contracts);
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
    wrongType = false;
  }

  private String text(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    if (token != JsonToken.VALUE_NULL) {
      wrongType = true;
      parser.skipChildren();
    }
    return null;
  }

  private static boolean isDigits(String text, int most) {
    if (text.isEmpty() || text.length() > most) {
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
