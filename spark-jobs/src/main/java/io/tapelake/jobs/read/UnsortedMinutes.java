package io.tapelake.jobs.read;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.plan.Slice;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Minutes of one file whose trades have to be read again and sorted: they came out of order, or
 * stand in more than one slice.
 *
 * @param slice any slice of the file, for what all of them share
 * @param trades by minute how many there are
 * @param spans where they stand, ascending
 * @param strays offsets of lines that repeat a trade of another minute, and do not count
 */
public record UnsortedMinutes(
    Slice slice, Map<Long, Long> trades, List<LineSpan> spans, Set<Long> strays)
    implements Serializable {

  /** The trades of so many are held in memory at a time, or of one minute. */
  private static final long TRADES_HELD = 1 << 18;

  public UnsortedMinutes {
    trades = Map.copyOf(trades);
    spans = List.copyOf(spans);
    strays = Set.copyOf(strays);
  }

  /** What has to be sorted before the flow of every minute of a file is known, in portions. */
  public static List<UnsortedMinutes> of(FileOutcome outcome) {
    return of(outcome, TRADES_HELD);
  }

  static List<UnsortedMinutes> of(FileOutcome outcome, long tradesHeld) {
    List<UnsortedMinutes> portions = new ArrayList<>();
    if (outcome.bars().stream().allMatch(bar -> bar.flow() != null)) {
      return portions;
    }
    Slice slice = outcome.slices().get(0).slice();
    Map<Long, List<LineSpan>> lines = new HashMap<>();
    Set<Long> strays = new HashSet<>();
    for (SliceResult result : outcome.slices()) {
      strays.addAll(result.strays());
      for (MinuteLines minute : result.lines()) {
        lines.computeIfAbsent(minute.minute(), key -> new ArrayList<>()).addAll(minute.spans());
      }
    }
    Map<Long, Long> trades = new HashMap<>();
    List<LineSpan> spans = new ArrayList<>();
    long held = 0;
    for (MinuteBar bar : outcome.bars()) {
      if (bar.flow() != null) {
        continue;
      }
      if (held > 0 && held + bar.tradeCount() > tradesHeld) {
        portions.add(new UnsortedMinutes(slice, trades, LineSpan.union(spans), strays));
        trades.clear();
        spans.clear();
        held = 0;
      }
      trades.put(bar.minute(), bar.tradeCount());
      spans.addAll(lines.get(bar.minute()));
      held += bar.tradeCount();
    }
    portions.add(new UnsortedMinutes(slice, trades, LineSpan.union(spans), strays));
    return portions;
  }

  /** Bytes that are read again. */
  public long bytes() {
    return spans.stream().mapToLong(LineSpan::length).sum();
  }
}
