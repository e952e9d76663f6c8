package io.tapelake.simulator.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client asks on a socket.
 *
 * @param id echoed in the answers, or null
 * @param op such as subscribe, or null
 * @param args the channels that it is about
 */
record Request(String id, String op, List<Arg> args) {

  private static final JsonFactory JSON = new JsonFactory();

  /** A channel of an instrument, or of a type of instruments; all may be null. */
  record Arg(String channel, String instrument, String type) {}

  /**
   * Parses a message.
   *
   * @throws IOException when it is not a JSON object of that form
   */
  static Request parse(String text) throws IOException {
    String id = null;
    String op = null;
    List<Arg> args = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(text)) {
      require(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "id" -> id = parser.getValueAsString();
          case "op" -> op = parser.getValueAsString();
          case "args" -> args = parseArgs(parser);
          default -> parser.skipChildren();
        }
      }
      require(parser.nextToken() == null);
    }
    return new Request(id, op, args);
  }

  private static List<Arg> parseArgs(JsonParser parser) throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY);
    List<Arg> args = new ArrayList<>();
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      String channel = null;
      String instrument = null;
      String type = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "channel" -> channel = parser.getValueAsString();
          case "instId" -> instrument = parser.getValueAsString();
          case "instType" -> type = parser.getValueAsString();
          default -> parser.skipChildren();
        }
      }
      args.add(new Arg(channel, instrument, type));
    }
    require(parser.currentToken() == JsonToken.END_ARRAY);
    return args;
  }

  private static void require(boolean expected) throws IOException {
    if (!expected) {
      throw new IOException("not a request");
    }
  }
}
