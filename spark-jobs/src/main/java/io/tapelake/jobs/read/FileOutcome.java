package io.tapelake.jobs.read;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.vault.RefusalReason;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What reading one raw file came to.
 *
 * @param work how it was read
 * @param cursor the file's cursor after this run, but for its edges and its quarantine's length
 * @param bars the minutes it contributes: the whole day's when {@code work} replaces, otherwise the
 *     new ones; the flow is null where the trades have to be sorted first
 * @param slices the pieces it was read in
 * @param refusedLines what goes to its quarantine: the whole file's when {@code work} replaces,
 *     otherwise the new ones
 * @param refusedLinesComplete false when there were too many to be carried around
 * @param refused refused lines that were read, by reason, conflicting duplicates among them
 * @param duplicates dropped lines that were read
 * @param bytesRead bytes that were looked at
 */
public record FileOutcome(
    FileWork work,
    FileCursor cursor,
    List<MinuteBar> bars,
    List<SliceResult> slices,
    List<RefusedLine> refusedLines,
    boolean refusedLinesComplete,
    Map<RefusalReason, Long> refused,
    long duplicates,
    long bytesRead) {

  public FileOutcome {
    bars = List.copyOf(bars);
    slices = List.copyOf(slices);
    refusedLines = List.copyOf(refusedLines);
    refused = Map.copyOf(refused);
  }

  /** The same with another cursor. */
  public FileOutcome with(FileCursor other) {
    return new FileOutcome(
        work,
        other,
        bars,
        slices,
        refusedLines,
        refusedLinesComplete,
        refused,
        duplicates,
        bytesRead);
  }

  /**
   * The same with the flow of minutes whose trades had to be sorted.
   *
   * @param sorted those minutes
   * @param bytesAgain bytes that were read for that
   */
  public FileOutcome withSorted(Collection<MinuteBar> sorted, long bytesAgain) {
    Map<Long, MinuteBar> byMinute = new HashMap<>();
    sorted.forEach(bar -> byMinute.put(bar.minute(), bar));
    return new FileOutcome(
        work,
        cursor,
        bars.stream()
            .map(bar -> bar.flow() == null ? bar.with(byMinute.get(bar.minute()).flow()) : bar)
            .toList(),
        slices,
        refusedLines,
        refusedLinesComplete,
        refused,
        duplicates,
        bytesRead + bytesAgain);
  }

  /** Trades that were read, duplicates not among them. */
  public long trades() {
    return slices.stream().mapToLong(SliceResult::published).sum();
  }
}
