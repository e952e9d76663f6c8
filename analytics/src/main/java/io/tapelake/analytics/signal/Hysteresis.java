package io.tapelake.analytics.signal;

/** Sides of a figure that do not change when it trembles: 1 high, −1 low, 0 neither. */
final class Hysteresis {

  private Hysteresis() {}

  /** A side that is taken at ±on and given up at ±off, which is less. */
  static int next(int side, double figure, double on, double off) {
    if (figure >= on) {
      return 1;
    } else if (figure <= -on) {
      return -1;
    }
    boolean stays = side > 0 && figure > off || side < 0 && figure < -off;
    return stays ? side : 0;
  }

  /** A side that is kept until the figure is on the other one by as much as counts. */
  static int next(int side, double figure, double on) {
    if (figure >= on) {
      return 1;
    }
    return figure <= -on ? -1 : side;
  }
}
