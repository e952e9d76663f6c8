package io.tapelake.collector.write;

import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Trade ids with a count each, in 12 bytes an entry: a day can hold a million aggregates. */
public final class CountTable {

  private static final long FREE = -1;

  private long[] ids = new long[64];
  private int[] counts = new int[64];
  private int used;

  CountTable() {
    Arrays.fill(ids, FREE);
  }

  /** Which trades of a day are aggregates, as far as anybody counted. */
  public static CountTable read(Path vault, DayFile day) throws IOException {
    try (AggregateCounts counts = new AggregateCounts(vault, day)) {
      return counts.load(0);
    }
  }

  /** The lowest of the ids that a trade stands for. */
  public long first(long id) {
    return Math.max(0, id - count(id) + 1);
  }

  void put(long id, int count) {
    int slot = slot(id);
    if (ids[slot] == FREE) {
      if (count == 1) {
        return;
      }
      used++;
      ids[slot] = id;
    }
    counts[slot] = count;
    if (used * 4 > ids.length * 3) {
      grow();
    }
  }

  /** The count of an id; 1 when none was put. */
  int count(long id) {
    int slot = slot(id);
    return ids[slot] == FREE ? 1 : counts[slot];
  }

  private int slot(long id) {
    int slot = (int) ((id * 0x9E3779B97F4A7C15L) >>> 33) & (ids.length - 1);
    while (ids[slot] != FREE && ids[slot] != id) {
      slot = (slot + 1) & (ids.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] oldIds = ids;
    int[] oldCounts = counts;
    ids = new long[oldIds.length * 2];
    counts = new int[ids.length];
    Arrays.fill(ids, FREE);
    for (int i = 0; i < oldIds.length; i++) {
      if (oldIds[i] != FREE) {
        int slot = slot(oldIds[i]);
        ids[slot] = oldIds[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
