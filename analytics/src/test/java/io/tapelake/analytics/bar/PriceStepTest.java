package io.tapelake.analytics.bar;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceStepTest {

  @ParameterizedTest
  @CsvSource({
    "100.5 101, 0.5",
    "100.5 101.2, 0.1",
    "100.4 101.2, 0.2",
    "100 250, 50",
    "10000 10100 10200 50000, 100",
    "10000 10020, 20",
    "100 255, 5",
    "100 252, 2",
    "100 251, 1",
    "7, 1",
    "1000000, 1000000",
    "100.25 100.75, 0.05",
    "0.001 5, 0.001",
    "0.00120 0.0014, 0.0002"
  })
  void theLargestOfFiveTwoAndOneOfTheLastDigit(String prices, String step) {
    PriceStep found = null;
    for (String price : prices.split(" ")) {
      PriceStep each = PriceStep.ofDivisor(new BigDecimal(price));
      found = found == null ? each : each.with(found);
    }
    assertThat(found.toDecimal()).isEqualByComparingTo(step);
    assertThat(PriceStep.of(found.toDecimal())).isEqualTo(found);
  }

  @Test
  void orderAndGroupsOfPricesDoNotMatter() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      PriceStep[] steps = new PriceStep[3];
      for (int i = 0; i < steps.length; i++) {
        int ticks = 1 + random.nextInt(1000);
        steps[i] = PriceStep.ofDivisor(BigDecimal.valueOf(ticks, random.nextInt(3)));
      }
      assertThat(steps[0].with(steps[1]).with(steps[2]))
          .as("seed %d", seed)
          .isEqualTo(steps[2].with(steps[0]).with(steps[1]))
          .isEqualTo(steps[0].with(steps[2].with(steps[1])));
    }
  }
}
