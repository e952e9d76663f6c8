package io.tapelake.jobs.oracle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;

/** Makes lines that are refused, each for a reason that is known. */
final class BadLines {

  /** In the order in which they are given. */
  static final List<String> REASONS =
      List.of(
          "malformed_json",
          "line_too_long",
          "missing_field",
          "bad_timestamp",
          "wrong_day",
          "wrong_exchange",
          "wrong_instrument",
          "bad_trade_id",
          "bad_side",
          "bad_ct_type",
          "bad_number");

  private static final List<String> REQUIRED =
      List.of(
          "timestamp_utc",
          "exchange",
          "instId",
          "trade_id",
          "side",
          "price",
          "qty_contracts",
          "ctVal",
          "ctMult",
          "ctType");

  private static final List<String> BAD_NUMBERS =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "0.000",
          "-0",
          "0e5",
          "1e12",
          "1E-13",
          "1000000000000",
          "0.0000000000001",
          "1.0000000000001",
          "NaN",
          "Infinity",
          "1,5",
          "1_000",
          "0x10",
          " 1",
          "1 ",
          "1\\t",
          "--1",
          "+-1",
          "+",
          "-",
          ".",
          "e5",
          "1e",
          "1e+",
          "1.5.0",
          "1d",
          "1f",
          "١",
          "１",
          "1e99999999999",
          "1e-99999999999",
          "0e99999999999999999999",
          "1e2147483648",
          "1e-2147483649",
          "1e4294967296",
          "1e18446744073709551616",
          "123456789012345678901234567",
          "999999999999.9999999999999",
          "1E+12",
          "null",
          "\\u0000",
          "1\\u0000",
          "½",
          "1e1.5");

  private static final List<String> BAD_TIMES =
      List.of(
          "%sT24:00:00Z",
          "%sT23:59:60Z",
          "%sT23:59:60.5Z",
          "%sT12:60:00Z",
          "%sT25:00:00Z",
          "%sT12:00Z",
          "%s 12:00:00Z",
          "%sT12:00:00",
          "%sT12:00:00+00:00",
          "%sT12:00:00.123",
          "%sT12:00:00.Z",
          "%sT12:00:00.1234567890Z",
          "%sT12:00:00,5Z",
          "%st12:00:00z",
          "%sT12:00:00z",
          "%sT1:00:00Z",
          "%sT12:00:00.1 Z",
          "%sT-1:00:00Z",
          "%sT+1:00:00Z",
          " %sT12:00:00Z",
          "%sT12:00:00Z ",
          "+%sT12:00:00Z",
          "-%sT12:00:00Z",
          "%sT１2:00:00Z",
          "%sT12:00:00.٣Z",
          "%s",
          "2023-02-29T12:00:00Z",
          "1900-02-29T12:00:00Z",
          "2024-02-30T12:00:00Z",
          "2024-04-31T12:00:00Z",
          "2024-13-01T12:00:00Z",
          "2024-00-01T12:00:00Z",
          "2024-01-00T12:00:00Z",
          "12024-01-01T12:00:00Z",
          "1734212096",
          "now",
          "");

  private static final List<String> MALFORMED_VALUES =
      List.of(
          "01",
          "+1",
          "1.",
          ".5",
          "-",
          "1e",
          "1e+",
          "- 1",
          "0x10",
          "1x",
          "NaN",
          "Infinity",
          "tru",
          "nul",
          "True",
          "undefined",
          "'a'",
          "\"\\x\"",
          "\"\\u12G4\"",
          "\"\\u12\"",
          "\"\\\"",
          "\"a\tb\"",
          "\"a\rb\"",
          "\"a\u0000b\"",
          "\"a\u001fb\"",
          "[1,]",
          "[,1]",
          "[1 2]",
          "[1",
          "[1}",
          "{\"a\"}",
          "{\"a\":}",
          "{\"a\":1,}",
          "{,}",
          "{1:2}",
          "{a:1}",
          "{\"a\":1]",
          "{\"a\" 1}",
          "/*c*/1",
          "1//c",
          "\u00a01",
          "\u20281",
          "\f1",
          "\u000b1",
          "",
          "1,,\"y\":2",
          "\ufeff1",
          "#",
          "\"a\"\"b\"",
          "\"a\" \"b\"",
          "truefalse");

  private static final List<String> NOT_OBJECTS =
      List.of(
          "null",
          "42",
          "\"text\"",
          "[]",
          "[{}]",
          "{",
          "}",
          "{}{}",
          "{} {}",
          "{},",
          "\u0000",
          "\u0000\u0000\u0000\u0000",
          "timestamp_utc,price",
          "{\"a\":1",
          "\u00a0",
          "\f",
          "\u000b",
          "\u0085",
          "\u2028",
          "\ufeff",
          "�",
          "{}\u0000",
          "\u0000{}",
          "{}#",
          "//",
          "\u001a");

  /** Byte sequences that are not UTF-8, as the characters U+0000 to U+00FF. */
  private static final List<String> NOT_UTF_8 =
      List.of(
          "\u00ff",
          "\u0080",
          "\u00c0\u0080",
          "\u00c1\u00bf",
          "\u00e2\u0082",
          "\u00ed\u00a0\u0080",
          "\u00f0\u0082\u0082\u00ac",
          "\u00f4\u0090\u0080\u0080",
          "\u00f5\u0080\u0080\u0080",
          "\u00e9");

  private final Dice dice;
  private final String instrument;
  private final LocalDate day;

  BadLines(Dice dice, String instrument, LocalDate day) {
    this.dice = dice;
    this.instrument = instrument;
    this.day = day;
  }

  /** A line that is refused for this reason, made of a draft of a valid one. */
  byte[] make(String reason, Draft valid) {
    Draft draft = valid;
    int place = REASONS.indexOf(reason);
    if (dice.chance(0.4) && place < REASONS.size() - 1) {
      // A second fault, of lower rank, must not change the verdict.
      String lower = REASONS.get(dice.between(Math.max(place, 1) + 1, REASONS.size() - 1));
      draft = spoil(lower, draft);
    }
    return switch (reason) {
      case "malformed_json" -> malformed(draft);
      case "line_too_long" -> tooLong(draft);
      default -> new LineStyles(dice).spellPlainly(spoil(reason, draft));
    };
  }

  /** A line of more than 1 MiB that is not a JSON object. */
  byte[] malformedAndLong(Draft draft) {
    byte[] line = LineStyles.padded(draft, RawLine.LONGEST + dice.between(1, 5_000));
    return switch (dice.between(0, 3)) {
      case 0 -> Arrays.copyOf(line, line.length - 1);
      case 1 -> LineStyles.concat("[".getBytes(UTF_8), line, "]".getBytes(UTF_8));
      case 2 -> {
        line[line.length - 5] = (byte) 0xFF;
        yield line;
      }
      default -> {
        line[0] = '[';
        yield line;
      }
    };
  }

  private byte[] tooLong(Draft draft) {
    int length = RawLine.LONGEST + dice.pick(1, 2, dice.between(1, 70_000));
    if (dice.chance(0.5)) {
      return LineStyles.padded(draft, length);
    }
    // Characters of two bytes, so that one may stand across the end of the first MiB.
    String wide = draft.withText("pad", "é".repeat(length / 2)).compact();
    return (dice.pick("", " ") + wide).getBytes(UTF_8);
  }

  private byte[] malformed(Draft draft) {
    String line = draft.compact();
    int inside = dice.between(1, line.length() - 1);
    return switch (dice.between(0, 12)) {
      case 0 -> line.substring(0, inside).getBytes(UTF_8);
      case 1 -> (line + dice.pick("}", " x", ",", line, "\u0000", "\f")).getBytes(UTF_8);
      case 2 -> ("\ufeff" + line).getBytes(UTF_8);
      case 3 -> (line.substring(0, inside) + "\u0000" + line.substring(inside)).getBytes(UTF_8);
      case 4 -> line.replace('"', '\'').getBytes(UTF_8);
      case 5 -> line.getBytes(UTF_16LE);
      case 6 -> (line.substring(0, line.length() - 1) + ",}").getBytes(UTF_8);
      case 7 -> dice.pick(NOT_OBJECTS).getBytes(UTF_8);
      case 8 -> ("{\"x\":" + "[".repeat(5_000)).getBytes(UTF_8);
      case 9, 10 -> {
        String broken = dice.pick(NOT_UTF_8);
        String key = dice.pick("x", "symbol_canon", "side", "price", "y" + broken);
        String json = Draft.quoted(key.equals("x") ? broken : "a" + broken + "b");
        yield draft.with(key, json).compact().getBytes(ISO_8859_1);
      }
      default -> draft.with("x", dice.pick(MALFORMED_VALUES)).compact().getBytes(UTF_8);
    };
  }

  private Draft spoil(String reason, Draft draft) {
    return switch (reason) {
      case "missing_field" -> missing(draft);
      case "bad_timestamp" ->
          draft.withText("timestamp_utc", dice.pick(BAD_TIMES).replace("%s", day.toString()));
      case "wrong_day" -> draft.withText("timestamp_utc", otherDay());
      case "wrong_exchange" ->
          draft.withText("exchange", dice.pick("OKX", "okx ", "", "binance", "okx\\u0000"));
      case "wrong_instrument" ->
          draft.withText(
              "instId", dice.pick("", instrument + "X", "X" + instrument, instrument + " ", "X-Y"));
      case "bad_trade_id" ->
          draft.withText(
              "trade_id",
              dice.pick(
                  "",
                  "12a",
                  "-1",
                  "+1",
                  "1.0",
                  "1e5",
                  " 1",
                  "1 ",
                  "1234567890123456789",
                  "0000000000000000001",
                  "１２",
                  "٣",
                  "0x1",
                  "1\\u0000",
                  "null"));
      case "bad_side" ->
          draft.withText("side", dice.pick("", "BUY", "Sell", "buy ", "hold", "b", "buy\\u0000"));
      case "bad_ct_type" ->
          draft.withText("ctType", dice.pick("", "Linear", "inverse ", "quanto", "null"));
      case "bad_number" ->
          draft.withText(
              dice.pick("price", "qty_contracts", "ctVal", "ctMult"), dice.pick(BAD_NUMBERS));
      default -> throw new IllegalArgumentException(reason);
    };
  }

  private Draft missing(Draft draft) {
    String key = dice.pick(REQUIRED);
    return switch (dice.between(0, 3)) {
      case 0 -> draft.without(key);
      case 1 -> draft.with(key, dice.pick("null", "true", "[]", "{}", "[\"1\"]", "{\"a\":\"b\"}"));
      case 2 -> draft.with(key, dice.pick("1", "61800.3", "1e5", "-0"));
      default -> draft.without(key).withText(key.toUpperCase(), draft.text(key));
    };
  }

  private String otherDay() {
    LocalDate other =
        dice.pick(day.plusDays(1), day.minusDays(1), day.plusYears(1), day.minusYears(400));
    return other
        + dice.pick("T00:00:00Z", "T23:59:59.999999999Z", "T12:00:00.5Z", "T00:00:00.000Z");
  }
}
