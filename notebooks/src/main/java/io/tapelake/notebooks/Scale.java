package io.tapelake.notebooks;

import java.util.Arrays;

/** Takes values to places on a picture, evenly. */
record Scale(double low, double high, double from, double to) {

  /** A range is at least so many times as wide as the step from its ends to the next double. */
  private static final double LEAST_STEPS = 128;

  /** The range of some values, NaN left out, with a little room on both sides. */
  static Scale of(double from, double to, double room, double... values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (Double.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (low > high) {
      return new Scale(0, 1, from, to);
    }
    // One value has to lie somewhere, too: in the middle of a range that its digits can tell apart.
    double width = high > low ? (high - low) * room : low == 0 ? 1 : Math.abs(low) / 1_000;
    double least = LEAST_STEPS / 2 * Math.ulp(Math.max(Math.abs(low), Math.abs(high)));
    width = Math.max(width, least);
    return new Scale(low - width, high + width, from, to);
  }

  /** Where a value lies. */
  double at(double value) {
    return from + (value - low) / (high - low) * (to - from);
  }

  boolean has(double value) {
    return value >= low && value <= high;
  }

  /** The smallest distance between neighbours; the whole range where there are none. */
  static double smallestStep(double[] values) {
    double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().distinct().toArray();
    double step = Double.POSITIVE_INFINITY;
    for (int i = 1; i < sorted.length; i++) {
      step = Math.min(step, sorted[i] - sorted[i - 1]);
    }
    return step;
  }
}
