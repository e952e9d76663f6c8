package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The verdict on one line of a raw file that is not blank: a trade, or the first reason that
 * refuses it.
 *
 * @param trade null when refused
 * @param reason null when valid
 */
record RawLine(OracleTrade trade, String reason) {

  static final int LONGEST = 1_048_576;

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

  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{1,9}))?Z");
  private static final Pattern TRADE_ID = Pattern.compile("[0-9]{1,18}");

  /** Judges a line's bytes, without its LF. */
  static RawLine judge(byte[] line, String instrument, LocalDate day) {
    Map<String, Optional<String>> members;
    try {
      members = JsonObjectReader.read(decode(line));
    } catch (CharacterCodingException | JsonObjectReader.Malformed e) {
      return refused("malformed_json");
    }
    if (line.length > LONGEST) {
      return refused("line_too_long");
    }
    for (String key : REQUIRED) {
      if (members.getOrDefault(key, Optional.empty()).isEmpty()) {
        return refused("missing_field");
      }
    }
    return judge(key -> members.get(key).orElseThrow(), instrument, day);
  }

  private interface Fields {
    String value(String key);
  }

  private static RawLine judge(Fields fields, String instrument, LocalDate day) {
    Optional<Instant> time = time(fields.value("timestamp_utc"));
    if (time.isEmpty()) {
      return refused("bad_timestamp");
    }
    if (!time.get().atOffset(ZoneOffset.UTC).toLocalDate().equals(day)) {
      return refused("wrong_day");
    }
    if (!fields.value("exchange").equals("okx")) {
      return refused("wrong_exchange");
    }
    if (!fields.value("instId").equals(instrument)) {
      return refused("wrong_instrument");
    }
    if (!TRADE_ID.matcher(fields.value("trade_id")).matches()) {
      return refused("bad_trade_id");
    }
    if (!List.of("buy", "sell").contains(fields.value("side"))) {
      return refused("bad_side");
    }
    if (!List.of("linear", "inverse").contains(fields.value("ctType"))) {
      return refused("bad_ct_type");
    }
    List<BigDecimal> numbers = new ArrayList<>();
    for (String key : List.of("price", "qty_contracts", "ctVal", "ctMult")) {
      PlainNumber.parse(fields.value(key)).ifPresent(numbers::add);
    }
    if (numbers.size() < 4) {
      return refused("bad_number");
    }
    return new RawLine(
        new OracleTrade(
            time.get(),
            Long.parseLong(fields.value("trade_id")),
            fields.value("side").equals("buy"),
            numbers.get(0),
            numbers.get(1),
            numbers.get(2),
            numbers.get(3),
            fields.value("ctType").equals("inverse")),
        null);
  }

  private static Optional<Instant> time(String text) {
    Matcher parts = TIMESTAMP.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String fraction = parts.group(7) == null ? "" : parts.group(7);
    try {
      LocalDate date = LocalDate.of(number(parts, 1), number(parts, 2), number(parts, 3));
      LocalTime time =
          LocalTime.of(
              number(parts, 4),
              number(parts, 5),
              number(parts, 6),
              Integer.parseInt((fraction + "000000000").substring(0, 9)));
      return Optional.of(LocalDateTime.of(date, time).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  private static String decode(byte[] line) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(ByteBuffer.wrap(line))
        .toString();
  }

  private static RawLine refused(String reason) {
    return new RawLine(null, reason);
  }
}
