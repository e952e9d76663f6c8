package io.tapelake.analytics.signal;

/** Which way a signal points. */
public enum Direction {
  UP,
  DOWN;

  /** As the outputs have it: {@code up} or {@code down}. */
  public String text() {
    return this == UP ? "up" : "down";
  }

  static Direction of(int side) {
    return side > 0 ? UP : DOWN;
  }
}
