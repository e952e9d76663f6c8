package io.tapelake.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ParsedTradeTest {

  private static final Contract TERMS =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  @Test
  void eighteenDigitsAreHeldInALong() {
    ParsedTrade trade = new ParsedTrade();
    trade.setPrice(new BigDecimal("999999999999.999999"));
    trade.setContracts(new BigDecimal("0.000000000001"));
    assertThat(trade.unscaledPrice()).isEqualTo(999_999_999_999_999_999L);
    assertThat(trade.priceScale()).isEqualTo(6);
    assertThat(trade.price()).isEqualTo(new BigDecimal("999999999999.999999"));
    assertThat(trade.unscaledContracts()).isEqualTo(1);
    assertThat(trade.contractsScale()).isEqualTo(12);
    assertThat(trade.contracts()).isEqualTo(new BigDecimal("0.000000000001"));
  }

  @Test
  void moreDigitsAreHeldAside() {
    ParsedTrade trade = new ParsedTrade();
    BigDecimal wide = new BigDecimal("1000000000000000000").movePointLeft(7);
    trade.setPrice(wide);
    trade.setContracts(wide);
    assertThat(trade.unscaledPrice()).isEqualTo(ParsedTrade.WIDE);
    assertThat(trade.unscaledContracts()).isEqualTo(ParsedTrade.WIDE);
    assertThat(trade.price()).isEqualTo(wide);
    assertThat(trade.contracts()).isEqualTo(wide);
  }

  @Test
  void nothingOfTheLineBeforeShowsThrough() {
    ParsedTrade trade = new ParsedTrade();
    trade.setPrice(new BigDecimal("123456789012.123456789012"));
    trade.setContracts(new BigDecimal("123456789012.123456789012"));
    trade.setPrice(618003, 1);
    trade.setContracts(45, 0);
    assertThat(trade.price()).isEqualTo(new BigDecimal("61800.3"));
    assertThat(trade.contracts()).isEqualTo(new BigDecimal("45"));
  }

  @Test
  void sameContentComparesNumbersByValue() {
    Trade trade = trade("61800.3", 7);
    assertThat(ParsedTrade.sameContent(trade, trade("61800.30", 7))).isTrue();
    assertThat(ParsedTrade.sameContent(trade, trade("61800.31", 7))).isFalse();
    assertThat(ParsedTrade.sameContent(trade, trade("61800.3", 8))).isFalse();
  }

  private static Trade trade(String price, int second) {
    ParsedTrade trade = new ParsedTrade();
    trade.setTime(second, 0);
    trade.setId(1);
    trade.setSide(TakerSide.SELL);
    trade.setPrice(new BigDecimal(price));
    trade.setContracts(5, 0);
    trade.setContract(TERMS);
    Trade kept = trade.toTrade("BTC-USDT-SWAP");
    assertThat(kept.time()).isEqualTo(Instant.ofEpochSecond(second));
    return kept;
  }
}
