package io.tapelake.collector.cover;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A set of trade ids, kept as ranges that neither touch nor overlap: a day of dense ids is one
 * range, and one of holes takes 16 bytes for each of them. Not thread-safe.
 */
public final class IdRanges {

  private static final int FIRST_ROOM = 2;

  /** Where the ranges begin and end, ascending. */
  private long[] froms = new long[FIRST_ROOM];

  private long[] tos = new long[FIRST_ROOM];
  private int count;

  /** Adds the ids {@code from} to {@code to}, both included. */
  public void add(long from, long to) {
    int first = reaching(from - 1);
    int end = beginningUpTo(to + 1) + 1;
    boolean joins = first < end;
    long newFrom = joins ? Math.min(from, froms[first]) : from;
    long newTo = joins ? Math.max(to, tos[end - 1]) : to;
    replace(first, Math.max(first, end), 1);
    set(first, newFrom, newTo);
  }

  /** Adds every id of another set. */
  public void addAll(IdRanges others) {
    for (int i = 0; i < others.count; i++) {
      add(others.froms[i], others.tos[i]);
    }
  }

  /** Takes the ids {@code from} to {@code to} out, as far as they are in. */
  public void remove(long from, long to) {
    int first = reaching(from);
    int end = beginningUpTo(to) + 1;
    if (first >= end) {
      return;
    }
    long head = froms[first];
    long tail = tos[end - 1];
    int heads = head < from ? 1 : 0;
    int tails = tail > to ? 1 : 0;
    replace(first, end, heads + tails);
    if (heads > 0) {
      set(first, head, from - 1);
    }
    if (tails > 0) {
      set(first + heads, to + 1, tail);
    }
  }

  /** The last range that begins at an id or before it; -1 when none does. */
  private int beginningUpTo(long id) {
    if (count == 0 || id >= froms[count - 1]) {
      return count - 1;
    }
    int found = Arrays.binarySearch(froms, 0, count, id);
    return found >= 0 ? found : -found - 2;
  }

  /** The first range that ends at an id or behind it; the number of ranges when none does. */
  private int reaching(long id) {
    int at = beginningUpTo(id);
    return at >= 0 && tos[at] >= id ? at : at + 1;
  }

  /** Makes room for so many ranges in the place of those from one to before another. */
  private void replace(int from, int end, int ranges) {
    int size = count + ranges - (end - from);
    if (size > froms.length) {
      int room = size + size / 2;
      froms = Arrays.copyOf(froms, room);
      tos = Arrays.copyOf(tos, room);
    }
    System.arraycopy(froms, end, froms, from + ranges, count - end);
    System.arraycopy(tos, end, tos, from + ranges, count - end);
    count = size;
  }

  private void set(int at, long from, long to) {
    froms[at] = from;
    tos[at] = to;
  }

  /** Whether every id of {@code from} to {@code to} is in. */
  public boolean containsAll(long from, long to) {
    int at = beginningUpTo(from);
    return at >= 0 && tos[at] >= to;
  }

  /** Whether any id of {@code from} to {@code to} is in. */
  public boolean containsAny(long from, long to) {
    int at = beginningUpTo(to);
    return at >= 0 && tos[at] >= from;
  }

  /** The ids of {@code from} to {@code to} that are not in, ascending. */
  public List<IdRange> missing(long from, long to) {
    List<IdRange> missing = new ArrayList<>();
    long at = from;
    for (int i = reaching(from); i < count && froms[i] <= to; i++) {
      if (froms[i] > at) {
        missing.add(new IdRange(at, froms[i] - 1));
      }
      at = tos[i] + 1;
    }
    if (at <= to) {
      missing.add(new IdRange(at, to));
    }
    return missing;
  }

  /** The highest id of {@code from} to {@code to} that is not in, or -1 when all are. */
  public long highestMissing(long from, long to) {
    int at = beginningUpTo(to);
    long highest = at < 0 || tos[at] < to ? to : froms[at] - 1;
    return highest < from ? -1 : highest;
  }

  /** The lowest id that is in and not below {@code from}; {@link Long#MAX_VALUE} without any. */
  public long nextFrom(long from) {
    int at = reaching(from);
    return at == count ? Long.MAX_VALUE : Math.max(from, froms[at]);
  }

  /** The lowest id, or -1 when there is none. */
  public long lowest() {
    return count == 0 ? -1 : froms[0];
  }

  /** The highest id, or -1 when there is none. */
  public long highest() {
    return count == 0 ? -1 : tos[count - 1];
  }

  /** How many ids. */
  public long size() {
    long size = 0;
    for (int i = 0; i < count; i++) {
      size += tos[i] - froms[i] + 1;
    }
    return size;
  }

  /** How many ranges. */
  public int rangeCount() {
    return count;
  }

  /** The ranges, ascending. */
  public List<IdRange> ranges() {
    return highestRanges(count);
  }

  /** The highest ranges, so many at most, ascending. */
  public List<IdRange> highestRanges(int most) {
    List<IdRange> list = new ArrayList<>(Math.min(most, count));
    for (int i = Math.max(0, count - most); i < count; i++) {
      list.add(new IdRange(froms[i], tos[i]));
    }
    return list;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdRanges that
        && Arrays.equals(froms, 0, count, that.froms, 0, that.count)
        && Arrays.equals(tos, 0, count, that.tos, 0, that.count);
  }

  @Override
  public int hashCode() {
    return ranges().hashCode();
  }

  @Override
  public String toString() {
    return ranges().toString();
  }
}
