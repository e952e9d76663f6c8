package io.tapelake.collector.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the messages of the socket. Never throws: what cannot be read becomes {@link
 * Message.Unreadable}. Not thread-safe.
 */
public final class MessageDecoder {

  /** Channels whose pushes are trades. */
  public static final String TRADES = "trades";

  public static final String TRADES_ALL = "trades-all";

  /** Longer messages are not read: the longest real ones have some thousand characters. */
  static final int MAX_LENGTH = 1 << 20;

  private final RowReader row = new RowReader();

  private String event;
  private String requestId;
  private String code;
  private String text;
  private String channel;
  private String instrument;
  private String broken;
  private List<TradeRow> rows;
  private int refused;

  /** What a message says. */
  public Message decode(String message) {
    if (message.equals("pong")) {
      return new Message.Pong();
    }
    if (message.equals("ping")) {
      return new Message.Ping();
    }
    if (message.length() > MAX_LENGTH) {
      return new Message.Unreadable("longer than " + MAX_LENGTH + " characters");
    }
    clear();
    try (JsonParser parser = Json.FACTORY.createParser(message)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Message.Unreadable("not a JSON object");
      }
      readObject(parser);
      if (parser.nextToken() != null) {
        return new Message.Unreadable("more than one JSON value");
      }
      return message();
    } catch (IOException e) {
      return new Message.Unreadable("not JSON");
    }
  }

  private void readObject(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (key) {
        case "arg" -> readArgument(parser, token);
        case "data" -> readData(parser, token);
        case "event" -> event = scalar(parser, token);
        case "id" -> requestId = scalar(parser, token);
        case "code" -> code = scalar(parser, token);
        case "msg" -> text = scalar(parser, token);
        default -> parser.skipChildren();
      }
    }
  }

  private void readArgument(JsonParser parser, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (key) {
        case "channel" -> channel = scalar(parser, value);
        case "instId" -> instrument = scalar(parser, value);
        default -> parser.skipChildren();
      }
    }
  }

  /** Reads rows as trades; whether they are is known when the whole message is. */
  private void readData(JsonParser parser, JsonToken token) throws IOException {
    rows = new ArrayList<>(1);
    if (token != JsonToken.START_ARRAY) {
      refused++;
      parser.skipChildren();
      return;
    }
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      if (token != JsonToken.START_OBJECT) {
        refused++;
        parser.skipChildren();
        continue;
      }
      row.read(parser);
      takeRow();
    }
  }

  private void takeRow() {
    String missing = row.missingKey();
    if (missing != null && broken == null) {
      broken = "a trade without " + missing;
    }
    TradeRow decoded = row.row(row.instrument());
    if (decoded == null) {
      refused++;
    } else {
      rows.add(decoded);
    }
  }

  private Message message() {
    if (rows != null && event == null) {
      return push();
    }
    if (event == null) {
      return new Message.Unreadable("neither an event nor data");
    }
    return switch (event) {
      case "subscribe" -> new Message.Subscribed(requestId, channel, instrument);
      case "unsubscribe" -> new Message.Unsubscribed(channel, instrument);
      case "error" -> new Message.Refused(requestId, code, text, channel, instrument);
      case "notice" -> new Message.Notice(code, text);
      default -> new Message.UnknownEvent(event);
    };
  }

  private Message push() {
    boolean trades = TRADES.equals(channel) || TRADES_ALL.equals(channel);
    if (!trades) {
      return channel == null
          ? new Message.Unreadable("data of no channel")
          : new Message.OtherPush(channel, instrument);
    }
    if (broken != null) {
      return new Message.BrokenTrades(instrument, broken);
    }
    if (instrument == null) {
      return new Message.Unreadable("trades of no instrument");
    }
    for (int i = 0; i < rows.size(); i++) {
      TradeRow decoded = rows.get(i);
      if (decoded.instrument() == null) {
        rows.set(i, named(decoded));
      } else if (!decoded.instrument().equals(instrument)) {
        return new Message.BrokenTrades(
            instrument, "a trade of " + excerpt(decoded.instrument()) + " among its own");
      }
    }
    return new Message.Trades(channel, instrument, rows, refused);
  }

  private TradeRow named(TradeRow row) {
    return new TradeRow(
        instrument, row.id(), row.count(), row.time(), row.side(), row.price(), row.contracts());
  }

  private void clear() {
    event = null;
    requestId = null;
    code = null;
    text = null;
    channel = null;
    instrument = null;
    broken = null;
    rows = null;
    refused = 0;
  }

  /** Codes and ids come as strings; a number in their place is taken for its digits. */
  private static String scalar(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
      return parser.getText();
    }
    parser.skipChildren();
    return null;
  }

  /** The beginning of a text from outside, safe to print on one line. */
  public static String excerpt(String text) {
    if (text == null) {
      return "null";
    }
    String start = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
