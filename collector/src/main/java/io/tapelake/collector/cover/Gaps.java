package io.tapelake.collector.cover;

import io.tapelake.collector.decode.RefusedRow;
import io.tapelake.collector.decode.TradeRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The gaps of one instrument and the walk that fills them: newest gap first, each downwards page by
 * page, as the exchange's history can only be read. Pure: what to ask comes out, what was answered
 * goes in. Not thread-safe.
 */
public final class Gaps {

  /** More gaps than this are merged with their neighbours: the coverage knows what is in. */
  private static final int MAX_GAPS = 2_000;

  /** What the exchange itself names and has no trade of is asked for once more, then given up. */
  private static final int PASSES_WHEN_NAMED = 2;

  private final IdRanges covered;
  private final FillPolicy policy;
  private final Consumer<GapEvent> journal;
  private final TreeMap<Long, Gap> gaps = new TreeMap<>();
  private Gap asked;

  /**
   * @param covered the ids that are in; kept up to date by the caller
   * @param journal told of what happens to missing ids
   */
  public Gaps(IdRanges covered, FillPolicy policy, Consumer<GapEvent> journal) {
    this.covered = covered;
    this.policy = policy;
    this.journal = journal;
  }

  /** Notes that the ids from {@code from} to {@code to}, as far as they are not in, are missing. */
  public void found(long from, long to, String cause, Instant now) {
    for (IdRange range : covered.missing(from, to)) {
      note(range, cause, now);
    }
    if (gaps.size() > MAX_GAPS) {
      merge();
    }
  }

  private void note(IdRange range, String cause, Instant now) {
    long at = range.from();
    while (at <= range.to()) {
      Map.Entry<Long, Gap> known = gaps.floorEntry(at);
      if (known != null && known.getValue().to >= at) {
        at = known.getValue().to + 1;
        continue;
      }
      Map.Entry<Long, Gap> next = gaps.higherEntry(at);
      long end = next == null ? range.to() : Math.min(range.to(), next.getKey() - 1);
      Gap before = known == null ? null : known.getValue();
      if (before != null && before.to == at - 1 && before != asked && !before.journaled) {
        before.to = end;
        before.cursor = end;
      } else {
        gaps.put(at, new Gap(at, end, now, cause, now.plus(policy.settle())));
      }
      at = end + 1;
    }
  }

  /**
   * The next page to ask for: trades older than the answer, or -1 when nothing is due. Until it is
   * {@link #answered} or {@link #failed} nothing else is asked.
   */
  public long nextPageBefore(Instant now) {
    if (asked != null) {
      return -1;
    }
    for (Gap gap : List.copyOf(gaps.descendingMap().values())) {
      if (now.isBefore(gap.due)) {
        continue;
      }
      if (!announce(gap)) {
        continue;
      }
      long at = covered.highestMissing(gap.from, gap.cursor);
      if (at < 0) {
        endPass(gap, now);
        continue;
      }
      gap.cursor = at;
      asked = gap;
      return at + 1;
    }
    return -1;
  }

  /** Tells the journal of the gaps among these ids now, without waiting for late pushes. */
  void announce(IdRange ids) {
    for (Gap gap : List.copyOf(gaps.headMap(ids.to(), true).values())) {
      if (gap.to >= ids.from()) {
        announce(gap);
      }
    }
  }

  /** Whether a gap is still one; tells the journal of it the first time. */
  private boolean announce(Gap gap) {
    List<IdRange> remaining = covered.missing(gap.from, gap.to);
    if (remaining.isEmpty()) {
      close(gap);
      return false;
    }
    if (!gap.journaled) {
      gap.journaled = true;
      journal.accept(new GapEvent(GapEvent.Kind.FOUND, remaining, gap.cause));
    }
    return true;
  }

  /**
   * Takes note of a page whose rows are in the coverage by now.
   *
   * @param refused rows of the page that are no trades: they will hardly be any the next time
   */
  public void answered(Collection<TradeRow> rows, Collection<RefusedRow> refused, Instant now) {
    Gap gap = asked;
    asked = null;
    if (gap == null) {
      return;
    }
    long lowest = Long.MAX_VALUE;
    for (TradeRow row : rows) {
      lowest = Math.min(lowest, row.firstId());
    }
    for (RefusedRow row : refused) {
      if (row.id() >= 0) {
        lowest = Math.min(lowest, row.id());
        note(gap, row);
      }
    }
    gap.cursor = lowest > gap.cursor ? gap.from - 1 : lowest - 1;
    gap.due = now;
    if (gap.cursor < gap.from) {
      endPass(gap, now);
    } else if (covered.highestMissing(gap.from, gap.to) < 0) {
      close(gap);
    }
  }

  private static void note(Gap gap, RefusedRow row) {
    if (gap.refused == null) {
      gap.refused = new IdRanges();
    }
    gap.refused.add(row.id(), row.id());
    gap.refusal = "the exchange has no trade of this id: " + row.why();
  }

  /** Takes note that there was no answer: the same page is asked for again after a while. */
  public void failed(Instant now, Duration pause) {
    if (asked != null) {
      asked.due = now.plus(pause);
      asked = null;
    }
  }

  private void endPass(Gap gap, Instant now) {
    List<IdRange> remaining = covered.missing(gap.from, gap.to);
    if (remaining.isEmpty()) {
      close(gap);
      return;
    }
    gap.passes++;
    gap.cursor = gap.to;
    boolean named =
        gap.refused != null
            && remaining.stream().allMatch(r -> gap.refused.containsAll(r.from(), r.to()));
    if (gap.passes >= (named ? Math.min(PASSES_WHEN_NAMED, policy.passes()) : policy.passes())) {
      if (!gap.missing) {
        gap.missing = true;
        settle(gap);
        journal.accept(
            new GapEvent(GapEvent.Kind.MISSING, remaining, named ? gap.refusal : gap.cause));
      }
      gap.due = now.plus(policy.missingRetry());
    } else {
      gap.due = now.plus(policy.retry().multipliedBy(1L << Math.min(gap.passes - 1, 6)));
    }
  }

  private void close(Gap gap) {
    gaps.remove(gap.from);
    if (gap.journaled) {
      journal.accept(
          new GapEvent(GapEvent.Kind.FILLED, List.of(new IdRange(gap.from, gap.to)), gap.cause));
    }
  }

  /** Tells the journal of what was filled of gaps that are still open. */
  public void settle() {
    for (Gap gap : gaps.values()) {
      if (gap.journaled) {
        settle(gap);
      }
    }
  }

  private void settle(Gap gap) {
    IdRanges missing = new IdRanges();
    covered.missing(gap.from, gap.to).forEach(range -> missing.add(range.from(), range.to()));
    List<IdRange> filled = missing.missing(gap.from, gap.to);
    if (!filled.isEmpty()) {
      journal.accept(new GapEvent(GapEvent.Kind.FILLED, filled, gap.cause));
    }
  }

  /** The ids that are missing now, ascending. */
  public List<IdRange> open() {
    List<IdRange> open = new ArrayList<>();
    for (Gap gap : gaps.values()) {
      open.addAll(covered.missing(gap.from, gap.to));
    }
    return open;
  }

  /** The ids that the exchange does not have, ascending. */
  public List<IdRange> givenUp() {
    List<IdRange> missing = new ArrayList<>();
    for (Gap gap : gaps.values()) {
      if (gap.missing) {
        missing.addAll(covered.missing(gap.from, gap.to));
      }
    }
    return missing;
  }

  /** Whether it is time to ask again for what the exchange was found not to have. */
  public boolean isGivenUpDue(Instant now) {
    return gaps.values().stream().anyMatch(gap -> gap.missing && !now.isBefore(gap.due));
  }

  /** How many gaps are neither filled nor given up. */
  public int pending() {
    int pending = 0;
    for (Gap gap : gaps.values()) {
      pending += gap.missing ? 0 : 1;
    }
    return pending;
  }

  /** Gives up whatever is missing, for good: the exchange counts anew. */
  void abandon() {
    for (Gap gap : List.copyOf(gaps.values())) {
      List<IdRange> remaining = covered.missing(gap.from, gap.to);
      if (gap.journaled) {
        settle(gap);
      }
      if (!remaining.isEmpty()) {
        journal.accept(new GapEvent(GapEvent.Kind.MISSING, remaining, "the ids started over"));
      }
    }
    gaps.clear();
    asked = null;
  }

  /** Closes gaps that were filled by pushes, so that the figures are true. */
  public void sweep() {
    for (Gap gap : List.copyOf(gaps.values())) {
      if (gap != asked && covered.highestMissing(gap.from, gap.to) < 0) {
        close(gap);
      }
    }
  }

  /** Halves the number of gaps: every second one is joined with the one before it. */
  private void merge() {
    Gap before = null;
    for (Gap gap : List.copyOf(gaps.values())) {
      if (before == null || before == asked || gap == asked) {
        before = gap;
        continue;
      }
      gaps.remove(gap.from);
      before.to = gap.to;
      before.cursor = gap.to;
      before.missing = before.missing && gap.missing;
      before.journaled = before.journaled || gap.journaled;
      before = null;
    }
  }
}
