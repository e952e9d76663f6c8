package io.tapelake.jobs.read;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The trade ids met so far. Ids that only rise, as an exchange gives them, cost a comparison and
 * two longs for each run of consecutive ids; only ids that come out of order go into a hash set.
 */
final class SeenIds {

  private long[] starts = new long[16];
  private long[] ends = new long[16];
  private int ranges;
  private final Set<Long> stragglers = new HashSet<>();

  /** Remembers an id; false when it was met before. */
  boolean add(long id) {
    if (ranges == 0 || id > ends[ranges - 1]) {
      append(id);
      return true;
    }
    return !isInRange(id) && stragglers.add(id);
  }

  private void append(long id) {
    if (ranges > 0 && ends[ranges - 1] == id - 1) {
      ends[ranges - 1] = id;
      return;
    }
    if (ranges == starts.length) {
      starts = Arrays.copyOf(starts, 2 * ranges);
      ends = Arrays.copyOf(ends, 2 * ranges);
    }
    starts[ranges] = id;
    ends[ranges] = id;
    ranges++;
  }

  private boolean isInRange(long id) {
    int at = Arrays.binarySearch(starts, 0, ranges, id);
    int range = at >= 0 ? at : -at - 2;
    return range >= 0 && id <= ends[range];
  }
}
