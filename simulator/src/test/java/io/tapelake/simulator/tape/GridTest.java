package io.tapelake.simulator.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GridTest {

  @Test
  void multiplesArePlainWithoutTrailingZeros() {
    assertThat(Grid.of(new BigDecimal("0.1")).text(1_012_505)).isEqualTo("101250.5");
    assertThat(Grid.of(new BigDecimal("0.1")).text(1_012_500)).isEqualTo("101250");
    assertThat(Grid.of(new BigDecimal("0.00001")).text(7)).isEqualTo("0.00007");
    assertThat(Grid.of(new BigDecimal("0.01")).text(105)).isEqualTo("1.05");
    assertThat(Grid.of(new BigDecimal("5")).text(3)).isEqualTo("15");
    assertThat(Grid.of(new BigDecimal("1E+2")).text(3)).isEqualTo("300");
  }

  @Test
  void multiplesAreExact() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      BigDecimal step = BigDecimal.valueOf(1 + random.nextInt(99), random.nextInt(12));
      long units = 1 + random.nextInt(1_000_000_000);
      String text = Grid.of(step).text(units);
      assertThat(new BigDecimal(text)).isEqualByComparingTo(step.multiply(new BigDecimal(units)));
      assertThat(text).doesNotContain("E");
    }
  }

  @Test
  void stepsArePositive() {
    assertThatIllegalArgumentException().isThrownBy(() -> Grid.of(BigDecimal.ZERO));
  }
}
