package io.tapelake.jobs.signal;

import java.math.BigDecimal;

/** Sides of a figure that do not change when it trembles: 1 high, −1 low, 0 neither. */
final class Hysteresis {

  private Hysteresis() {}

  /** A side that is taken at ±on and given up at ±off, which is less. */
  static int next(int side, BigDecimal figure, BigDecimal on, BigDecimal off) {
    if (figure.compareTo(on) >= 0) {
      return 1;
    } else if (figure.compareTo(on.negate()) <= 0) {
      return -1;
    }
    boolean stays =
        side > 0 && figure.compareTo(off) > 0 || side < 0 && figure.compareTo(off.negate()) < 0;
    return stays ? side : 0;
  }

  /** A side that is kept until the figure is on the other one by as much as counts. */
  static int next(int side, BigDecimal figure, BigDecimal on) {
    if (figure.compareTo(on) >= 0) {
      return 1;
    }
    return figure.compareTo(on.negate()) <= 0 ? -1 : side;
  }
}
