package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.number.Int256;
import io.tapelake.analytics.number.Logarithm;
import io.tapelake.analytics.number.Ratio;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Amihud's illiquidity of a minute: how far the price went for a million of the quote currency,
 * |ln(close / previous close)| / notional · 10^6. The higher, the less was needed to move it.
 */
final class Illiquidity {

  private static final int A_MILLION = 6;

  /** Sums are whole multiples of 2^-144, so that their differences are exact. */
  private static final int BITS = 144;

  /** Beyond 2^98, which no market reaches, a summand would not leave room for others. */
  private static final int MOST_SHIFT = 190;

  private static final int MANTISSA_BITS = 52;

  private Illiquidity() {}

  /**
   * The illiquidity of a minute with trades, by the newest price before it; NaN without one, in the
   * first minute of history.
   */
  static double of(MinuteBar bar, BigDecimal previousClose) {
    if (previousClose == null) {
      return Double.NaN;
    }
    BigInteger move = Logarithm.ofRatio(bar.close(), previousClose).abs();
    BigDecimal weight =
        bar.notional().multiply(new BigDecimal(BigInteger.ONE.shiftLeft(Logarithm.BITS)));
    return Ratio.of(new BigDecimal(move).scaleByPowerOfTen(A_MILLION), weight);
  }

  /** A minute's illiquidity as it is summed up; 0 of NaN. */
  static Int256 summand(double illiquidity) {
    if (Double.isNaN(illiquidity) || illiquidity == 0) {
      return new Int256();
    }
    int exponent = Math.getExponent(illiquidity) - MANTISSA_BITS;
    long mantissa = (long) Math.scalb(illiquidity, -exponent);
    return Int256.of(mantissa, Math.min(exponent + BITS, MOST_SHIFT));
  }

  /**
   * The mean over those minutes of a span in which it is defined, by the sum of their {@link
   * #summand}s; NaN when there are none.
   */
  static double mean(Int256 sum, long minutes) {
    return minutes == 0 ? Double.NaN : Math.scalb(sum.doubleValue() / minutes, -BITS);
  }
}
