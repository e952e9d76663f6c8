package io.tapelake.collector.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decodes answers of REST. A failure hides behind HTTP 200 as often as not: the code decides. */
public final class RestDecoder {

  private RestDecoder() {}

  /** Takes what {@code data} holds, one by one. */
  @FunctionalInterface
  private interface Rows {
    /** The parser stands at the row's first token, and has to be left at its last. */
    void take(JsonParser parser, JsonToken first) throws IOException;
  }

  private record Envelope(String code, String text, boolean hasData) {}

  /** The page of trades of an instrument in an answer. */
  public static RestPage trades(String instrument, RestAnswer answer) {
    if (answer.failure() != null) {
      return RestPage.failed(RestPage.Kind.FAILED, answer.failure());
    }
    List<TradeRow> rows = new ArrayList<>();
    List<RefusedRow> refused = new ArrayList<>();
    RowReader reader = new RowReader();
    Envelope envelope;
    try {
      envelope =
          read(
              answer,
              (parser, first) -> {
                if (first == JsonToken.START_OBJECT) {
                  reader.read(parser);
                  takeRow(reader, instrument, rows, refused);
                } else {
                  refused.add(new RefusedRow(-1, "it is no object"));
                  parser.skipChildren();
                }
              });
    } catch (IOException e) {
      return RestPage.failed(kind(answer.status(), null), e.getMessage());
    }
    RestPage.Kind kind = kind(answer.status(), envelope.code());
    if (kind != RestPage.Kind.GOOD) {
      return RestPage.failed(kind, describe(answer.status(), envelope));
    }
    return envelope.hasData()
        ? new RestPage(rows, refused, null, RestPage.Kind.GOOD)
        : RestPage.failed(RestPage.Kind.FAILED, "the answer holds no data");
  }

  /** What an answer means, whatever rows it holds: a page of none. */
  public static RestPage outcome(RestAnswer answer) {
    try {
      good(answer, (parser, first) -> parser.skipChildren());
      return new RestPage(List.of(), List.of(), null, RestPage.Kind.GOOD);
    } catch (RefusedException e) {
      return RestPage.failed(e.kind, e.getMessage());
    } catch (IOException e) {
      return RestPage.failed(kind(answer.status(), null), e.getMessage());
    }
  }

  private static void takeRow(
      RowReader reader, String instrument, List<TradeRow> rows, List<RefusedRow> refused) {
    TradeRow row = reader.row(instrument);
    boolean own = reader.instrument() == null || reader.instrument().equals(instrument);
    if (row == null) {
      refused.add(reader.refused(reader.problem()));
    } else if (!own) {
      // Its id is another instrument's.
      refused.add(new RefusedRow(-1, "it is of " + Excerpt.of(reader.instrument())));
    } else if (row.count() != 1) {
      refused.add(reader.refused("it stands for " + row.count() + " trades"));
    } else {
      rows.add(row);
    }
  }

  /** The rows of {@code data} in any other answer, or an exception that says why there are none. */
  public static List<JsonNode> data(RestAnswer answer) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    good(answer, (parser, first) -> rows.add(Json.TREES.readTree(parser)));
    return rows;
  }

  /**
   * The rows of {@code data} that name one of some instruments, by that name. Of all swaps a few
   * are wanted; the others are not kept in memory.
   */
  public static Map<String, JsonNode> listings(RestAnswer answer, Set<String> wanted)
      throws IOException {
    Map<String, JsonNode> rows = new HashMap<>();
    good(
        answer,
        (parser, first) -> {
          JsonNode row = Json.TREES.readTree(parser);
          String name = row.path("instId").asText("");
          if (wanted.contains(name)) {
            rows.put(name, row);
          }
        });
    return rows;
  }

  private static void good(RestAnswer answer, Rows rows) throws IOException {
    if (answer.failure() != null) {
      throw new IOException(answer.failure());
    }
    Envelope envelope = read(answer, rows);
    RestPage.Kind kind = kind(answer.status(), envelope.code());
    if (kind != RestPage.Kind.GOOD) {
      throw new RefusedException(kind, describe(answer.status(), envelope));
    }
  }

  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final RestPage.Kind kind;

    RefusedException(RestPage.Kind kind, String message) {
      super(message);
      this.kind = kind;
    }
  }

  private static Envelope read(RestAnswer answer, Rows rows) throws IOException {
    String code = null;
    String text = null;
    boolean hasData = false;
    try (JsonParser parser = Json.FACTORY.createParser(answer.body())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException(
            "HTTP %d: the answer is not a JSON object but %s"
                .formatted(answer.status(), Excerpt.of(answer.body())));
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken token = parser.nextToken();
        if (key.equals("data") && token == JsonToken.START_ARRAY) {
          hasData = true;
          for (token = parser.nextToken();
              token != JsonToken.END_ARRAY;
              token = parser.nextToken()) {
            rows.take(parser, token);
          }
        } else if (key.equals("code") && token.isScalarValue()) {
          code = parser.getText();
        } else if (key.equals("msg") && token.isScalarValue()) {
          text = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      throw new IOException(
          "HTTP %d: the answer is not JSON but %s"
              .formatted(answer.status(), Excerpt.of(answer.body())),
          e);
    }
    return new Envelope(code, text, hasData);
  }

  /** Whether an answer says that the instrument does not exist. */
  public static boolean saysUnknownInstrument(IOException failure) {
    return failure.getMessage() != null && failure.getMessage().contains("code 51001");
  }

  private static RestPage.Kind kind(int status, String code) {
    if (status == 429 || "50011".equals(code)) {
      return RestPage.Kind.LIMITED;
    }
    if ("51001".equals(code)) {
      return RestPage.Kind.UNKNOWN_INSTRUMENT;
    }
    return status == 200 && "0".equals(code) ? RestPage.Kind.GOOD : RestPage.Kind.FAILED;
  }

  private static String describe(int status, Envelope envelope) {
    return "HTTP %d, code %s: %s".formatted(status, envelope.code(), Excerpt.of(envelope.text()));
  }
}
