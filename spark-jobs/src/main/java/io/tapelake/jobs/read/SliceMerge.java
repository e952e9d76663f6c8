package io.tapelake.jobs.read;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FileWork.Mode;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.TradeStamp;
import io.tapelake.vault.RefusalReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts the slices of one file together.
 *
 * <p>Slices are read independently, so a trade that stands in two of them would be counted twice.
 * Ids that only rise show that this has not happened: the id spans of the slices, and of what was
 * consumed before, do not overlap. Where they do, or where a trade is older than what is in the
 * tables already, the file is read again more thoroughly.
 */
public final class SliceMerge {

  private SliceMerge() {}

  /**
   * How the file has to be read again before its slices can be put together, or null when they can.
   *
   * @param slices the results of the file's slices, in the file's order
   */
  public static FileWork moreThorough(FileWork work, List<SliceResult> slices) {
    if (work.mode() == Mode.REBUILD_WHOLE || work.mode() == Mode.REMOVE) {
      return null;
    }
    if (work.mode() == Mode.APPEND) {
      for (SliceResult slice : slices) {
        if (slice.late() > 0) {
          return work.as(Mode.REBUILD, "trades came late");
        }
        if (slice.ids() != null && slice.ids().from() <= work.previous().maxPublishedId()) {
          return work.as(Mode.REBUILD, "trade ids came out of order");
        }
      }
    }
    return overlap(slices) ? work.as(Mode.REBUILD_WHOLE, work.why()) : null;
  }

  /** What the file comes to. */
  public static FileOutcome merge(
      FileWork work, List<SliceResult> slices, OutputSettings settings) {
    FileCursor cursor = advance(work, slices);
    Map<RefusalReason, Long> refused = new EnumMap<>(RefusalReason.class);
    List<RefusedLine> refusedLines = new ArrayList<>();
    boolean complete = true;
    long duplicates = 0;
    long bytesRead = 0;
    for (SliceResult slice : slices) {
      slice.refused().forEach((reason, count) -> refused.merge(reason, count, Long::sum));
      refusedLines.addAll(slice.refusedLines());
      complete &= slice.refusedLinesComplete();
      duplicates += slice.duplicates();
      bytesRead += Math.min(slice.slice().to(), slice.end()) - slice.slice().from();
    }
    long conflicts = slices.stream().mapToLong(SliceResult::conflicts).sum();
    if (conflicts > 0) {
      refused.put(RefusalReason.CONFLICTING_DUPLICATE, conflicts);
    }
    boolean broken = settings.isBroken(cursor.lines(), cursor.refused());
    return new FileOutcome(
        broken && !work.replaces() ? work.as(Mode.REBUILD, work.why()) : work,
        broken ? leftAlone(cursor) : cursor,
        broken ? List.of() : bars(slices),
        slices,
        broken ? List.of() : refusedLines,
        broken || complete,
        refused,
        duplicates,
        bytesRead);
  }

  private static boolean overlap(List<SliceResult> slices) {
    List<SliceResult.IdSpan> spans =
        slices.stream()
            .map(SliceResult::ids)
            .filter(span -> span != null)
            .sorted(Comparator.comparingLong(SliceResult.IdSpan::from))
            .toList();
    for (int i = 1; i < spans.size(); i++) {
      if (spans.get(i - 1).overlaps(spans.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static FileCursor advance(FileWork work, List<SliceResult> slices) {
    FileCursor before = work.replaces() ? FileCursor.START : work.previous();
    long bytes = before.bytes();
    int checksum = before.checksum();
    long lines = before.lines();
    long refused = before.refused();
    long trades = before.trades();
    long duplicates = before.duplicates();
    TradeStamp newest = before.newest();
    TradeStamp newestClosed = before.newestClosed();
    long maxPublishedId = before.maxPublishedId();
    long openOffset = -1;
    long openMinute = FileCursor.NONE_OPEN;
    for (SliceResult slice : slices) {
      if (slice.end() > bytes) {
        long newBytes = slice.end() - Math.max(slice.start(), slice.slice().decidedBefore());
        if (slice.end() > slice.start()) {
          checksum = Crc32cs.combine(checksum, slice.checksum(), newBytes);
          bytes = slice.end();
        }
      }
      lines += slice.newLines();
      refused += slice.refusedCount();
      trades += slice.published();
      duplicates += slice.duplicates();
      newest = TradeStamp.later(newest, slice.newest());
      newestClosed = TradeStamp.later(newestClosed, slice.newestClosed());
      maxPublishedId = Math.max(maxPublishedId, slice.maxPublishedId());
      openOffset = openOffset < 0 ? slice.openOffset() : openOffset;
      openMinute = Math.min(openMinute, slice.openMinute());
    }
    return new FileCursor(
        bytes,
        openOffset < 0 ? bytes : openOffset,
        openMinute,
        checksum,
        0,
        lines,
        refused,
        trades,
        duplicates,
        newest,
        newestClosed,
        maxPublishedId,
        before.quarantineBytes(),
        false);
  }

  /** The cursor of a file that contributes nothing because too many of its lines are refused. */
  private static FileCursor leftAlone(FileCursor cursor) {
    return new FileCursor(
        cursor.bytes(),
        0,
        FileCursor.NONE_OPEN,
        cursor.checksum(),
        0,
        cursor.lines(),
        cursor.refused(),
        0,
        0,
        null,
        null,
        -1,
        0,
        true);
  }

  /** The minutes of all slices; one that two slices share is merged. */
  private static List<MinuteBar> bars(List<SliceResult> slices) {
    TreeMap<Long, MinuteBar> bars = new TreeMap<>();
    for (SliceResult slice : slices) {
      slice.bars().forEach(bar -> bars.merge(bar.minute(), bar, MinuteBar::merge));
    }
    return List.copyOf(bars.values());
  }
}
