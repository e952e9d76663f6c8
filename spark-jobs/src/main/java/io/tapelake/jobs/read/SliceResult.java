package io.tapelake.jobs.read;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.jobs.plan.TradeStamp;
import io.tapelake.vault.RefusalReason;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What reading one slice found. "New" lines are those no earlier run has read; "undecided" trades
 * are those not in the tables yet: on new lines, or of minutes that were open in the earlier run.
 *
 * @param slice what was read
 * @param start offset of its first line, or of its end when it has none
 * @param end offset behind the LF of its last line
 * @param checksum CRC-32C of the new bytes among [start, end)
 * @param newLines new lines that are not blank
 * @param refused new lines that are not valid trades, by reason; conflicting duplicates not counted
 * @param duplicates new lines that repeat an undecided trade of this slice
 * @param refusedLines what goes to the quarantine, ascending by offset, conflicting duplicates too
 * @param refusedLinesComplete false when there were too many to be carried around
 * @param ids undecided trades' ids, or null when there are none
 * @param late new trades of minutes that may be in the tables already
 * @param published trades of closed minutes that this slice contributes
 * @param newest the newest undecided trade by (time, id), its minute open or closed, or null
 * @param newestClosed the newest published trade by (time, id), or null
 * @param maxPublishedId the largest published id, or -1
 * @param openOffset offset of the first line of an open minute, or -1
 * @param openMinute the earliest open minute that has a trade, or Long.MAX_VALUE
 * @param bars the published trades as minutes, ascending; the flow is null where they did not come
 *     in order
 * @param lines where the trades of each of these minutes stand, ascending by minute
 * @param strays offsets of lines that repeat an undecided trade of another minute
 */
public record SliceResult(
    Slice slice,
    long start,
    long end,
    int checksum,
    long newLines,
    Map<RefusalReason, Long> refused,
    long duplicates,
    List<RefusedLine> refusedLines,
    boolean refusedLinesComplete,
    IdSpan ids,
    long late,
    long published,
    TradeStamp newest,
    TradeStamp newestClosed,
    long maxPublishedId,
    long openOffset,
    long openMinute,
    List<MinuteBar> bars,
    List<MinuteLines> lines,
    List<Long> strays)
    implements Serializable {

  /** The smallest and largest id of some trades. */
  public record IdSpan(long from, long to) implements Serializable {

    boolean overlaps(IdSpan other) {
      return from <= other.to && other.from <= to;
    }
  }

  public SliceResult {
    refused = refused.isEmpty() ? Map.of() : new EnumMap<>(refused);
    refusedLines = List.copyOf(refusedLines);
    bars = List.copyOf(bars);
    lines = List.copyOf(lines);
    strays = List.copyOf(strays);
  }

  /** Refused new lines of all reasons. */
  public long refusedCount() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Conflicting duplicates among the new lines. */
  public long conflicts() {
    return refusedLines.stream()
        .filter(line -> line.reason() == RefusalReason.CONFLICTING_DUPLICATE)
        .count();
  }
}
