package io.tapelake.analytics.window;

import io.tapelake.analytics.number.Ratio;
import java.math.BigDecimal;

/**
 * How prices were spread around their weighted mean μ, trade by trade, and where the close stands.
 *
 * <p>The weight is a trade's notional for {@code vwap} and its base volume for {@code vwap_base}.
 * The population variance Σp²w/Σw − (Σpw/Σw)² is taken as one exact fraction, because its two terms
 * agree in nearly all digits; only the fraction is rounded. It is 0 where it would be negative,
 * which only the rounded base volume of inverse contracts can bring about.
 *
 * @param stddev σ in the quote currency; 0 at one price, NaN without trades
 * @param deviationBps (close − μ) / μ · 10^4; NaN without trades
 * @param z (close − μ) / σ; NaN where σ is 0 or NaN
 */
public record Band(double stddev, double deviationBps, double z) {

  /** Without trades. */
  static final Band NONE = new Band(Double.NaN, Double.NaN, Double.NaN);

  private static final int BASIS_POINTS = 4;

  /**
   * The spread that exact sums tell.
   *
   * @param weight Σw
   * @param weightedPrice Σpw
   * @param weightedSquare Σp²w
   * @param close the price that is compared with the mean
   */
  static Band of(
      BigDecimal weight, BigDecimal weightedPrice, BigDecimal weightedSquare, BigDecimal close) {
    if (weight.signum() == 0 || weightedPrice.signum() == 0) {
      return NONE;
    }
    // The variance times (Σw)².
    BigDecimal spread =
        weightedSquare
            .multiply(weight)
            .subtract(weightedPrice.multiply(weightedPrice))
            .max(BigDecimal.ZERO);
    BigDecimal distance = close.multiply(weight).subtract(weightedPrice);
    double z = Math.sqrt(Ratio.of(distance.multiply(distance), spread));
    return new Band(
        Math.sqrt(Ratio.of(spread, weight.multiply(weight))),
        Ratio.of(distance.scaleByPowerOfTen(BASIS_POINTS), weightedPrice),
        distance.signum() < 0 ? -z : z);
  }
}
