package io.tapelake.collector.certify;

import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.write.RawLines;
import io.tapelake.vault.ParsedTrade;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares the lines of ids that stand in a day file more than once. An id that has one line only
 * is part of an aggregate as well: it would be counted twice.
 */
final class RepeatedLines implements RawLines.Taker {

  /** So many ids at a time: what a file that was copied onto itself repeats fits no memory. */
  private static final int MOST = 1 << 16;

  private final long[] ids;
  private final long[] hashes;
  private final int[] lines;
  private long conflicts;

  private RepeatedLines(long[] ids) {
    this.ids = ids;
    this.hashes = new long[ids.length];
    this.lines = new int[ids.length];
  }

  /** Takers of the ids' lines; each has to read the file. */
  static List<RepeatedLines> of(IdRanges repeated) {
    List<RepeatedLines> takers = new ArrayList<>();
    long[] some = new long[MOST];
    int count = 0;
    for (IdRange range : repeated.ranges()) {
      for (long id = range.from(); id <= range.to(); id++) {
        some[count++] = id;
        if (count == MOST) {
          takers.add(new RepeatedLines(some.clone()));
          count = 0;
        }
      }
    }
    if (count > 0) {
      takers.add(new RepeatedLines(Arrays.copyOf(some, count)));
    }
    return takers;
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
