package io.tapelake.analytics.bar;

import java.util.Arrays;

/** A set of prices in ticks, which are greater than zero. */
final class Levels {

  private static final int FEWEST_PLACES = 16;

  /** Open addressing; 0 is a free place. */
  private long[] places = new long[FEWEST_PLACES];

  private int count;

  int count() {
    return count;
  }

  void add(long ticks) {
    if (2 * count >= places.length) {
      grow();
    }
    if (put(places, ticks)) {
      count++;
    }
  }

  void clear() {
    if (places.length > FEWEST_PLACES) {
      places = new long[FEWEST_PLACES];
    } else {
      Arrays.fill(places, 0);
    }
    count = 0;
  }

  long[] toArray() {
    return Arrays.stream(places).filter(ticks -> ticks != 0).toArray();
  }

  private void grow() {
    long[] more = new long[2 * places.length];
    for (long ticks : places) {
      if (ticks != 0) {
        put(more, ticks);
      }
    }
    places = more;
  }

  private static boolean put(long[] places, long ticks) {
    int at = Long.hashCode(ticks * 0x9E3779B97F4A7C15L) & places.length - 1;
    while (places[at] != 0) {
      if (places[at] == ticks) {
        return false;
      }
      at = at + 1 & places.length - 1;
    }
    places[at] = ticks;
    return true;
  }
}
