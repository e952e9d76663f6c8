package io.tapelake.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TradeLineTest {

  private static final Pattern PAIR = Pattern.compile("\"([^\"]*)\":\"([^\"]*)\"");
  private static final Contract TERMS =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  @Test
  void lineOfTheFormatDocument() {
    assertThat(TradeLine.format(trade("2025-12-14T21:34:56.123Z", "101250.5", "45")))
        .isEqualTo(
            "{\"timestamp_utc\":\"2025-12-14T21:34:56.123Z\",\"exchange\":\"okx\","
                + "\"market\":\"perp\",\"instId\":\"BTC-USDT-SWAP\",\"symbol_canon\":\"BTC/USDT\","
                + "\"trade_id\":\"1234567890\",\"side\":\"buy\",\"price\":\"101250.5\","
                + "\"qty_contracts\":\"45\",\"ctVal\":\"0.01\",\"ctMult\":\"1\","
                + "\"ctType\":\"linear\"}");
  }

  @Test
  void numbersAreWrittenInPlainNotation() {
    assertThat(TradeLine.format(trade("2025-12-14T00:00:00Z", "1E+5", "1E-12")))
        .contains("\"price\":\"100000\"")
        .contains("\"qty_contracts\":\"0.000000000001\"");
  }

  @Test
  void whatIsWrittenIsReadBack() {
    for (String time :
        new String[] {
          "2025-12-14T00:00:00Z", "2025-12-14T23:59:59.999999999Z", "2025-12-14T12:00:00.5Z"
        }) {
      Trade trade = trade(time, "999999999999.999999999999", "0.01");
      ParsedTrade parsed = new ParsedTrade();
      TradeFields fields = new TradeFields(new DayFile(trade.instrument(), trade.day()));
      Matcher pair = PAIR.matcher(TradeLine.format(trade));
      while (pair.find()) {
        fields.set(pair.group(1), pair.group(2));
      }
      assertThat(fields.validate(parsed)).isNull();
      assertThat(parsed.toTrade(trade.instrument())).isEqualTo(trade);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2025-12-14T21:34:56Z, 2025-12-14T21:34:56.000Z",
    "2025-12-14T21:34:56.1Z, 2025-12-14T21:34:56.100Z",
    "2025-12-14T21:34:56.1234Z, 2025-12-14T21:34:56.123400Z",
    "2025-12-14T21:34:56.123456Z, 2025-12-14T21:34:56.123456Z",
    "2025-12-14T21:34:56.1234567Z, 2025-12-14T21:34:56.123456700Z",
    "2025-12-14T21:34:56.000000001Z, 2025-12-14T21:34:56.000000001Z"
  })
  void timeHasThreeFractionalDigitsOrSixOrNine(String time, String text) {
    assertThat(TradeLine.formatTime(Instant.parse(time))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "BTC-USDT-SWAP, BTC/USDT",
    "BTC-USD-SWAP, BTC/USD",
    "BTC-USD-251226, BTC/USD",
    "BTC-USDT, BTC/USDT",
    "BTC, BTC",
    "BTC_USDT, BTC_USDT",
    "A-B-C-D, A/B"
  })
  void canonicalSymbol(String instrument, String symbol) {
    assertThat(TradeLine.canonicalSymbol(instrument)).isEqualTo(symbol);
  }

  private static Trade trade(String time, String price, String contracts) {
    return new Trade(
        Instant.parse(time),
        "BTC-USDT-SWAP",
        1234567890,
        TakerSide.BUY,
        new BigDecimal(price),
        new BigDecimal(contracts),
        TERMS);
  }
}
