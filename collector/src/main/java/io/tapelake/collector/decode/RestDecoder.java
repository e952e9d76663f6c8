package io.tapelake.collector.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Decodes answers of REST. A failure hides behind HTTP 200 as often as not: the code decides. */
public final class RestDecoder {

  private static final ObjectMapper TREES = new ObjectMapper(Json.FACTORY);

  private RestDecoder() {}

  /** The page of trades of an instrument in an answer. */
  public static RestPage trades(String instrument, RestAnswer answer) {
    if (answer.failure() != null) {
      return RestPage.failed(RestPage.Kind.FAILED, answer.failure());
    }
    String code = null;
    String text = null;
    List<TradeRow> rows = null;
    int refused = 0;
    RowReader reader = new RowReader();
    try (JsonParser parser = Json.FACTORY.createParser(answer.body())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return failedByStatus(answer, "the answer is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken token = parser.nextToken();
        if (key.equals("data") && token == JsonToken.START_ARRAY) {
          rows = new ArrayList<>();
          while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
            TradeRow row = token == JsonToken.START_OBJECT ? row(reader, parser, instrument) : null;
            if (row == null) {
              refused++;
              parser.skipChildren();
            } else {
              rows.add(row);
            }
          }
        } else if (key.equals("code") && token.isScalarValue()) {
          code = parser.getText();
        } else if (key.equals("msg") && token.isScalarValue()) {
          text = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      return failedByStatus(answer, "the answer is not JSON");
    }
    RestPage.Kind kind = kind(answer.status(), code);
    if (kind != RestPage.Kind.GOOD) {
      return RestPage.failed(kind, describe(answer.status(), code, text));
    }
    return rows == null
        ? RestPage.failed(RestPage.Kind.FAILED, "the answer holds no data")
        : new RestPage(rows, refused, null, RestPage.Kind.GOOD);
  }

  /** The rows of {@code data} in any other answer, or an exception that says why there are none. */
  public static List<JsonNode> data(RestAnswer answer) throws IOException {
    if (answer.failure() != null) {
      throw new IOException(answer.failure());
    }
    JsonNode tree;
    try {
      tree = TREES.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new IOException("HTTP " + answer.status() + ": the answer is not JSON", e);
    }
    String code = tree == null ? null : tree.path("code").asText(null);
    if (kind(answer.status(), code) != RestPage.Kind.GOOD) {
      String text = tree == null ? null : tree.path("msg").asText(null);
      throw new IOException(describe(answer.status(), code, text));
    }
    List<JsonNode> rows = new ArrayList<>();
    tree.path("data").forEach(rows::add);
    return rows;
  }

  /** Whether an answer says that the instrument does not exist. */
  public static boolean saysUnknownInstrument(IOException failure) {
    return failure.getMessage() != null && failure.getMessage().contains("code 51001");
  }

  private static TradeRow row(RowReader reader, JsonParser parser, String instrument)
      throws IOException {
    reader.read(parser);
    boolean own = reader.instrument() == null || reader.instrument().equals(instrument);
    TradeRow row = own ? reader.row(instrument) : null;
    return row == null || row.count() != 1 ? null : row;
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

  private static RestPage failedByStatus(RestAnswer answer, String what) {
    return RestPage.failed(kind(answer.status(), null), "HTTP " + answer.status() + ": " + what);
  }

  private static String describe(int status, String code, String text) {
    return "HTTP " + status + ", code " + code + ": " + MessageDecoder.excerpt(text);
  }
}
