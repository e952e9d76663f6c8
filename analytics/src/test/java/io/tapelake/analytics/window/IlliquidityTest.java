package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.number.Int256;
import io.tapelake.analytics.window.Deals.Deal;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class IlliquidityTest {

  @Test
  void isTheMoveForAMillion() {
    // ln 2 for two millions.
    assertThat(Illiquidity.of(bar("2", "1000000"), BigDecimal.ONE)).isEqualTo(0.34657359027997264);
    assertThat(Illiquidity.of(bar("1", "2000000"), new BigDecimal("2")))
        .isEqualTo(0.34657359027997264);
    assertThat(Illiquidity.of(bar("1", "2000000"), new BigDecimal("1.00"))).isZero();
  }

  @Test
  void needsAPriceBefore() {
    assertThat(Illiquidity.of(bar("1", "1"), null)).isNaN();
  }

  @Test
  void theMeanIsOverMinutesInWhichItIsDefined() {
    Int256 sum = Illiquidity.summand(1e-9).plus(Illiquidity.summand(3e-9));
    assertThat(Illiquidity.mean(sum.plus(Illiquidity.summand(Double.NaN)), 2)).isEqualTo(2e-9);
    assertThat(Illiquidity.mean(new Int256(), 0)).isNaN();
    assertThat(Illiquidity.mean(Illiquidity.summand(0), 3)).isZero();
  }

  @Test
  void summandsHoldWhatDoublesHold() {
    for (double each : new double[] {1, 0x1.fffffffffffffp+97, 0x1.8p-140, 5e-27, 1.5e23}) {
      assertThat(Illiquidity.mean(Illiquidity.summand(each), 1)).isEqualTo(each);
    }
  }

  private static MinuteBar bar(String price, String quantity) {
    return new Deal(0, price, quantity, true).bar();
  }
}
