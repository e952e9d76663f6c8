package io.tapelake.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TradeLineScannerTest {

  private static final String LINE =
      "{\"timestamp_utc\":\"2025-12-14T21:34:56.123Z\",\"exchange\":\"okx\",\"market\":\"perp\","
          + "\"instId\":\"BTC-USDT-SWAP\",\"symbol_canon\":\"BTC/USDT\","
          + "\"trade_id\":\"1234567890\",\"side\":\"buy\",\"price\":\"101250.5\","
          + "\"qty_contracts\":\"45\",\"ctVal\":\"0.01\",\"ctMult\":\"1\",\"ctType\":\"linear\"}";

  private static final Contract TERMS =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  private final TradeLineScanner scanner =
      new TradeLineScanner(new DayFile("BTC-USDT-SWAP", LocalDate.of(2025, 12, 14)));
  private final ParsedTrade trade = new ParsedTrade();

  @Test
  void compactLine() {
    assertThat(scan(LINE)).isTrue();
    assertThat(trade.toTrade("BTC-USDT-SWAP")).isEqualTo(trade("101250.5", "45"));
  }

  @Test
  void lineOfThePythonProgram() {
    assertThat(scan(spaced(LINE.replace(".123Z", ".123000Z")))).isTrue();
    assertThat(trade.toTrade("BTC-USDT-SWAP")).isEqualTo(trade("101250.5", "45"));
  }

  @Test
  void everyWrittenTradeOfAtMost16CharactersANumberIsTaken() {
    long seed = Long.getLong("tapelake.seed", 20251214L);
    Random random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      DayFile file =
          new DayFile(
              random.nextBoolean() ? "A" : "A".repeat(1 + random.nextInt(64)),
              LocalDate.of(random.nextInt(10_000), 1, 1).plusDays(random.nextInt(365)));
      Trade written =
          new Trade(
              Instant.ofEpochSecond(
                  file.day().toEpochDay() * 86_400 + random.nextInt(86_400),
                  random.nextInt(1000) * new int[] {1, 1_000, 1_000_000}[random.nextInt(3)]),
              file.instrument(),
              random.nextLong() >>> 5 + random.nextInt(58),
              random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL,
              number(random),
              number(random),
              new Contract(
                  number(random), number(random), ContractType.values()[random.nextInt(2)]));
      if (written.id() > Trade.MAX_ID) {
        continue;
      }
      String line = TradeLine.format(written);
      byte[] bytes = (random.nextBoolean() ? line : spaced(line)).getBytes(UTF_8);
      TradeLineScanner fresh = new TradeLineScanner(file);
      assertThat(fresh.scan(bytes, 0, bytes.length, trade)).as("seed %d: %s", seed, line).isTrue();
      assertThat(trade.toTrade(file.instrument())).as("seed %d", seed).isEqualTo(written);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 0",
    "0.5, 5, 1",
    "007, 7, 0",
    "12345678, 12345678, 0",
    "123456.7, 1234567, 1",
    "1234567.8, 12345678, 1",
    "12345678.9, 123456789, 1",
    "0.00001234, 1234, 8",
    "0.000000000001, 1, 12",
    "0.0000000000010, 1, 12",
    "999999999999, 999999999999, 0",
    "123456789012.123, 123456789012123, 3",
    "61800.00, 61800, 0",
    "61800.30, 618003, 1",
    "100, 100, 0",
    "1.000000000000, 1, 0",
    ".5, 5, 1",
    "5., 5, 0"
  })
  void numbers(String text, long unscaled, int scale) {
    assertThat(scan(LINE.replace("101250.5", text).replace("\"45\"", "\"" + text + "\""))).isTrue();
    assertThat(trade.unscaledPrice()).isEqualTo(unscaled);
    assertThat(trade.priceScale()).isEqualTo(scale);
    assertThat(trade.unscaledContracts()).isEqualTo(unscaled);
    assertThat(trade.contractsScale()).isEqualTo(scale);
    assertThat(trade.price()).isEqualTo(DecimalText.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "0.00",
        "-1",
        "+1",
        "1e5",
        ".",
        "1.2.3",
        "1234567.8.9",
        "12345678.9.",
        "1 ",
        "x",
        "1234567890123",
        "1234567890123.1",
        "0.0000000000001",
        "0.12345678901234",
        "12345678x1",
        "1\\u0030",
        "٣",
        "1234567890123456",
        "0000000000000000",
        "00000000000000001"
      })
  void otherNumbersAreLeft(String text) {
    assertThat(scan(LINE.replace("101250.5", text))).isFalse();
    assertThat(scan(LINE.replace("\"45\"", "\"" + text + "\""))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Z, 0",
    ".1Z, 100000000",
    ".12Z, 120000000",
    ".1234567Z, 123456700",
    ".12345678Z, 123456780",
    ".123456789Z, 123456789",
    ".000000001Z, 1"
  })
  void fractionsOfASecond(String text, int nano) {
    assertThat(scan(LINE.replace(".123Z", text))).isTrue();
    assertThat(trade.nano()).isEqualTo(nano);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "24:00:00Z",
        "23:60:00Z",
        "23:59:60Z",
        "2:030:00Z",
        "21:34:56",
        "21:34:56.Z",
        "21-34-56Z",
        "21:34:56.1234567890Z",
        "21:34:56.12345678:Z",
        "21:34:56z",
        "21:34:5/Z",
        "2::34:56Z"
      })
  void otherTimesAreLeft(String text) {
    assertThat(scan(LINE.replace("21:34:56.123Z", text))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "12345678, 12345678",
    "1234567890123456, 1234567890123456",
    "12345678901234567, 12345678901234567",
    "999999999999999999, 999999999999999999",
    "000000000000000000, 0"
  })
  void ids(String text, long id) {
    assertThat(scan(LINE.replace("1234567890", text))).isTrue();
    assertThat(trade.id()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1000000000000000000", "12345678x", "1234567890123456x"})
  void otherIdsAreLeft(String text) {
    assertThat(scan(LINE.replace("1234567890", text))).isFalse();
  }

  @Test
  void whatDepartsFromTheLayoutIsLeft() {
    assertThat(scan("")).isFalse();
    assertThat(scan("{}")).isFalse();
    assertThat(scan(LINE + "\r")).isFalse();
    assertThat(scan(" " + LINE)).isFalse();
    assertThat(scan(LINE + LINE)).isFalse();
    assertThat(scan(LINE.replace(",\"side\"", ", \"side\""))).isFalse();
    assertThat(scan(LINE.replace("2025-12-14", "2025-12-15"))).isFalse();
    assertThat(scan(LINE.replace("\"buy\"", "\"bell\""))).isFalse();
    assertThat(scan(LINE.replace("\"buy\"", "\"Buy\""))).isFalse();
    assertThat(scan(LINE.replace("BTC/USDT", "BTC\\/USDT"))).isFalse();
    assertThat(scan(LINE.replace("BTC/USDT", "BTC/€"))).isFalse();
    assertThat(scan(LINE.replace("BTC/USDT", "x".repeat(65)))).isFalse();
    assertThat(scan(LINE.replace("linear", "quanto"))).isFalse();
    assertThat(scan(LINE.replace("linear\"", "linear\","))).isFalse();
    for (int length = 0; length < LINE.length(); length++) {
      assertThat(scan(LINE.substring(0, length))).isFalse();
    }
  }

  @Test
  void symbolAndTermsMayChangeFromLineToLine() {
    for (int i = 0; i < 3; i++) {
      assertThat(scan(LINE)).isTrue();
      assertThat(trade.contract()).isEqualTo(TERMS);
      assertThat(scan(LINE.replace("BTC/USDT", "BTC-USDT").replace("0.01", "0.1"))).isTrue();
      assertThat(trade.contract().value()).isEqualTo(new BigDecimal("0.1"));
      assertThat(scan(LINE.replace("0.01", "0"))).isFalse();
      assertThat(scan(LINE.replace("linear", "inverse"))).isTrue();
      assertThat(trade.contract().type()).isEqualTo(ContractType.INVERSE);
    }
  }

  @Test
  void lineFeedIsFoundOnTheWay() {
    byte[] lines = (LINE + "\n" + spaced(LINE) + "\n" + LINE).getBytes(UTF_8);
    int first = scanner.scanToLineFeed(lines, 0, lines.length, trade);
    assertThat(first).isEqualTo(LINE.length());
    int second = scanner.scanToLineFeed(lines, first + 1, lines.length, trade);
    assertThat(second).isEqualTo(lines.length - LINE.length() - 1);
    // What lies behind the last LF is not a line yet.
    assertThat(scanner.scanToLineFeed(lines, second + 1, lines.length, trade)).isEqualTo(-1);
    assertThat(scanner.scanToLineFeed(lines, 0, first, trade)).isEqualTo(-1);
  }

  private boolean scan(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    return scanner.scan(bytes, 0, bytes.length, trade);
  }

  private static String spaced(String line) {
    return line.replace("\",\"", "\", \"").replace("\":\"", "\": \"");
  }

  private static Trade trade(String price, String contracts) {
    return new Trade(
        Instant.parse("2025-12-14T21:34:56.123Z"),
        "BTC-USDT-SWAP",
        1234567890,
        TakerSide.BUY,
        new BigDecimal(price),
        new BigDecimal(contracts),
        TERMS);
  }

  /** At most 16 characters, with the scale that a read number has. */
  private static BigDecimal number(Random random) {
    int integers = 1 + random.nextInt(12);
    int decimals = random.nextInt(Math.min(13, 16 - integers));
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < integers + decimals; i++) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    BigDecimal number = DecimalText.parse(digits.insert(integers, '.'));
    return number == null ? BigDecimal.ONE : number;
  }
}
