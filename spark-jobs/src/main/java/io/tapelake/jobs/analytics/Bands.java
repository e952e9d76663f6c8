package io.tapelake.jobs.analytics;

import io.tapelake.jobs.window.Quotient;
import java.math.BigDecimal;
import java.util.List;

/**
 * How prices were spread around their weighted mean, trade by trade: the mean μ, the population
 * standard deviation σ, and the bands μ ± 1, 2, 3 σ.
 *
 * <p>The weight is a trade's notional for {@code vwap} and its base volume for {@code vwap_base}.
 * The variance Σp²w/Σw − (Σpw/Σw)² is taken as one exact fraction, because its two terms agree in
 * nearly all digits. It is 0 where it would be negative, which only the rounded base volume of
 * inverse contracts can bring about.
 *
 * @param mean Σpw / Σw
 * @param stddev σ in the quote currency; 0 at one price
 * @param lower μ − σ, μ − 2σ, μ − 3σ, of the rounded μ and σ, to 50 digits
 * @param upper μ + σ, μ + 2σ, μ + 3σ
 * @param deviationBps (close − μ) / μ · 10^4
 * @param z (close − μ) / σ; null when σ is 0
 */
public record Bands(
    BigDecimal mean,
    BigDecimal stddev,
    List<BigDecimal> lower,
    List<BigDecimal> upper,
    BigDecimal deviationBps,
    BigDecimal z) {

  /** The widest band, in standard deviations. */
  public static final int WIDEST = 3;

  private static final int BASIS_POINTS = 4;

  public Bands {
    lower = List.copyOf(lower);
    upper = List.copyOf(upper);
  }

  /**
   * The bands of exact sums.
   *
   * @param weight Σw
   * @param weightedPrice Σpw
   * @param weightedSquare Σp²w
   * @param close the price that is compared with the mean
   * @return null when Σw or Σpw is 0, which is the case without trades
   */
  public static Bands of(
      BigDecimal weight, BigDecimal weightedPrice, BigDecimal weightedSquare, BigDecimal close) {
    return of(Quotient.of(weightedPrice, weight), weight, weightedPrice, weightedSquare, close);
  }

  /**
   * The same where the mean, Σpw / Σw to 50 digits, is known.
   *
   * @param mean null when Σw is 0
   */
  public static Bands of(
      BigDecimal mean,
      BigDecimal weight,
      BigDecimal weightedPrice,
      BigDecimal weightedSquare,
      BigDecimal close) {
    if (weight.signum() == 0 || weightedPrice.signum() == 0) {
      return null;
    }
    BigDecimal spread = spread(weight, weightedPrice, weightedSquare);
    BigDecimal stddev = Root.ofQuotient(spread, weight.multiply(weight));
    BigDecimal distance = close.multiply(weight).subtract(weightedPrice);
    return new Bands(
        mean,
        stddev,
        around(mean, stddev.negate()),
        around(mean, stddev),
        Quotient.of(distance.scaleByPowerOfTen(BASIS_POINTS), weightedPrice),
        spread.signum() == 0 ? null : z(distance, spread));
  }

  /** The variance times (Σw)², not negative. */
  private static BigDecimal spread(BigDecimal weight, BigDecimal price, BigDecimal square) {
    return square.multiply(weight).subtract(price.multiply(price)).max(BigDecimal.ZERO);
  }

  private static BigDecimal z(BigDecimal distance, BigDecimal spread) {
    BigDecimal z = Root.ofQuotient(distance.multiply(distance), spread);
    return distance.signum() < 0 ? z.negate() : z;
  }

  private static List<BigDecimal> around(BigDecimal mean, BigDecimal step) {
    BigDecimal[] bands = new BigDecimal[WIDEST];
    for (int i = 0; i < WIDEST; i++) {
      bands[i] = mean.add(step.multiply(BigDecimal.valueOf(i + 1L)), Quotient.PRECISION);
    }
    return List.of(bands);
  }
}
