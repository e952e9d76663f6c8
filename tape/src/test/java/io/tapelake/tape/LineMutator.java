package io.tapelake.tape;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tapelake.vault.TradeLine;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Makes raw lines of the day file BTC-USDT-SWAP, 2025-12-14: valid ones of all kinds, ones that are
 * valid but not as programs write them, and broken ones, often by a single byte.
 */
final class LineMutator {

  private static final String[] KEYS = {
    TradeLine.TIMESTAMP,
    TradeLine.EXCHANGE,
    TradeLine.MARKET,
    TradeLine.INST_ID,
    TradeLine.SYMBOL,
    TradeLine.TRADE_ID,
    TradeLine.SIDE,
    TradeLine.PRICE,
    TradeLine.QTY_CONTRACTS,
    TradeLine.CT_VAL,
    TradeLine.CT_MULT,
    TradeLine.CT_TYPE
  };

  private static final int TIMESTAMP = 0;
  private static final int SYMBOL = 4;
  private static final int TRADE_ID = 5;
  private static final int SIDE = 6;
  private static final int PRICE = 7;
  private static final int CONTRACTS = 8;
  private static final int VALUE = 9;
  private static final int MULTIPLIER = 10;
  private static final int TYPE = 11;

  private static final String[] NUMBERS = {
    "0",
    "0.0",
    "-1",
    "+1",
    "1.",
    ".5",
    ".",
    "1..5",
    "1.2.3",
    "007",
    "00.10",
    "1e5",
    "1E-2",
    "1e",
    "5E+3",
    "0e0",
    "1e-13",
    "1e12",
    "NaN",
    "",
    " 1",
    "1 ",
    "1_0",
    "0x10",
    "999999999999",
    "1000000000000",
    "0999999999999",
    "0000000000000001",
    "00000000000000001",
    "0.000000000001",
    "0.0000000000001",
    "0.0000000000010",
    "1.0000000000000",
    "1.00000000000000",
    "123456789012345",
    "123456789012.123",
    "1234567890123.12",
    "123456789012.1234567",
    "12345678.1234567",
    "1234567.12345678",
    "12345678",
    "123456789",
    "1234567.8",
    "12345678.9",
    "0.1234567",
    "99999999.",
    ".99999999",
    ".9999999999999999",
    "999999999999.999999999999",
    "1.10",
    "10.00",
    "100",
    "1000000",
    "٣",
    "1\\u0030",
    "\\u0031",
    "½",
    "1,5",
    "12345678 ",
    "1234567:",
    "1/2",
    "1:2"
  };

  private static final String[] TIMES = {
    "2025-12-14T00:00:00Z",
    "2025-12-14T23:59:59.999999999Z",
    "2025-12-14T24:00:00Z",
    "2025-12-14T23:59:60Z",
    "2025-12-14T23:60:00.0Z",
    "2025-12-13T23:59:59.999Z",
    "2025-12-15T00:00:00.000Z",
    "2025-12-14T12:00:00.Z",
    "2025-12-14T12:00:00.1234567890Z",
    "2025-12-14T12:00:00.12345678Z",
    "2025-12-14T12:00:00.123456789Z",
    "2025-12-14t12:00:00Z",
    "2025-12-14T12:00:00z",
    "2025-12-14 12:00:00Z",
    "2025-12-14T12:00:00",
    "2025-12-14T12:00Z",
    "2025-12-14T12-00-00Z",
    "2025-12-14T1:00:000Z",
    "2025-12-14T12:00:00+00:00",
    "2025-02-30T12:00:00Z",
    "2025-12-14T12:00:00.1234567:Z",
    "2025-12-14T12:00:00.12345678:Z",
    "2025-12-14T12:00:00.-1Z",
    "2025-12-14T12:00:00.00000000Z",
    "2025-12-14T12:00:0:.1Z",
    "2025-12-14T::::::::Z",
    "2025-12-14T12:00:00.123ZZ",
    "2025-12-14T12:00:00.1\\u0032Z",
    "+2025-12-14T12:00:00Z",
    ""
  };

  private static final String[] IDS = {
    "0",
    "7",
    "007",
    "00000000",
    "12345678",
    "123456789",
    "1234567890123456",
    "12345678901234567",
    "999999999999999999",
    "000000000000000000",
    "0000000000000000000",
    "1000000000000000000",
    "99999999999999999999999999",
    "",
    "-1",
    "+1",
    "1.0",
    "1e3",
    " 1",
    "1 ",
    "٧",
    "12345678x",
    "1234567890123456:",
    "1\\u0031"
  };

  private static final String[] WORDS = {
    "",
    "okx",
    "OKX",
    "perp",
    "spot",
    "buy",
    "sell",
    "BUY",
    "Sell",
    "bell",
    "suy",
    "buy ",
    "linear",
    "inverse",
    "Linear",
    "quanto",
    "BTC-USDT-SWAP",
    "btc-usdt-swap",
    "ETH-USDT-SWAP",
    "BTC/USDT",
    "BTC\\/USDT",
    "Bücher/€",
    "\\u0042",
    "\\ud83d\\ude00",
    "\\ud83d",
    "a\\\"b",
    "a\\\\",
    "\\n",
    "\\x",
    "\t",
    "\u0000",
    "\u007f",
    "😀",
    "x".repeat(63),
    "x".repeat(64),
    "x".repeat(65),
    "x".repeat(500)
  };

  private static final String[] SPLICES = {
    "\"",
    "\\",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    " ",
    "\t",
    "\r",
    "\0",
    "null",
    "1",
    "\"\"",
    "{}",
    "[]",
    "\"x\":\"y\",",
    "\"price\":\"1\",",
    "\"price\":1,",
    "\"side\":null,",
    ",\"price\":\"3\"",
    "\u00e9",
    "\ufeff",
    "\\u0000",
    "//",
    "/**/",
    "e5",
    ".",
    "-",
    "0",
    "Z"
  };

  private final Random random;
  private long id = 1_234_567_890L;

  LineMutator(Random random) {
    this.random = random;
  }

  /** The next line, without LF. */
  byte[] next() {
    List<String> values = validValues();
    if (chance(3)) {
      replaceValue(values);
    }
    List<Integer> order = keyOrder();
    String text = chance(12) ? oddlySpaced(values, order) : spaced(values, order);
    byte[] line = text.getBytes(UTF_8);
    if (chance(2)) {
      int mutations = 1 + (chance(4) ? random.nextInt(4) : 0);
      for (int i = 0; i < mutations; i++) {
        line = mutate(line);
      }
    }
    return withoutLineFeeds(line);
  }

  private List<String> validValues() {
    id += chance(4) ? random.nextInt(1000) - 500 : 1;
    return new ArrayList<>(
        Arrays.asList(
            "2025-12-14T" + two(24) + ":" + two(60) + ":" + two(60) + fraction() + "Z",
            "okx",
            "perp",
            "BTC-USDT-SWAP",
            chance(20) ? "BTC-USDT" : "BTC/USDT",
            Long.toString(chance(8) ? random.nextLong() >>> 5 + random.nextInt(58) : id),
            random.nextBoolean() ? "buy" : "sell",
            decimal(),
            decimal(),
            chance(10) ? decimal() : "0.01",
            chance(20) ? decimal() : "1",
            chance(10) ? "inverse" : "linear"));
  }

  private String two(int bound) {
    int number = random.nextInt(bound);
    return number < 10 ? "0" + number : Integer.toString(number);
  }

  private String fraction() {
    int digits = chance(2) ? 3 : random.nextInt(10);
    return digits == 0 ? "" : "." + digits(digits);
  }

  private String decimal() {
    String integer = chance(8) ? "0" : digits(1 + random.nextInt(chance(4) ? 12 : 6));
    return chance(3) ? integer : integer + "." + digits(1 + random.nextInt(chance(4) ? 12 : 3));
  }

  private String digits(int count) {
    StringBuilder digits = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      digits.append((char) ('0' + (chance(4) ? 0 : random.nextInt(10))));
    }
    return digits.toString();
  }

  private void replaceValue(List<String> values) {
    int key = random.nextInt(KEYS.length);
    String[] choice =
        switch (key) {
          case TIMESTAMP -> TIMES;
          case TRADE_ID -> IDS;
          case PRICE, CONTRACTS, VALUE, MULTIPLIER -> NUMBERS;
          case SIDE, TYPE, SYMBOL -> WORDS;
          default -> chance(2) ? WORDS : NUMBERS;
        };
    values.set(key, choice[random.nextInt(choice.length)]);
  }

  /** Mostly the writer's; else two keys swapped, one left out or one twice. */
  private List<Integer> keyOrder() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < KEYS.length; i++) {
      order.add(i);
    }
    if (chance(12)) {
      int one = random.nextInt(KEYS.length);
      int other = random.nextInt(KEYS.length);
      switch (random.nextInt(3)) {
        case 0 -> Collections.swap(order, one, other);
        case 1 -> order.remove(one);
        default -> order.add(other, one);
      }
    }
    return order;
  }

  private String spaced(List<String> values, List<Integer> order) {
    boolean compact = random.nextBoolean();
    return text(values, order, compact ? "," : ", ", compact ? ":" : ": ");
  }

  /** Separators of other writers; valid as long as they are JSON. */
  private String oddlySpaced(List<String> values, List<Integer> order) {
    String[] spaces = {"", " ", "  ", "\t", "\r"};
    String comma = spaces[random.nextInt(spaces.length)] + "," + spaces[random.nextInt(5)];
    String colon = spaces[random.nextInt(spaces.length)] + ":" + spaces[random.nextInt(5)];
    String text = text(values, order, comma, colon);
    return chance(2) ? text : spaces[random.nextInt(5)] + text + spaces[random.nextInt(5)];
  }

  private static String text(List<String> values, List<Integer> order, String comma, String colon) {
    StringBuilder text = new StringBuilder("{");
    for (int key : order) {
      text.append(text.length() == 1 ? "" : comma);
      text.append('"').append(KEYS[key]).append('"').append(colon);
      text.append('"').append(values.get(key)).append('"');
    }
    return text.append('}').toString();
  }

  private byte[] mutate(byte[] line) {
    if (line.length == 0) {
      return line;
    }
    int at = random.nextInt(line.length);
    int to = Math.min(line.length, at + 1 + random.nextInt(chance(4) ? 40 : 3));
    byte[] copy = line.clone();
    switch (random.nextInt(9)) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy[at] = (byte) random.nextInt(256);
      case 2 -> copy[at] = (byte) ('0' + random.nextInt(12));
      case 3 -> copy = splice(line, at, to, new byte[0]);
      case 4 -> copy = splice(line, at, at, new byte[] {(byte) random.nextInt(256)});
      case 5 -> copy = splice(line, at, at, Arrays.copyOfRange(line, at, to));
      case 6 ->
          copy = splice(line, at, at, SPLICES[random.nextInt(SPLICES.length)].getBytes(UTF_8));
      case 7 -> copy = Arrays.copyOf(line, at);
      default -> {
        int other = random.nextInt(line.length);
        copy[at] = line[other];
        copy[other] = line[at];
      }
    }
    return copy;
  }

  private static byte[] splice(byte[] line, int from, int to, byte[] insert) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(line.length + insert.length);
    out.write(line, 0, from);
    out.writeBytes(insert);
    out.write(line, to, line.length - to);
    return out.toByteArray();
  }

  private static byte[] withoutLineFeeds(byte[] line) {
    for (int i = 0; i < line.length; i++) {
      line[i] = line[i] == '\n' ? (byte) 'n' : line[i];
    }
    return line;
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }
}
