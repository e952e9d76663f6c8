package io.tapelake.simulator.exchange;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;

/** Messages that are not what a client hopes for. */
final class Garbage {

  /** What can be sent instead of a message and leaves the connection intact. */
  static final List<String> HARMLESS =
      List.of("text", "empty", "number", "array", "truncated", "nested", "huge", "types", "binary");

  private static final int NESTING = 20_000;
  private static final int HUGE = 4 << 20;

  private Garbage() {}

  /**
   * Sends one piece of garbage. Those called {@code utf8} and {@code frame} break the WebSocket
   * protocol, which ends the connection.
   */
  static void send(String kind, Outbox outbox, long seed) {
    byte[] random = new byte[64];
    new Random(seed).nextBytes(random);
    switch (kind) {
      case "text" -> outbox.send("<html><body>502 Bad Gateway</body></html>");
      case "empty" -> outbox.send("");
      case "number" -> outbox.send("12345678901234567890123456789");
      case "array" -> outbox.send("[{\"event\":\"subscribe\"},null,[]]");
      case "truncated" ->
          outbox.send("{\"arg\":{\"channel\":\"trades-all\",\"instId\":\"BTC-USDT-SWAP\"},\"da");
      case "nested" -> outbox.send("[".repeat(NESTING) + "]".repeat(NESTING));
      case "huge" -> outbox.send("{\"event\":\"x\",\"msg\":\"" + "x".repeat(HUGE) + "\"}");
      case "types" ->
          outbox.send("{\"event\":{\"a\":[1]},\"arg\":7,\"data\":\"none\",\"code\":[]}");
      case "binary" -> outbox.sendBinary(random);
      case "utf8" -> outbox.sendRaw(new byte[] {(byte) 0x81, 2, (byte) 0xC3, (byte) 0x28});
      case "frame" -> outbox.sendRaw(random);
      default -> throw new IllegalArgumentException("no garbage is called " + kind);
    }
  }

  /** The same push with fields that nobody has heard of, at every level. */
  static String withUnknownFields(String frame) {
    return frame
        .replaceFirst(
            "\\{\"arg\":\\{", "{\"gw\":{\"node\":[1,2,{\"a\":null}]},\"arg\":{\"sprdId\":\"\",")
        .replaceFirst(
            "\"data\":\\[\\{", "\"data\":[{\"elp\":true,\"fees\":[{\"rate\":-1e-5}],\"px2\":null,");
  }

  /** An instrument before it opens, as the exchange served some for a while. */
  static String blank(String listing) {
    return listing
        .replaceFirst("\"state\":\"[a-z]*\"", "\"state\":\"preopen\"")
        .replaceFirst("\"ctVal\":\"[^\"]*\"", "\"ctVal\":\"\"")
        .replaceFirst("\"ctMult\":\"[^\"]*\"", "\"ctMult\":\"\"");
  }

  /**
   * The same push without a field, or with another value for it: where its name is followed by a
   * colon and the JSON that stands for the value.
   */
  static String without(String frame, String field) {
    int colon = field.indexOf(':');
    String name = colon < 0 ? field : field.substring(0, colon);
    String pattern = "\"" + name + "\":(\"[^\"]*\"|\\d+),?";
    int data = frame.indexOf("\"data\"");
    String rows = frame.substring(data);
    String replaced =
        colon < 0
            ? rows.replaceAll(pattern, "").replace(",}", "}")
            : rows.replaceAll(
                    pattern,
                    Matcher.quoteReplacement(
                        "\"" + name + "\":" + field.substring(colon + 1) + ","))
                .replace(",}", "}");
    return frame.substring(0, data) + replaced;
  }

  /** Bytes that are no JSON. */
  static byte[] bytes(long seed) {
    byte[] random = new byte[256];
    new Random(seed).nextBytes(random);
    return random;
  }

  /** A page such as a proxy answers with. */
  static byte[] page() {
    return "<html><head><title>Just a moment...</title></head></html>"
        .getBytes(StandardCharsets.UTF_8);
  }
}
