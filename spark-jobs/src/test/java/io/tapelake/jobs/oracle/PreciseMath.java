package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Roots and logarithms to far more digits than any figure is compared with. */
final class PreciseMath {

  private static final MathContext MANY = new MathContext(120, RoundingMode.HALF_EVEN);
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal SMALL = new BigDecimal("1e-70");
  private static final BigDecimal LN_2 = series(TWO);

  private PreciseMath() {}

  /** The square root of a number that is not below zero, by Newton's steps from below and above. */
  static BigDecimal root(BigDecimal number) {
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    int tens = Math.floorDiv(number.precision() - number.scale(), 2);
    BigDecimal root = BigDecimal.ONE.scaleByPowerOfTen(tens);
    for (int step = 0; step < 16; step++) {
      root = root.add(number.divide(root, MANY)).divide(TWO, MANY);
    }
    return root;
  }

  /** The natural logarithm of a positive number. */
  static BigDecimal ln(BigDecimal number) {
    int halvings = 0;
    BigDecimal rest = number;
    while (rest.compareTo(new BigDecimal("1.5")) > 0) {
      rest = rest.divide(TWO, MANY);
      halvings++;
    }
    while (rest.compareTo(new BigDecimal("0.75")) < 0) {
      rest = rest.multiply(TWO, MANY);
      halvings--;
    }
    return series(rest).add(LN_2.multiply(BigDecimal.valueOf(halvings)));
  }

  /** ln x = 2 (y + y³/3 + y⁵/5 + …) with y = (x − 1)/(x + 1). */
  private static BigDecimal series(BigDecimal x) {
    BigDecimal y = x.subtract(BigDecimal.ONE).divide(x.add(BigDecimal.ONE), MANY);
    BigDecimal square = y.multiply(y, MANY);
    BigDecimal power = y;
    BigDecimal sum = BigDecimal.ZERO;
    for (int odd = 1; power.signum() != 0 && power.abs().compareTo(SMALL) > 0; odd += 2) {
      sum = sum.add(power.divide(BigDecimal.valueOf(odd), MANY));
      power = power.multiply(square, MANY);
    }
    return sum.multiply(TWO);
  }
}
