package io.tapelake.analytics.window;

import io.tapelake.analytics.number.Int256;
import io.tapelake.analytics.number.Ratio;
import java.math.BigDecimal;
import java.math.BigInteger;

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

  private static final int BASIS_POINTS = 10_000;

  /** Coins of inverse contracts are rounded to so many decimals. */
  static final int COIN_DECIMALS = 24;

  /** Sums of fewer bits have products that fit into words, and differences of these. */
  private static final int SUM_BITS = 127;

  /**
   * The spread that exact sums tell.
   *
   * @param weight Σw
   * @param weightedPrice Σpw
   * @param weightedSquare Σp²w
   * @param close the price that is compared with the mean
   * @param roundings how many weights were rounded to {@link #COIN_DECIMALS}: a spread that this
   *     alone may have made, as of trades at one price, is none
   */
  static Band of(
      BigDecimal weight,
      BigDecimal weightedPrice,
      BigDecimal weightedSquare,
      BigDecimal close,
      long roundings) {
    if (weight.signum() == 0 || weightedPrice.signum() == 0) {
      return NONE;
    }
    BigDecimal scaled = roundings == 0 ? weight : weight.setScale(COIN_DECIMALS);
    int decimals = decimals(scaled, weightedPrice, weightedSquare, close);
    BigInteger w = scaled.unscaledValue();
    BigInteger pw = integer(weightedPrice, scaled.scale() + decimals);
    BigInteger ppw = integer(weightedSquare, scaled.scale() + 2 * decimals);
    BigInteger price = integer(close, decimals);
    BigInteger unit = Ratio.powerOfTen(decimals);
    boolean fits =
        roundings == 0
            && Math.max(ppw.bitLength(), pw.bitLength()) < SUM_BITS
            && w.bitLength() + Math.max(price.bitLength(), unit.bitLength()) < SUM_BITS;
    return fits
        ? ofWords(Int256.of(w), Int256.of(pw), Int256.of(ppw), Int256.of(price), Int256.of(unit))
        : ofIntegers(w, pw, ppw, price, unit, roundings);
  }

  /** Decimals of prices with which all four numbers are whole ones. */
  private static int decimals(
      BigDecimal weight, BigDecimal weightedPrice, BigDecimal weightedSquare, BigDecimal close) {
    int ofSums = weightedPrice.scale() - weight.scale();
    int ofSquares = weightedSquare.scale() - weight.scale() + 1 >> 1;
    return Math.max(Math.max(close.scale(), 0), Math.max(ofSums, ofSquares));
  }

  private static BigInteger integer(BigDecimal number, int scale) {
    return number.setScale(scale).unscaledValue();
  }

  /** The band of whole numbers; prices are multiples of 1 / unit. */
  private static Band ofWords(Int256 w, Int256 pw, Int256 ppw, Int256 close, Int256 unit) {
    // The variance times (Σw)².
    Int256 spread = Int256.product(ppw, w).minus(square(pw));
    if (spread.signum() < 0) {
      spread = new Int256();
    }
    Int256 distance = Int256.product(close, w).minus(pw);
    double z = Math.sqrt(Ratio.of(square(distance), spread));
    return new Band(
        Math.sqrt(Ratio.of(spread, square(Int256.product(w, unit)))),
        Ratio.of(distance.times(BASIS_POINTS), pw),
        distance.signum() < 0 ? -z : z);
  }

  private static Int256 square(Int256 number) {
    return Int256.product(number, number);
  }

  /** The same of numbers that are too large for machine words, as those of inverse contracts. */
  private static Band ofIntegers(
      BigInteger w,
      BigInteger pw,
      BigInteger ppw,
      BigInteger close,
      BigInteger unit,
      long roundings) {
    BigInteger spread = ppw.multiply(w).subtract(pw.multiply(pw));
    // Σw is off by at most half a unit for each rounding.
    BigInteger noise = ppw.multiply(BigInteger.valueOf(roundings)).shiftRight(1);
    if (spread.compareTo(noise) <= 0) {
      spread = BigInteger.ZERO;
    }
    BigInteger distance = close.multiply(w).subtract(pw);
    double z = Math.sqrt(Ratio.of(distance.multiply(distance), spread));
    return new Band(
        Math.sqrt(Ratio.of(spread, w.multiply(unit).pow(2))),
        Ratio.of(distance.multiply(BigInteger.valueOf(BASIS_POINTS)), pw),
        distance.signum() < 0 ? -z : z);
  }
}
