package io.tapelake.collector.cover;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of trade ids, kept as ranges that neither touch nor overlap: a day of dense ids is one
 * range. Not thread-safe.
 */
public final class IdRanges {

  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  /** The range that grew last: ids arrive in order, so it is nearly always the one that grows. */
  private long hotFrom = -1;

  private long hotTo = -1;

  /** Adds the ids {@code from} to {@code to}, both included. */
  public void add(long from, long to) {
    if (hotFrom >= 0 && from >= hotFrom && from <= hotTo + 1 && !reachesBeyondHot(to)) {
      if (to > hotTo) {
        hotTo = to;
        ranges.put(hotFrom, hotTo);
      }
      return;
    }
    long newFrom = from;
    long newTo = to;
    Map.Entry<Long, Long> before = ranges.floorEntry(from);
    if (before != null && before.getValue() >= from - 1) {
      newFrom = before.getKey();
      newTo = Math.max(newTo, before.getValue());
    }
    Map.Entry<Long, Long> next = ranges.higherEntry(newFrom);
    while (next != null && next.getKey() <= newTo + 1) {
      newTo = Math.max(newTo, next.getValue());
      ranges.remove(next.getKey());
      next = ranges.higherEntry(newFrom);
    }
    ranges.put(newFrom, newTo);
    hotFrom = newFrom;
    hotTo = newTo;
  }

  /** Adds every id of another set. */
  public void addAll(IdRanges others) {
    others.ranges.forEach(this::add);
  }

  /** Takes the ids {@code from} to {@code to} out, as far as they are in. */
  public void remove(long from, long to) {
    hotFrom = -1;
    hotTo = -1;
    Map.Entry<Long, Long> range = ranges.floorEntry(to);
    while (range != null && range.getValue() >= from) {
      ranges.remove(range.getKey());
      if (range.getValue() > to) {
        ranges.put(to + 1, range.getValue());
      }
      if (range.getKey() < from) {
        ranges.put(range.getKey(), from - 1);
        return;
      }
      range = ranges.lowerEntry(range.getKey());
    }
  }

  /** Whether every id of {@code from} to {@code to} is in. */
  public boolean containsAll(long from, long to) {
    Map.Entry<Long, Long> at = ranges.floorEntry(from);
    return at != null && at.getValue() >= to;
  }

  /** Whether any id of {@code from} to {@code to} is in. */
  public boolean containsAny(long from, long to) {
    Map.Entry<Long, Long> at = ranges.floorEntry(to);
    return at != null && at.getValue() >= from;
  }

  /** The ids of {@code from} to {@code to} that are not in, ascending. */
  public List<IdRange> missing(long from, long to) {
    List<IdRange> missing = new ArrayList<>();
    long at = from;
    Map.Entry<Long, Long> covering = ranges.floorEntry(from);
    if (covering != null && covering.getValue() >= from) {
      at = covering.getValue() + 1;
    }
    for (Map.Entry<Long, Long> range : ranges.tailMap(from, false).entrySet()) {
      if (range.getKey() > to) {
        break;
      }
      if (range.getKey() > at) {
        missing.add(new IdRange(at, range.getKey() - 1));
      }
      at = Math.max(at, range.getValue() + 1);
    }
    if (at <= to) {
      missing.add(new IdRange(at, to));
    }
    return missing;
  }

  /** The highest id of {@code from} to {@code to} that is not in, or -1 when all are. */
  public long highestMissing(long from, long to) {
    long at = to;
    while (at >= from) {
      Map.Entry<Long, Long> range = ranges.floorEntry(at);
      if (range == null || range.getValue() < at) {
        return at;
      }
      at = range.getKey() - 1;
    }
    return -1;
  }

  /** The lowest id that is in and not below {@code from}; {@link Long#MAX_VALUE} without any. */
  public long nextFrom(long from) {
    Map.Entry<Long, Long> at = ranges.floorEntry(from);
    if (at != null && at.getValue() >= from) {
      return from;
    }
    Long next = ranges.higherKey(from);
    return next == null ? Long.MAX_VALUE : next;
  }

  /** The lowest id, or -1 when there is none. */
  public long lowest() {
    return ranges.isEmpty() ? -1 : ranges.firstKey();
  }

  /** The highest id, or -1 when there is none. */
  public long highest() {
    return ranges.isEmpty() ? -1 : ranges.lastEntry().getValue();
  }

  /** How many ids. */
  public long size() {
    long size = 0;
    for (Map.Entry<Long, Long> range : ranges.entrySet()) {
      size += range.getValue() - range.getKey() + 1;
    }
    return size;
  }

  /** How many ranges. */
  public int rangeCount() {
    return ranges.size();
  }

  /** The ranges, ascending. */
  public List<IdRange> ranges() {
    List<IdRange> list = new ArrayList<>(ranges.size());
    ranges.forEach((from, to) -> list.add(new IdRange(from, to)));
    return list;
  }

  private boolean reachesBeyondHot(long to) {
    if (to <= hotTo) {
      return false;
    }
    Long next = ranges.higherKey(hotFrom);
    return next != null && next <= to + 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdRanges that && ranges.equals(that.ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }

  @Override
  public String toString() {
    return ranges().toString();
  }
}
