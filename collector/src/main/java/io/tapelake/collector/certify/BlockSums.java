package io.tapelake.collector.certify;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Trades as sums of hashes, one for each block of ids: two sets of trades are equal where their
 * sums are, whatever their order, and differ within the blocks where they are not.
 */
final class BlockSums {

  private static final int BLOCK_BITS = 12;

  private final Map<Long, long[]> sums = new HashMap<>();
  private long hotBlock = -1;
  private long[] hot;

  static long block(long id) {
    return id >>> BLOCK_BITS;
  }

  void add(long id, long hash) {
    if (block(id) != hotBlock) {
      hotBlock = block(id);
      hot = sums.computeIfAbsent(hotBlock, each -> new long[1]);
    }
    hot[0] += hash;
  }

  /** Whether there is a trade in a block. */
  boolean holds(long block) {
    return sums.containsKey(block);
  }

  /** The blocks whose sums differ, ascending. */
  NavigableSet<Long> differing(BlockSums other) {
    NavigableSet<Long> blocks = new TreeSet<>();
    differing(sums, other.sums, blocks);
    differing(other.sums, sums, blocks);
    return blocks;
  }

  private static void differing(
      Map<Long, long[]> ours, Map<Long, long[]> theirs, NavigableSet<Long> blocks) {
    ours.forEach(
        (block, sum) -> {
          long[] other = theirs.get(block);
          if (other == null || other[0] != sum[0]) {
            blocks.add(block);
          }
        });
  }
}
