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
    KyleLambda kyle = new KyleLambda(List.of(60, 240));
    for (int minute = 0; minute < flows.size(); minute++) {
      kyle.next(flows.get(minute), closes.get(minute));
      List<KyleLambda.Fit> fits = kyle.fits();
      check(fits.get(0), 60, minute, flows, closes, seed);
      check(fits.get(1), 240, minute, flows, closes, seed);
    }
  }

  @Test
  void dependsOnItsWindowAlone() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    KyleLambda all = new KyleLambda(List.of(60));
    KyleLambda late = new KyleLambda(List.of(60));
    int start = 133;
    for (int minute = 0; minute < 400; minute++) {
      BigDecimal flow = BigDecimal.valueOf(random.nextInt(2000) - 1000, 2);
      BigDecimal close = BigDecimal.valueOf(5000 + random.nextInt(30), 1);
      all.next(flow, close);
      KyleLambda.Fit fit = all.fits().get(0);
      if (minute >= start) {
        late.next(flow, close);
        KyleLambda.Fit lateFit = late.fits().get(0);
        if (minute >= start + 60) {
          assertThat(lateFit).as("seed %d, minute %d", seed, minute).isEqualTo(fit);
        }
      }
    }
  }

  @Test
  void aStillMarketHasNoSlope() {
    KyleLambda kyle = new KyleLambda(List.of(60));
    for (int minute = 0; minute < 100; minute++) {
      kyle.next(BigDecimal.ZERO, BigDecimal.TEN);
    }
    assertThat(kyle.fits()).containsExactly(new KyleLambda.Fit(12, Double.NaN, Double.NaN));
  }

  @Test
  void withoutAPriceThereIsNoObservation() {
    KyleLambda kyle = new KyleLambda(List.of(60));
    kyle.next(BigDecimal.ZERO, null);
    assertThat(kyle.fits()).containsExactly(KyleLambda.Fit.NONE);
  }

  @Test
  void windowsAreWholeIntervals() {
    assertThatThrownBy(() -> new KyleLambda(List.of(61)))
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
      assertThat(fit.lambda()).as("seed %d, minute %d", seed, minute).isNaN();
      return;
    }
    if (xx > 0 && !Double.isNaN(fit.lambda())) {
      double scale = Math.sqrt(yy / xx);
      assertThat(fit.lambda())
          .as("seed %d, minute %d", seed, minute)
          .isEqualTo(xy / xx, within(1e-9 * scale + 1e-18));
    }
    if (!Double.isNaN(fit.rSquared())) {
      assertThat(fit.rSquared())
          .as("seed %d, minute %d", seed, minute)
          .isEqualTo(xy * xy / (xx * yy), within(1e-9))
          .isBetween(0.0, 1.0);
    }
  }
}
