package io.tapelake.analytics.bar;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RootFlowTest {

  @Test
  void rootsOfAnySizeAreRoundedToEighteenDecimals() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RootFlow roots = new RootFlow();
    BigDecimal expected = BigDecimal.ZERO;
    for (int i = 0; i < 100_000; i++) {
      double notional = (1 + random.nextDouble()) * Math.pow(10, random.nextInt(100) - 50);
      boolean buy = random.nextBoolean();
      BigDecimal root = new BigDecimal(Math.sqrt(notional)).setScale(18, RoundingMode.HALF_EVEN);
      expected = buy ? expected.add(root) : expected.subtract(root);
      roots.add(notional, buy);
      if (i % 100 == 0) {
        assertThat(roots.sum()).as("seed " + seed).isEqualByComparingTo(expected);
      }
    }
  }

  @Test
  void halvesGoToTheEvenNeighbour() {
    // The square of (2k+1) · 2^-19 is a double; its root times 10^18 is an odd number of halves.
    for (long k = 0; k < 1000; k++) {
      double root = Math.scalb(2 * k + 1, -19);
      RootFlow roots = new RootFlow();
      roots.add(root * root, true);
      assertThat(roots.sum())
          .isEqualByComparingTo(new BigDecimal(root).setScale(18, RoundingMode.HALF_EVEN));
    }
  }

  @Test
  void theRelativeErrorIsFarBelowWhatIsPromised() {
    Random random = new Random(6);
    for (int i = 0; i < 1000; i++) {
      BigDecimal notional = BigDecimal.valueOf(1 + random.nextLong(1L << 50), random.nextInt(8));
      RootFlow roots = new RootFlow();
      roots.add(notional.doubleValue(), true);
      BigDecimal exact = notional.sqrt(new MathContext(60));
      assertThat(roots.sum().subtract(exact).abs())
          .isLessThan(exact.multiply(new BigDecimal("3e-16")));
    }
  }
}
