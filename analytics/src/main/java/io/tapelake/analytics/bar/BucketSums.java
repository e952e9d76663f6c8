package io.tapelake.analytics.bar;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Sums volume by price bucket, in integers as far as they fit. */
final class BucketSums {

  /** A cell is a bucket, its trades, its lots, and those of them that takers bought. */
  private static final int CELL = 4;

  private static final int TRADES = 1;
  private static final int LOTS = 2;
  private static final int BUY_LOTS = 3;

  private static final int FIRST_CELLS = 8;

  /** Ascending by bucket. */
  private long[] cells = new long[FIRST_CELLS * CELL];

  private int used;

  /** The cell used last, and the ticks that it holds: from..to-1. */
  private int at;

  private long from;
  private long to;

  private final TreeMap<Long, BucketVolume> exact = new TreeMap<>();

  /** Adds a trade, on a grid that stays the same until {@link #flush}. */
  void add(long ticks, long lots, boolean buy, PriceGrid grid) {
    if (ticks < from || ticks >= to) {
      find(ticks, grid.tickScale());
    }
    cells[at + TRADES]++;
    cells[at + LOTS] += lots;
    if (buy) {
      cells[at + BUY_LOTS] += lots;
    }
  }

  void addExact(long bucket, BigDecimal baseVolume, boolean buy) {
    exact.merge(
        bucket,
        new BucketVolume(bucket, 1, baseVolume, buy ? baseVolume : BigDecimal.ZERO),
        BucketVolume::merge);
  }

  /** Turns the integers into BigDecimals. */
  void flush(PriceGrid grid) {
    for (int cell = 0; cell < used; cell += CELL) {
      exact.merge(
          cells[cell],
          new BucketVolume(
              cells[cell],
              cells[cell + TRADES],
              grid.amount(cells[cell + LOTS]),
              grid.amount(cells[cell + BUY_LOTS])),
          BucketVolume::merge);
    }
    used = 0;
    from = 0;
    to = 0;
  }

  /** What was flushed, ascending by bucket. */
  List<BucketVolume> toList() {
    return List.copyOf(exact.values());
  }

  private void find(long ticks, int tickScale) {
    long bucket = PriceBucket.of(ticks, tickScale);
    from = PriceBucket.firstTick(bucket, tickScale);
    to = PriceBucket.firstTick(bucket + 1, tickScale);
    at = place(bucket);
    if (at == used || cells[at] != bucket) {
      insert(bucket);
    }
  }

  /** Where a bucket's cell is, or where it belongs. */
  private int place(long bucket) {
    int low = 0;
    int high = used / CELL;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cells[middle * CELL] < bucket) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low * CELL;
  }

  private void insert(long bucket) {
    if (used == cells.length) {
      cells = Arrays.copyOf(cells, 2 * used);
    }
    System.arraycopy(cells, at, cells, at + CELL, used - at);
    used += CELL;
    cells[at] = bucket;
    Arrays.fill(cells, at + 1, at + CELL, 0);
  }
}
