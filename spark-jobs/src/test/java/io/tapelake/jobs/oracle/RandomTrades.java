package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trades of one instrument, ascending in time: bursts with ties, pauses around the windows'
 * lengths, midnights, terms that change, prices of every size, numbers and times in every spelling
 * that is valid.
 */
final class RandomTrades {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");

  /** Beyond this many rows of minutes, pauses stay short, or the oracle takes too long. */
  private static final long MOST_MINUTES = 5_000;

  private final Dice dice;
  private final String instrument;
  private final OracleConfig config;
  private final String priceKind;
  private final String quantityKind;
  private final int timeDigits;
  private String ctVal;
  private String ctMult;
  private String ctType;
  private long id;
  private long minutes;

  RandomTrades(Dice dice, String instrument, OracleConfig config) {
    this.dice = dice;
    this.instrument = instrument;
    this.config = config;
    priceKind = dice.pick("usual", "usual", "usual", "tiny", "tiny", "huge", "whole", "wide");
    quantityKind = dice.pick("whole", "whole", "fraction", "fraction", "wide");
    timeDigits = dice.pick(3, 3, 3, 6, 9);
    boolean inverse = instrument.contains("-USD-") || dice.chance(0.15);
    ctType = inverse ? "inverse" : "linear";
    ctVal = inverse ? dice.pick("100", "10", "1") : dice.pick("0.01", "0.1", "1", "1000");
    ctMult = "1";
    id = dice.pick(0L, 1L, 1_234_567_890L, 4_308_068_523L, 999_999_999_999_000_000L);
  }

  List<Draft> list(Instant start, int count) {
    List<Draft> drafts = new ArrayList<>();
    Instant time = start;
    while (drafts.size() < count) {
      int burst = 1 + dice.few(Math.min(40, count));
      long step = dice.pick(0L, 1_000L, 100_000_000L, 1_500_000_000L, 20_000_000_000L);
      for (int i = 0; i < burst && drafts.size() < count; i++) {
        drafts.add(draft(time));
        time = time.plusNanos(dice.chance(0.3) ? 0 : dice.between(0L, step));
      }
      time = pause(time);
      if (dice.chance(0.1)) {
        changeTerms();
      }
    }
    return drafts;
  }

  private Instant pause(Instant time) {
    boolean shortOnly = minutes > MOST_MINUTES;
    Instant minute = time.truncatedTo(ChronoUnit.MINUTES);
    Instant midnight = time.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    int kind = shortOnly ? dice.between(0, 3) : dice.between(0, 9);
    Instant next =
        switch (kind) {
          case 0 -> time.plusNanos(dice.between(0L, 3_000_000_000L));
          case 1 -> minute.plusSeconds(60).minusNanos(dice.pick(0L, 1L, 1_000_000L));
          case 2 -> time.plusSeconds(dice.between(1, 400));
          case 3 -> time.plusSeconds(dice.between(1, 130));
          case 4 -> midnight.minusNanos(dice.pick(0L, 1L, 1_000L, 1_000_000L, 61_000_000_000L));
          case 5, 6 -> {
            long window = dice.pick(config.windows()).minutes();
            yield minute
                .plusSeconds(60 * (window + dice.between(-1, 1)))
                .plusNanos(dice.pick(0L, 59_999_999_999L, dice.between(0L, 59_999_999_999L)));
          }
          case 7 -> minute.plusSeconds(60L * (config.longestWindow() + dice.between(1, 180)));
          default -> time.plusSeconds(dice.between(60, 7_200));
        };
    next = next.isBefore(time) ? time : next;
    long passed = ChronoUnit.MINUTES.between(time, next);
    minutes += Math.min(passed, config.longestWindow());
    return next;
  }

  private void changeTerms() {
    switch (dice.between(0, 4)) {
      case 0 -> ctVal = dice.pick("0.001", "0.01", "10", "0.0001");
      case 1 -> ctMult = dice.pick("1", "10", "0.1");
      case 2 -> ctVal = dice.pick("0.000000000001", "1000000", "0.123456789");
      case 3 -> {
        if (dice.chance(0.2)) {
          ctType = ctType.equals("linear") ? "inverse" : "linear";
        }
      }
      default -> {
        ctVal = number("1");
        ctMult = "1";
      }
    }
  }

  private Draft draft(Instant exact) {
    int digits = dice.chance(0.85) ? timeDigits : dice.between(0, 9);
    String nanos = String.format("%09d", exact.getNano()).substring(0, digits);
    long unit = 1;
    for (int i = digits; i < 9; i++) {
      unit *= 10;
    }
    Instant time = exact.minusNanos(exact.getNano() % unit);
    id += dice.chance(0.9) ? 1 : dice.between(1, 500);
    Map<String, String> values = new LinkedHashMap<>();
    put(values, "timestamp_utc", seconds(time) + (digits == 0 ? "" : "." + nanos) + "Z");
    put(values, "exchange", "okx");
    put(values, "market", "perp");
    put(values, "instId", instrument);
    put(values, "symbol_canon", instrument.replace("-USDT-SWAP", "/USDT"));
    put(values, "trade_id", tradeId());
    put(values, "side", dice.pick("buy", "sell"));
    put(values, "price", number(price()));
    put(values, "qty_contracts", number(quantity()));
    put(values, "ctVal", number(ctVal));
    put(values, "ctMult", number(ctMult));
    put(values, "ctType", ctType);
    return new Draft(time, values);
  }

  static String seconds(Instant time) {
    return SECONDS.format(LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC));
  }

  private String tradeId() {
    // Within a minute, ids need not ascend with time.
    long jittered = dice.chance(0.05) ? id + 1_000 - dice.between(0, 9) : id;
    String text = Long.toString(jittered);
    return dice.chance(0.02) ? "0".repeat(dice.between(0, 18 - text.length())) + text : text;
  }

  private String price() {
    return switch (priceKind) {
      case "usual" -> dice.between(61_000, 62_000) + "." + dice.between(0, 9);
      case "tiny" -> "0.00000000" + dice.between(1_000, 9_999);
      case "huge" -> dice.pick("1000000.0", "999999.9", "1000000.1", "1234567.8");
      case "whole" -> Integer.toString(dice.between(1, 500));
      default -> dice.digits(dice.between(1, 12)) + "." + dice.digits(dice.between(1, 12));
    };
  }

  private String quantity() {
    return switch (quantityKind) {
      case "whole" -> Integer.toString(dice.between(1, 1_000));
      case "fraction" -> dice.between(0, 99) + "." + dice.digits(dice.between(1, 4));
      default -> dice.digits(dice.between(1, 12)) + "." + dice.digits(dice.between(1, 12));
    };
  }

  /** The same number, now and then in an unusual spelling. */
  private String number(String plain) {
    return dice.chance(0.93) ? plain : respelled(plain, dice);
  }

  static String respelled(String plain, Dice dice) {
    BigDecimal number = new BigDecimal(plain).stripTrailingZeros();
    String digits = number.unscaledValue().toString();
    int scale = number.scale();
    return switch (dice.between(0, 7)) {
      case 0 -> number.toPlainString() + dice.pick("e0", "E+0", "e-000", "E00000000000000000000");
      case 1 -> digits + dice.pick("e", "E") + -scale;
      case 2 -> "0." + digits + "e" + (digits.length() - scale);
      case 3 -> "." + digits + "E" + (digits.length() - scale);
      case 4 -> digits + ".e" + -scale;
      case 5 -> "+" + number.toPlainString();
      case 6 -> "000" + number.toPlainString();
      default -> {
        String text = number.toPlainString();
        yield text + (text.contains(".") ? "" : ".") + "0".repeat(dice.pick(1, 13, 40));
      }
    };
  }

  private static void put(Map<String, String> values, String key, String text) {
    values.put(key, Draft.quoted(text));
  }
}
