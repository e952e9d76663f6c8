package io.tapelake.collector.simulate.exchange;

import java.nio.charset.StandardCharsets;

/**
 * An answer of the REST side.
 *
 * @param status the HTTP status
 * @param contentType of the body
 * @param body as it goes over the wire
 */
public record Answer(int status, String contentType, byte[] body) {

  /** Rows in the exchange's envelope. */
  static Answer data(CharSequence rows) {
    return json(200, "{\"code\":\"0\",\"msg\":\"\",\"data\":[" + rows + "]}");
  }

  /** An error in the exchange's envelope; the exchange answers many of them with HTTP 200. */
  static Answer error(int status, String code, String message) {
    String body =
        "{\"msg\":\"" + Json.escape(message) + "\",\"code\":\"" + code + "\",\"data\":[]}";
    return json(status, body);
  }

  static Answer json(int status, String body) {
    return new Answer(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
