package io.tapelake.simulator.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An answer of the REST side.
 *
 * @param status the HTTP status
 * @param contentType of the body
 * @param body as it goes over the wire
 * @param download what makes the body where it is too long for memory, or null; safe to be called
 *     by another thread
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and too big to copy
public record Answer(int status, String contentType, byte[] body, Download download) {

  /** Makes a long body. */
  public interface Download {

    /** Writes the whole body to a stream and leaves it open. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** An answer with a body of its own. */
  public static Answer of(int status, String contentType, byte[] body) {
    return new Answer(status, contentType, body, null);
  }

  /** An answer with a long body. */
  public static Answer download(String contentType, Download download) {
    return new Answer(200, contentType, new byte[0], download);
  }

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
    return of(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
