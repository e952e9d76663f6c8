package io.tapelake.collector.write;

import io.tapelake.collector.cover.IdRanges;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.ObjIntConsumer;

/**
 * Reads which trade ids a day file holds. Only what a reader takes for a valid trade counts: a line
 * that readers refuse does not cover its id.
 */
final class RawIds {

  private final RawLines lines;
  private final CountTable counts;
  private final IdRanges ids;
  private final ObjIntConsumer<ParsedTrade> lone;
  private long trades;
  private long runFrom = -1;
  private long runTo = -1;

  /**
   * @param counts how many ids the aggregates among the trades stand for
   * @param ids where the ids are added
   * @param lone told of trades that may be aggregates nobody counted; null when nobody asks
   */
  RawIds(DayFile day, CountTable counts, IdRanges ids, ObjIntConsumer<ParsedTrade> lone) {
    this.lines = new RawLines(day, this::take);
    this.counts = counts;
    this.ids = ids;
    this.lone = lone;
  }

  /** How many valid trades were read, repeated ones among them. */
  long trades() {
    return trades;
  }

  /** Reads lines to the stream's end; returns the number of bytes up to the last LF. */
  long read(InputStream stream) throws IOException {
    long complete = lines.read(stream);
    endRun();
    return complete;
  }

  /** Ids mostly come one behind the other: the set is told of whole runs. */
  private void take(ParsedTrade trade) {
    trades++;
    int count = counts.count(trade.id());
    long first = Math.max(0, trade.id() - count + 1);
    if (runTo >= 0 && first == runTo + 1) {
      runTo = trade.id();
      return;
    }
    endRun();
    runFrom = first;
    runTo = trade.id();
    if (lone != null) {
      lone.accept(trade, count);
    }
  }

  private void endRun() {
    if (runTo >= 0) {
      ids.add(runFrom, runTo);
      runTo = -1;
    }
  }
}
