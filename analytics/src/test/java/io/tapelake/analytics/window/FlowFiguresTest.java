package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class FlowFiguresTest {

  @Test
  void imbalanceRunsFromOnlySellsToOnlyBuys() {
    assertThat(Imbalance.of(new BigDecimal("3"), new BigDecimal("6"))).isEqualByComparingTo("0");
    assertThat(Imbalance.of(new BigDecimal("0"), new BigDecimal("0.7"))).isEqualByComparingTo("-1");
    assertThat(Imbalance.of(5, 5)).isEqualByComparingTo("1");
    assertThat(Imbalance.of(2, 3))
        .isEqualByComparingTo("0.33333333333333333333333333333333333333333333333333");
  }

  @Test
  void nothingTradedHasNoImbalance() {
    assertThat(Imbalance.of(BigDecimal.ZERO, BigDecimal.ZERO)).isNull();
    assertThat(Imbalance.of(0, 0)).isNull();
  }

  @Test
  void illiquidityIsTheMoveForAMillion() {
    BigDecimal both = new BigDecimal("2000000");
    BigDecimal up = Amihud.of(new BigDecimal("2"), BigDecimal.ONE, both);
    assertThat(up).isEqualByComparingTo("0.34657359027997265470861606072908828403775006718013");
    assertThat(Amihud.of(BigDecimal.ONE, new BigDecimal("2"), both)).isEqualByComparingTo(up);
    assertThat(Amihud.of(BigDecimal.ONE, BigDecimal.ONE, both)).isEqualByComparingTo("0");
  }

  @Test
  void illiquidityNeedsTradesAndAPriceBefore() {
    assertThat(Amihud.of(BigDecimal.ONE, null, BigDecimal.TEN)).isNull();
    assertThat(Amihud.of(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ZERO)).isNull();
    assertThat(Amihud.mean(BigDecimal.ZERO, 0)).isNull();
    assertThat(Amihud.mean(BigDecimal.ONE, 4)).isEqualByComparingTo("0.25");
  }
}
