package io.tapelake.collector.cover;

import io.tapelake.collector.decode.TradeRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The trades taken last, enough of each to tell whether another can be true beside them: an id
 * belongs to one trade, and a higher id never to an earlier one. Not thread-safe.
 */
public final class RecentTrades {

  private static final int FIRST = 16;
  private static final int MOST = 256;

  /** Event times of an instrument never go back; clocks of an exchange's machines may a little. */
  private static final long SLACK_MILLIS = Duration.ofSeconds(1).toMillis();

  private static final int MOST_ANCHORS = 64;

  private long[] ids = new long[FIRST];
  private long[] times = new long[FIRST];
  private int[] contents = new int[FIRST];

  /** Zero where nobody can tell: an aggregate's is not that of its last trade. */
  private int[] quantities = new int[FIRST];

  private int next;
  private int size;

  /** Event times of a few ids of long ago, evenly spread: {@link #MOST_ANCHORS} at most. */
  private final TreeMap<Long, Long> anchors = new TreeMap<>();

  /**
   * Takes note of a trade that is in.
   *
   * @param isSingle whether it is known to stand for one id
   */
  public void add(TradeRow row, boolean isSingle) {
    if (next == ids.length && next < MOST) {
      ids = Arrays.copyOf(ids, 2 * next);
      times = Arrays.copyOf(times, 2 * next);
      contents = Arrays.copyOf(contents, 2 * next);
      quantities = Arrays.copyOf(quantities, 2 * next);
    }
    next = next == ids.length ? 0 : next;
    if (next == 0) {
      anchor(row);
    }
    ids[next] = row.id();
    times[next] = row.time().toEpochMilli();
    contents[next] = content(row);
    quantities[next] = isSingle ? quantity(row) : 0;
    next++;
    size = Math.max(size, next);
  }

  private void anchor(TradeRow row) {
    anchors.put(row.id(), row.time().toEpochMilli());
    if (anchors.size() > MOST_ANCHORS) {
      boolean odd = false;
      for (Iterator<Long> each = anchors.keySet().iterator(); each.hasNext(); odd = !odd) {
        each.next();
        if (odd) {
          each.remove();
        }
      }
    }
  }

  /** An aggregate has the time, side and price of its last trade, but not its quantity. */
  private static int content(TradeRow row) {
    return 31 * row.price().stripTrailingZeros().hashCode() + row.side().ordinal();
  }

  private static int quantity(TradeRow row) {
    return row.contracts().stripTrailingZeros().hashCode() | 1;
  }

  /** Whether a row cannot be true beside these trades. */
  boolean contradict(TradeRow row) {
    long time = row.time().toEpochMilli();
    for (int i = 0; i < size; i++) {
      if (ids[i] == row.id()) {
        boolean otherQuantity =
            quantities[i] != 0 && row.count() == 1 && quantities[i] != quantity(row);
        return times[i] != time || contents[i] != content(row) || otherQuantity;
      }
    }
    Map.Entry<Long, Long> above = anchors.higherEntry(row.id());
    if (above != null && above.getValue() + SLACK_MILLIS < time) {
      return true;
    }
    for (int i = 0; i < size; i++) {
      if (ids[i] > row.id() && times[i] + SLACK_MILLIS < time) {
        return true;
      }
    }
    return false;
  }

  /** The latest event time among them; long ago without any. */
  Instant newest() {
    return Instant.ofEpochMilli(Arrays.stream(times, 0, size).max().orElse(0));
  }

  void clear() {
    next = 0;
    size = 0;
    anchors.clear();
  }
}
