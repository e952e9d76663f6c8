package io.tapelake.simulator.tape;

import java.math.BigDecimal;

/** Multiples of a step, such as prices on a tick size of 0.1, as plain decimal text. */
public final class Grid {

  private static final long[] POWERS = powersOfTen();

  private final long unscaled;
  private final int scale;

  private Grid(long unscaled, int scale) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /**
   * The grid of that step.
   *
   * @throws IllegalArgumentException when the step is not positive or has more than 18 decimals
   */
  public static Grid of(BigDecimal step) {
    BigDecimal stripped = step.stripTrailingZeros();
    if (stripped.scale() < 0) {
      stripped = stripped.setScale(0);
    }
    if (step.signum() <= 0 || stripped.scale() >= POWERS.length) {
      throw new IllegalArgumentException("not a step of prices or sizes: " + step);
    }
    return new Grid(stripped.unscaledValue().longValueExact(), stripped.scale());
  }

  /** Appends {@code units} steps in plain notation without trailing zeros. */
  public void append(StringBuilder out, long units) {
    long value = Math.multiplyExact(units, unscaled);
    int decimals = scale;
    while (decimals > 0 && value % 10 == 0) {
      value /= 10;
      decimals--;
    }
    long power = POWERS[decimals];
    out.append(value / power);
    if (decimals > 0) {
      long fraction = value % power;
      out.append('.');
      for (int digit = decimals - 1; digit > 0 && fraction < POWERS[digit]; digit--) {
        out.append('0');
      }
      out.append(fraction);
    }
  }

  /** {@code units} steps in plain notation without trailing zeros. */
  public String text(long units) {
    StringBuilder out = new StringBuilder(24);
    append(out, units);
    return out.toString();
  }

  private static long[] powersOfTen() {
    long[] powers = new long[19];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }
}
