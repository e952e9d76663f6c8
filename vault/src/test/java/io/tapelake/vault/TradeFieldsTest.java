package io.tapelake.vault;

import static io.tapelake.vault.RefusalReason.BAD_CT_TYPE;
import static io.tapelake.vault.RefusalReason.BAD_NUMBER;
import static io.tapelake.vault.RefusalReason.BAD_SIDE;
import static io.tapelake.vault.RefusalReason.BAD_TIMESTAMP;
import static io.tapelake.vault.RefusalReason.BAD_TRADE_ID;
import static io.tapelake.vault.RefusalReason.MISSING_FIELD;
import static io.tapelake.vault.RefusalReason.WRONG_DAY;
import static io.tapelake.vault.RefusalReason.WRONG_EXCHANGE;
import static io.tapelake.vault.RefusalReason.WRONG_INSTRUMENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TradeFieldsTest {

  /** One way to break a line; the reasons stand in the order in which they are given. */
  private record Fault(RefusalReason reason, String key, String value) {}

  private static final List<Fault> FAULTS =
      List.of(
          new Fault(MISSING_FIELD, TradeLine.CT_MULT, null),
          new Fault(BAD_TIMESTAMP, TradeLine.TIMESTAMP, "2025-12-14 21:34:56Z"),
          new Fault(WRONG_DAY, TradeLine.TIMESTAMP, "2025-12-15T00:00:00Z"),
          new Fault(WRONG_EXCHANGE, TradeLine.EXCHANGE, "okex"),
          new Fault(WRONG_INSTRUMENT, TradeLine.INST_ID, "ETH-USDT-SWAP"),
          new Fault(BAD_TRADE_ID, TradeLine.TRADE_ID, "x"),
          new Fault(BAD_SIDE, TradeLine.SIDE, "BUY"),
          new Fault(BAD_CT_TYPE, TradeLine.CT_TYPE, "quanto"),
          new Fault(BAD_NUMBER, TradeLine.PRICE, "0"));

  private final TradeFields fields =
      new TradeFields(new DayFile("BTC-USDT-SWAP", LocalDate.of(2025, 12, 14)));
  private final ParsedTrade trade = new ParsedTrade();

  @Test
  void validLine() {
    assertThat(verdict(Map.of())).isNull();
    assertThat(trade.toTrade("BTC-USDT-SWAP"))
        .isEqualTo(
            new Trade(
                Instant.parse("2025-12-14T21:34:56.123Z"),
                "BTC-USDT-SWAP",
                1234567890,
                TakerSide.BUY,
                new BigDecimal("101250.5"),
                new BigDecimal("45"),
                new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR)));
  }

  @Test
  void firstReasonOfEverySetOfFaultsIsGiven() {
    for (int set = 1; set < 1 << FAULTS.size(); set++) {
      Map<String, String> values = new HashMap<>();
      // From the last to the first: a broken timestamp replaces one of another day.
      for (int i = FAULTS.size() - 1; i >= 0; i--) {
        if ((set >> i & 1) != 0) {
          values.put(FAULTS.get(i).key(), FAULTS.get(i).value());
        }
      }
      Fault first = FAULTS.get(Integer.numberOfTrailingZeros(set));
      assertThat(verdict(values)).as("%s", values).isEqualTo(first.reason());
    }
  }

  @Test
  void reasonsAreDeclaredInTheirOrder() {
    assertThat(FAULTS).extracting(Fault::reason).isSorted();
    assertThat(BAD_CT_TYPE.code()).isEqualTo("bad_ct_type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "timestamp_utc",
        "exchange",
        "instId",
        "trade_id",
        "side",
        "price",
        "qty_contracts",
        "ctVal",
        "ctMult",
        "ctType"
      })
  void everyRequiredKeyIsMissed(String key) {
    Map<String, String> values = new HashMap<>();
    values.put(key, null);
    assertThat(verdict(values)).isEqualTo(MISSING_FIELD);
  }

  @Test
  void marketAndSymbolAndUnknownKeysDoNotMatter() {
    assertThat(verdict(Map.of(TradeLine.MARKET, "spot", TradeLine.SYMBOL, "", "x", "y"))).isNull();
  }

  @Test
  void lastValueOfAKeyCounts() {
    set(Map.of());
    fields.set(TradeLine.PRICE, "7");
    assertThat(fields.validate(trade)).isNull();
    assertThat(trade.price()).isEqualTo(new BigDecimal("7"));
    fields.set(TradeLine.PRICE, null);
    assertThat(fields.validate(trade)).isEqualTo(MISSING_FIELD);
  }

  @ParameterizedTest
  @CsvSource({
    "2025-12-14T00:00:00Z, 0",
    "2025-12-14T23:59:59Z, 0",
    "2025-12-14T23:59:59.9Z, 900000000",
    "2025-12-14T23:59:59.999999Z, 999999000",
    "2025-12-14T23:59:59.999999999Z, 999999999",
    "2025-12-14T00:00:00.000000001Z, 1",
    "2025-12-14T00:00:00.000000000Z, 0",
    "2025-12-14T00:00:00.12345678Z, 123456780"
  })
  void times(String text, int nano) {
    assertThat(verdict(Map.of(TradeLine.TIMESTAMP, text))).isNull();
    assertThat(trade.epochSecond()).isEqualTo(Instant.parse(text).getEpochSecond());
    assertThat(trade.nano()).isEqualTo(nano);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2025-12-14",
        "2025-12-14T21:34Z",
        "2025-12-14T21:34:56",
        "2025-12-14T21:34:56.123",
        "2025-12-14T21:34:56.Z",
        "2025-12-14T21:34:56,1Z",
        "2025-12-14T21:34:56.1234567890Z",
        "2025-12-14T21:34:56.12 Z",
        "2025-12-14T21:34:56.+12Z",
        "2025-12-14T21:34:56z",
        "2025-12-14t21:34:56Z",
        "2025-12-14 21:34:56Z",
        "2025-12-14T21:34:56+00:00",
        "2025-12-14T21:34:56ZZ",
        "2025-12-14T24:00:00Z",
        "2025-12-14T21:60:00Z",
        "2025-12-14T21:34:60Z",
        "2025-12-14T23:59:60Z",
        "2025-13-14T21:34:56Z",
        "2025-00-14T21:34:56Z",
        "2025-02-30T21:34:56Z",
        "2025-12-32T21:34:56Z",
        "2025-12-00T21:34:56Z",
        "2025/12/14T21:34:56Z",
        "+2025-12-14T21:34:56Z",
        "-025-12-14T21:34:56Z",
        "2025-12-14T-1:34:56Z",
        "2025-12-14T21:34:٥٦Z",
        " 2025-12-14T21:34:56Z",
        "2025-12-14T21:34:56Z "
      })
  void notTimes(String text) {
    assertThat(verdict(Map.of(TradeLine.TIMESTAMP, text))).isEqualTo(BAD_TIMESTAMP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-12-13T23:59:59.999999999Z",
        "2025-12-15T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z"
      })
  void timesOfOtherDays(String text) {
    assertThat(verdict(Map.of(TradeLine.TIMESTAMP, text))).isEqualTo(WRONG_DAY);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "007, 7", "999999999999999999, 999999999999999999"})
  void tradeIds(String text, long id) {
    assertThat(verdict(Map.of(TradeLine.TRADE_ID, text))).isNull();
    assertThat(trade.id()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " 1", "1 ", "-1", "+1", "1.0", "1e3", "0x1", "1000000000000000000", "٧", "７"})
  void notTradeIds(String text) {
    assertThat(verdict(Map.of(TradeLine.TRADE_ID, text))).isEqualTo(BAD_TRADE_ID);
  }

  @Test
  void namesAreComparedLetterByLetter() {
    assertThat(verdict(Map.of(TradeLine.EXCHANGE, "OKX"))).isEqualTo(WRONG_EXCHANGE);
    assertThat(verdict(Map.of(TradeLine.INST_ID, "btc-usdt-swap"))).isEqualTo(WRONG_INSTRUMENT);
    assertThat(verdict(Map.of(TradeLine.SIDE, "sell"))).isNull();
    assertThat(trade.side()).isEqualTo(TakerSide.SELL);
    assertThat(verdict(Map.of(TradeLine.SIDE, ""))).isEqualTo(BAD_SIDE);
    assertThat(verdict(Map.of(TradeLine.CT_TYPE, "Linear"))).isEqualTo(BAD_CT_TYPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"price", "qty_contracts", "ctVal", "ctMult"})
  void everyNumberIsChecked(String key) {
    assertThat(verdict(Map.of(key, "-1"))).isEqualTo(BAD_NUMBER);
    assertThat(verdict(Map.of(key, "1000000000000"))).isEqualTo(BAD_NUMBER);
    assertThat(verdict(Map.of(key, "1E-12"))).isNull();
  }

  @Test
  void termsOfTheLineBeforeAreNotTakenForOthers() {
    assertThat(verdict(Map.of())).isNull();
    Contract first = trade.contract();
    assertThat(verdict(Map.of())).isNull();
    assertThat(trade.contract()).isSameAs(first);

    assertThat(verdict(Map.of(TradeLine.CT_VAL, "0.1"))).isNull();
    assertThat(trade.contract().value()).isEqualTo(new BigDecimal("0.1"));
    assertThat(verdict(Map.of(TradeLine.CT_MULT, "2"))).isNull();
    assertThat(trade.contract().multiplier()).isEqualTo(new BigDecimal("2"));
    assertThat(verdict(Map.of(TradeLine.CT_TYPE, "inverse"))).isNull();
    assertThat(trade.contract().type()).isEqualTo(ContractType.INVERSE);
    assertThat(verdict(Map.of(TradeLine.CT_VAL, "x"))).isEqualTo(BAD_NUMBER);
    assertThat(verdict(Map.of())).isNull();
    assertThat(trade.contract()).isEqualTo(first);
  }

  @Test
  void valuesOfTheLineBeforeAreForgotten() {
    assertThat(verdict(Map.of())).isNull();
    fields.clear();
    assertThat(fields.validate(trade)).isEqualTo(MISSING_FIELD);
  }

  private RefusalReason verdict(Map<String, String> changes) {
    set(changes);
    return fields.validate(trade);
  }

  private void set(Map<String, String> changes) {
    Map<String, String> values = new HashMap<>();
    values.put(TradeLine.TIMESTAMP, "2025-12-14T21:34:56.123Z");
    values.put(TradeLine.EXCHANGE, "okx");
    values.put(TradeLine.INST_ID, "BTC-USDT-SWAP");
    values.put(TradeLine.TRADE_ID, "1234567890");
    values.put(TradeLine.SIDE, "buy");
    values.put(TradeLine.PRICE, "101250.5");
    values.put(TradeLine.QTY_CONTRACTS, "45");
    values.put(TradeLine.CT_VAL, "0.01");
    values.put(TradeLine.CT_MULT, "1");
    values.put(TradeLine.CT_TYPE, "linear");
    values.putAll(changes);
    fields.clear();
    values.forEach(fields::set);
  }
}
