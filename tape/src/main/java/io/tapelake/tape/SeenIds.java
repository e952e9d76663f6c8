package io.tapelake.tape;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The trade ids met so far, and about where. Ids that only rise, as an exchange gives them, cost a
 * comparison, two longs for each run of consecutive ids, and two for every few hundred of them;
 * only ids that come out of order go into a hash map.
 */
public final class SeenIds {

  /** Of the ids that rise, the place of every so many is kept. */
  private static final int IDS_PER_MARK = 256;

  private static final int FIRST_CAPACITY = 16;

  private long[] starts = new long[FIRST_CAPACITY];
  private long[] ends = new long[FIRST_CAPACITY];
  private int ranges;

  private long[] markedIds = new long[FIRST_CAPACITY];
  private long[] markedOffsets = new long[FIRST_CAPACITY];
  private int marks;
  private int unmarked = IDS_PER_MARK;

  private final Map<Long, Long> stragglers = new HashMap<>();

  /** Remembers an id and the offset of its line; false when it was met before. */
  public boolean add(long id, long offset) {
    if (ranges == 0 || id > ends[ranges - 1]) {
      append(id);
      mark(id, offset);
      return true;
    }
    return !isInRange(id) && stragglers.putIfAbsent(id, offset) == null;
  }

  /** Whether the id came behind a greater one. */
  public boolean isStraggler(long id) {
    return stragglers.containsKey(id);
  }

  /**
   * An offset at which a line begins, from which on the first line of an id that was met is found:
   * that of a straggler itself; for other ids one that lies a few hundred lines before it at most,
   * and does not fall when the id rises.
   */
  public long offsetBefore(long id) {
    Long straggler = stragglers.get(id);
    if (straggler != null) {
      return straggler;
    }
    int at = Arrays.binarySearch(markedIds, 0, marks, id);
    return markedOffsets[at >= 0 ? at : -at - 2];
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

  private void mark(long id, long offset) {
    if (unmarked < IDS_PER_MARK) {
      unmarked++;
      return;
    }
    if (marks == markedIds.length) {
      markedIds = Arrays.copyOf(markedIds, 2 * marks);
      markedOffsets = Arrays.copyOf(markedOffsets, 2 * marks);
    }
    markedIds[marks] = id;
    markedOffsets[marks] = offset;
    marks++;
    unmarked = 1;
  }

  private boolean isInRange(long id) {
    int at = Arrays.binarySearch(starts, 0, ranges, id);
    int range = at >= 0 ? at : -at - 2;
    return range >= 0 && id <= ends[range];
  }
}
