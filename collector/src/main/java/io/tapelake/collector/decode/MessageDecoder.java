package io.tapelake.collector.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
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

  /** The channel whose pushes are contract metadata. */
  public static final String INSTRUMENTS = "instruments";

  /** How a connection hands over a frame that holds no text: with its length behind. */
  public static final String BINARY = "binary:";

  /** Longer messages are not read: the longest real ones have some thousand characters. */
  static final int MAX_LENGTH = 1 << 20;

  private final RowReader row = new RowReader();

  private String event;
  private String requestId;
  private String code;
  private String text;
  private String channel;
  private String instrument;
  private List<TradeRow> rows;
  private List<RefusedRow> refused;
  private List<JsonNode> listings;
  private TokenBuffer early;

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
    if (message.startsWith(BINARY)) {
      return new Message.Unreadable(
          "a binary frame of " + message.substring(BINARY.length()) + " bytes, not text");
    }
    clear();
    try (JsonParser parser = Json.FACTORY.createParser(message)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Message.Unreadable("not a JSON object");
      }
      readObject(parser);
      if (early != null) {
        JsonParser data = early.asParser();
        readData(data, data.nextToken());
      }
      if (parser.nextToken() != null) {
        return new Message.Unreadable("more than one JSON value");
      }
      return message();
    } catch (IOException e) {
      return new Message.Unreadable("not JSON: " + Excerpt.of(message));
    }
  }

  private void readObject(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (key) {
        case "arg" -> readArgument(parser, token);
        case "data" -> readOrKeep(parser, token);
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
    String type = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (key) {
        case "channel" -> channel = scalar(parser, value);
        case "instId" -> instrument = scalar(parser, value);
        case "instType" -> type = scalar(parser, value);
        default -> parser.skipChildren();
      }
    }
    if (INSTRUMENTS.equals(channel)) {
      instrument = type;
    }
  }

  /** What data is tells the channel, which may stand behind it. */
  private void readOrKeep(JsonParser parser, JsonToken token) throws IOException {
    if (channel == null) {
      early = new TokenBuffer(parser);
      early.copyCurrentStructure(parser);
    } else {
      readData(parser, token);
    }
  }

  private void readData(JsonParser parser, JsonToken token) throws IOException {
    rows = new ArrayList<>(1);
    refused = List.of();
    if (token != JsonToken.START_ARRAY) {
      refuse(new RefusedRow(-1, "data is no list"));
      parser.skipChildren();
    } else if (INSTRUMENTS.equals(channel)) {
      readListings(parser);
    } else {
      readTrades(parser);
    }
  }

  private void readListings(JsonParser parser) throws IOException {
    listings = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      listings.add(Json.TREES.readTree(parser));
    }
  }

  /** Reads rows as trades; whether they are is known when the whole message is. */
  private void readTrades(JsonParser parser) throws IOException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token != JsonToken.START_OBJECT) {
        refuse(new RefusedRow(-1, "it is no object"));
        parser.skipChildren();
        continue;
      }
      row.read(parser);
      TradeRow decoded = row.row(row.instrument());
      if (decoded == null) {
        refuse(row.refused(row.problem()));
      } else {
        rows.add(decoded);
      }
    }
  }

  private void refuse(RefusedRow why) {
    if (refused.isEmpty()) {
      refused = new ArrayList<>(1);
    }
    refused.add(why);
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
    if (listings != null) {
      return new Message.Listings(listings);
    }
    if (!TRADES.equals(channel) && !TRADES_ALL.equals(channel)) {
      return channel == null
          ? new Message.Unreadable("data of no channel")
          : new Message.OtherPush(channel, instrument);
    }
    if (instrument == null) {
      return new Message.Unreadable("trades of no instrument");
    }
    List<TradeRow> own = new ArrayList<>(rows.size());
    for (TradeRow decoded : rows) {
      if (decoded.instrument() == null) {
        own.add(named(decoded));
      } else if (decoded.instrument().equals(instrument)) {
        own.add(decoded);
      } else {
        // Its id is another instrument's.
        refuse(new RefusedRow(-1, "it is of " + Excerpt.of(decoded.instrument())));
      }
    }
    return new Message.Trades(channel, instrument, own, refused);
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
    rows = null;
    refused = null;
    listings = null;
    early = null;
  }

  /** Codes and ids come as strings; a number in their place is taken for its digits. */
  private static String scalar(JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING || token.isNumeric()) {
      return parser.getText();
    }
    parser.skipChildren();
    return null;
  }
}
