package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KyleLambdaTest {

  @Test
  void agreesWithARegressionOfTheIntervals() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<BigDecimal> flows = new ArrayList<>();
    List<BigDecimal> closes = new ArrayList<>();
    BigDecimal close = null;
    for (int minute = 0; minute < 700; minute++) {
      boolean isQuiet = random.nextInt(4) == 0 || minute < 3;
      flows.add(
          isQuiet ? BigDecimal.ZERO : BigDecimal.valueOf(random.nextInt(2_000_000) - 1_000_000, 3));
      close = isQuiet ? close : BigDecimal.valueOf(100_000 + random.nextInt(500), 1);
      closes.add(close);
    }
    KyleLambda kyle = new KyleLambda(60, 240);
    for (int minute = 0; minute < flows.size(); minute++) {
      List<KyleLambda.Fit> fits = kyle.next(flows.get(minute), closes.get(minute));
      check(fits.get(0), 60, minute, flows, closes, seed);
      check(fits.get(1), 240, minute, flows, closes, seed);
    }
  }

  @Test
  void dependsOnItsWindowAlone() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    KyleLambda all = new KyleLambda(60);
    KyleLambda late = new KyleLambda(60);
    int start = 133;
    for (int minute = 0; minute < 400; minute++) {
      BigDecimal flow = BigDecimal.valueOf(random.nextInt(2000) - 1000, 2);
      BigDecimal close = BigDecimal.valueOf(5000 + random.nextInt(30), 1);
      KyleLambda.Fit fit = all.next(flow, close).get(0);
      if (minute >= start) {
        KyleLambda.Fit lateFit = late.next(flow, close).get(0);
        if (minute >= start + 60) {
          assertThat(lateFit).as("seed %d, minute %d", seed, minute).isEqualTo(fit);
        }
      }
    }
  }

  @Test
  void aStillMarketHasNoSlope() {
    KyleLambda kyle = new KyleLambda(60);
    KyleLambda.Fit fit = null;
    for (int minute = 0; minute < 100; minute++) {
      fit = kyle.next(BigDecimal.ZERO, BigDecimal.TEN).get(0);
    }
    assertThat(fit).isEqualTo(new KyleLambda.Fit(12, null, null));
  }

  @Test
  void withoutAPriceThereIsNoObservation() {
    assertThat(new KyleLambda(60).next(BigDecimal.ZERO, null))
        .containsExactly(new KyleLambda.Fit(0, null, null));
  }

  @Test
  void windowsAreWholeIntervals() {
    assertThatThrownBy(() -> new KyleLambda(61))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("61");
  }

  private static void check(
      KyleLambda.Fit fit,
      int window,
      int minute,
      List<BigDecimal> flows,
      List<BigDecimal> closes,
      long seed) {
    List<double[]> points = new ArrayList<>();
    for (int end = minute; end > minute - window; end -= 5) {
      if (end - 5 >= 0 && closes.get(end - 5) != null) {
        BigDecimal flow = BigDecimal.ZERO;
        for (int each = end - 4; each <= end; each++) {
          flow = flow.add(flows.get(each));
        }
        double ratio = closes.get(end).doubleValue() / closes.get(end - 5).doubleValue();
        points.add(new double[] {flow.doubleValue(), Math.log(ratio)});
      }
    }
    assertThat(fit.observations()).as("seed %d, minute %d", seed, minute).isEqualTo(points.size());
    double meanX = points.stream().mapToDouble(point -> point[0]).average().orElse(0);
    double meanY = points.stream().mapToDouble(point -> point[1]).average().orElse(0);
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (double[] point : points) {
      xx += (point[0] - meanX) * (point[0] - meanX);
      xy += (point[0] - meanX) * (point[1] - meanY);
      yy += (point[1] - meanY) * (point[1] - meanY);
    }
    if (points.size() < 2) {
      assertThat(fit.lambda()).as("seed %d, minute %d", seed, minute).isNull();
      return;
    }
    if (xx > 0 && fit.lambda() != null) {
      double scale = Math.sqrt(yy / xx);
      assertThat(fit.lambda().doubleValue())
          .as("seed %d, minute %d", seed, minute)
          .isEqualTo(xy / xx, within(1e-9 * scale + 1e-18));
    }
    if (fit.rSquared() != null) {
      assertThat(fit.rSquared().doubleValue())
          .as("seed %d, minute %d", seed, minute)
          .isEqualTo(xy * xy / (xx * yy), within(1e-9))
          .isBetween(0.0, 1.0);
    }
  }
}
