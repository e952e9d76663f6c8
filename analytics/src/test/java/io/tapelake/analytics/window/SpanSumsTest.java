package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.window.Deals.Deal;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpanSumsTest {

  @Test
  void deltaIsBuysLessSells() {
    SpanSums sums =
        Deals.sums(
            List.of(
                new Deal(0, "100", "1", true),
                new Deal(0, "101", "3", false),
                new Deal(0, "99", "2", true)));
    assertThat(sums.delta().base()).isEqualByComparingTo(BigDecimal.ZERO);
    assertThat(sums.delta().notional()).isEqualByComparingTo(new BigDecimal("-5"));
    assertThat(sums.delta().contracts()).isEqualByComparingTo(BigDecimal.ZERO);
  }

  @Test
  void imbalanceRunsFromOnlySellsToOnlyBuys() {
    assertThat(imbalance(new Deal(0, "100", "0.7", false)))
        .isEqualTo(new SpanFigures.Imbalance(-1, -1, -1));
    assertThat(imbalance(new Deal(0, "100", "0.7", true)))
        .isEqualTo(new SpanFigures.Imbalance(1, 1, 1));
    assertThat(
            imbalance(
                new Deal(0, "100", "1", true),
                new Deal(0, "200", "1", false),
                new Deal(0, "100", "1", true)))
        .isEqualTo(new SpanFigures.Imbalance(1.0 / 3, 0, 1.0 / 3));
  }

  @Test
  void nothingTradedHasNoImbalance() {
    assertThat(imbalance()).isEqualTo(SpanFigures.Imbalance.NONE);
    assertThat(SpanFigures.Imbalance.NONE.base()).isNaN();
  }

  @Test
  void theTextIsOfTheValuesAndComesBack() {
    SpanSums sums =
        Deals.sums(List.of(new Deal(0, "100.50", "0.0010", true), new Deal(3, "1e2", "1", false)));
    assertThat(sums.text())
        .isEqualTo("2 1 10010.10025 1001015.075125 100.1005 0.1005 1.001 0.001 1.001 0.001");
    assertThat(SpanSums.parse(sums.text()).text()).isEqualTo(sums.text());
    assertThat(SpanSums.parse(SpanSums.NONE.text())).isEqualTo(SpanSums.NONE);
  }

  @Test
  void otherTextIsNamed() {
    assertThatThrownBy(() -> SpanSums.parse("1 2 3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'1 2 3'");
  }

  private static SpanFigures.Imbalance imbalance(Deal... deals) {
    SpanSums sums = Deals.sums(List.of(deals));
    return SpanFigures.Imbalance.of(sums, sums.delta());
  }
}
