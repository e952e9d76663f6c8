package io.tapelake.jobs.window;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Quotients of exact sums. */
public final class Quotient {

  /** 50 significant digits, rounded once. */
  public static final MathContext PRECISION = new MathContext(50, RoundingMode.HALF_EVEN);

  private Quotient() {}

  /** {@code dividend / divisor} to 50 significant digits, HALF_EVEN; null when the divisor is 0. */
  public static BigDecimal of(BigDecimal dividend, BigDecimal divisor) {
    return divisor.signum() == 0 ? null : dividend.divide(divisor, PRECISION);
  }
}
