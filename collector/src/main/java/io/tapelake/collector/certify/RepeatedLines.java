package io.tapelake.collector.certify;

import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.write.RawLines;
import io.tapelake.vault.ParsedTrade;
import java.util.Arrays;

/**
 * Compares the lines of ids that stand in a day file more than once. An id that has one line only
 * is part of an aggregate as well: it would be counted twice.
 */
final class RepeatedLines implements RawLines.Taker {

  /** So many ids at a reading: what a file that was copied onto itself repeats fits no memory. */
  private static final int MOST = 1 << 17;

  private final long[] ids;
  private final long[] hashes;
  private final int[] lines;
  private long conflicts;

  private RepeatedLines(long[] ids) {
    this.ids = ids;
    this.hashes = new long[ids.length];
    this.lines = new int[ids.length];
  }

  /** A taker of the lines of the next ids behind one; null when there are no more. */
  static RepeatedLines after(long lastId, IdRanges repeated) {
    long[] ids = new long[MOST];
    int count = 0;
    for (long id = repeated.nextFrom(lastId + 1);
        id < Long.MAX_VALUE && count < MOST;
        id = repeated.nextFrom(id + 1)) {
      ids[count++] = id;
    }
    return count == 0 ? null : new RepeatedLines(Arrays.copyOf(ids, count));
  }

  /** The highest of its ids. */
  long lastId() {
    return ids[ids.length - 1];
  }

  @Override
  public void trade(ParsedTrade trade) {
    int at = Arrays.binarySearch(ids, trade.id());
    if (at < 0) {
      return;
    }
    long hash = TradeHash.of(trade);
    lines[at]++;
    if (lines[at] == 1) {
      hashes[at] = hash;
    } else if (hashes[at] != hash) {
      conflicts++;
    }
  }

  /** How many lines say something else than the first one of their id, or of an aggregate. */
  long conflicts() {
    return conflicts + Arrays.stream(lines).filter(count -> count == 1).count();
  }
}
