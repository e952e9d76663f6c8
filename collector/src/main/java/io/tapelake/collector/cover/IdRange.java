package io.tapelake.collector.cover;

/**
 * Consecutive trade ids, both ends included.
 *
 * @param from the lowest
 * @param to the highest, not below {@code from}
 */
public record IdRange(long from, long to) {

  public IdRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("not a range of ids: " + from + " to " + to);
    }
  }

  /** How many ids. */
  public long size() {
    return to - from + 1;
  }

  @Override
  public String toString() {
    return from == to ? Long.toString(from) : from + "-" + to;
  }
}
