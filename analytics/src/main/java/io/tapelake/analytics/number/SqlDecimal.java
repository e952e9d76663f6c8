package io.tapelake.analytics.number;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Numbers as the tables' DECIMAL(38,18) columns hold them: for arithmetic in SQL, beside the text.
 */
public final class SqlDecimal {

  /** Digits in all. */
  public static final int PRECISION = 38;

  /** Digits after the point. */
  public static final int SCALE = 18;

  private SqlDecimal() {}

  /**
   * The number, HALF_EVEN to 18 decimals; null when it has more than 20 digits before the point.
   */
  public static BigDecimal fit(BigDecimal number) {
    if (number == null) {
      return null;
    }
    BigDecimal rounded =
        number.scale() <= SCALE ? number : number.setScale(SCALE, RoundingMode.HALF_EVEN);
    return rounded.precision() - rounded.scale() > PRECISION - SCALE ? null : rounded;
  }

  /** Plain notation without trailing zeros: 101245.75, 0.00001234, 0. */
  public static String text(BigDecimal number) {
    return number == null ? null : PlainDigits.of(number);
  }
}
