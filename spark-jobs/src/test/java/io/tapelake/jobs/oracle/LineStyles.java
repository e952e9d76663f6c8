package io.tapelake.jobs.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Spells a draft as the bytes of a line, in one of the ways that mean the same. */
final class LineStyles {

  private static final List<String> UNKNOWN_VALUES =
      List.of(
          "null",
          "true",
          "-0.5e-300",
          "0",
          "1E400",
          "[]",
          "{}",
          "\"\"",
          "\"\\u0000\\b\\f\\n\\r\\t\\/\\\\\\\"\"",
          "\"\\ud83d\\ude00 \\uD800\"",
          "\"é € 😀 \u2028\u007f\"",
          "[1,[2,{\"price\":\"7\",\"side\":[\"x\",{}]}],\"]}\"]",
          "{\"price\":\"9\",\"trade_id\":{\"side\":null},\"\":{}}",
          "{ \"a\" : [ { } , [ ] , { \"timestamp_utc\" : 1 } ] }");

  private final Dice dice;

  /** What most lines of a file look like. */
  private final int house;

  LineStyles(Dice dice) {
    this.dice = dice;
    house = dice.pick(0, 0, 1);
  }

  byte[] spell(Draft draft) {
    int style = dice.chance(0.8) ? house : dice.between(1, dice.chance(0.2) ? 9 : 8);
    String line =
        switch (style) {
          case 0 -> draft.compact();
          case 1 -> joined(draft, ", ", ": ");
          case 2 -> spaced(shuffled(draft));
          case 3 -> spaced(withUnknown(draft));
          case 4 -> optionalChanged(draft).compact();
          case 5 -> escaped(draft);
          case 6 -> repeated(draft);
          case 7 -> draft.withText("symbol_canon", dice.pick("币/USDT", "é€😀", "\u0080")).compact();
          case 8 -> " \t" + draft.compact() + dice.pick("\r", " ", "\t\r");
          default -> withOversized(draft);
        };
    return line.getBytes(StandardCharsets.UTF_8);
  }

  /** Spells a draft that may lack keys or hold anything, without changing any value. */
  byte[] spellPlainly(Draft draft) {
    String line =
        switch (dice.between(0, 2)) {
          case 0 -> draft.compact();
          case 1 -> joined(draft, ", ", ": ");
          default -> spaced(shuffled(draft));
        };
    return line.getBytes(StandardCharsets.UTF_8);
  }

  /** A valid line of exactly this many bytes. */
  static byte[] padded(Draft draft, int length) {
    String line = draft.compact();
    int missing = length - line.length() - ",\"pad\":\"\"".length();
    return draft.withText("pad", "x".repeat(missing)).compact().getBytes(StandardCharsets.UTF_8);
  }

  private static String joined(Draft draft, String comma, String colon) {
    StringBuilder line = new StringBuilder();
    draft
        .values()
        .forEach(
            (key, json) ->
                line.append(line.isEmpty() ? "{" : comma)
                    .append(Draft.quoted(key))
                    .append(colon)
                    .append(json));
    return line.append('}').toString();
  }

  private List<Map.Entry<String, String>> shuffled(Draft draft) {
    List<Map.Entry<String, String>> members = new ArrayList<>(draft.values().entrySet());
    dice.shuffle(members);
    return members;
  }

  private List<Map.Entry<String, String>> withUnknown(Draft draft) {
    List<Map.Entry<String, String>> members = new ArrayList<>(draft.values().entrySet());
    for (int i = dice.between(1, 3); i > 0; i--) {
      String key = dice.pick("x", "", "Price", "price ", "raw", "ключ", "count", "\\u0000");
      members.add(dice.between(0, members.size()), Map.entry(key, dice.pick(UNKNOWN_VALUES)));
    }
    return members;
  }

  private String spaced(List<Map.Entry<String, String>> members) {
    StringBuilder line = new StringBuilder(space()).append('{');
    for (Map.Entry<String, String> member : members) {
      line.append(line.charAt(line.length() - 1) == '{' ? "" : ",").append(space());
      line.append(Draft.quoted(member.getKey())).append(space()).append(':').append(space());
      line.append(member.getValue()).append(space());
    }
    return line.append('}').append(space()).toString();
  }

  private String space() {
    return dice.pick("", "", "", " ", "\t", "\r", "  \t");
  }

  private Draft optionalChanged(Draft draft) {
    return switch (dice.between(0, 3)) {
      case 0 -> draft.without("market");
      case 1 -> draft.without("symbol_canon").without("market");
      case 2 -> draft.with("market", dice.pick("null", "7", "[\"perp\"]"));
      default -> draft.withText("market", "spot").with("symbol_canon", "{\"a\":1}");
    };
  }

  /** Some characters of keys and values as escapes. */
  private String escaped(Draft draft) {
    StringBuilder line = new StringBuilder();
    boolean inString = false;
    for (char c : draft.compact().toCharArray()) {
      inString ^= c == '"';
      boolean escape = inString && c != '"' && dice.chance(0.2);
      String format = dice.pick("\\u%04x", "\\u%04X");
      line.append(escape ? String.format(format, (int) c) : Character.toString(c));
    }
    return line.toString();
  }

  /** A key that stands twice or more; the last value is the draft's. */
  private String repeated(Draft draft) {
    List<Map.Entry<String, String>> members = new ArrayList<>(draft.values().entrySet());
    for (int i = dice.between(1, 3); i > 0; i--) {
      String key = dice.pick(new ArrayList<>(draft.values().keySet()));
      String wrong = dice.pick("null", "1", "\"\"", "\"1\"", "{}", "\"buy\"", "\"2024\"");
      members.add(0, Map.entry(key, wrong));
    }
    return spaced(members);
  }

  /** What parsers like to put a limit on. */
  private String withOversized(Draft draft) {
    String value =
        dice.pick(
            "[".repeat(1_500) + "]".repeat(1_500),
            "{\"a\":".repeat(1_200) + "0" + "}".repeat(1_200),
            "9".repeat(1_500),
            "1." + "0".repeat(2_000) + "e-1000000000000");
    return dice.chance(0.5)
        ? draft.with("x", value).compact()
        : draft.with("k".repeat(20_000), value).compact();
  }

  /** The bytes behind each other. */
  static byte[] concat(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
