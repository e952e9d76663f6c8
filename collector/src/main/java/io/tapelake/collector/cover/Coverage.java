package io.tapelake.collector.cover;

import io.tapelake.collector.decode.TradeRow;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which trades of one instrument are in the files, which are known to exist, and which of those are
 * missing. The one place that decides whether a trade is written. Not thread-safe.
 */
public final class Coverage {

  /** An id further ahead than this is not believed until REST confirms it. */
  static final long MAX_JUMP = 20_000_000;

  private final IdRanges covered;
  private final Gaps gaps;

  /** Below this id nothing is missing: the collector was not asked for it. -1: nothing seen yet. */
  private long watchFrom;

  /** The highest id known to exist; -1: none. */
  private long highest;

  /** The last id that was not believed; -1: none. */
  private long doubted = -1;

  /** What to do with a trade. */
  public enum Verdict {
    /** None of its ids is in: write it, then say so with {@link Coverage#accepted}. */
    NEW,
    /** All of its ids are in. */
    DUPLICATE,
    /** An aggregate of which some ids are in: the others are fetched one by one. */
    PARTLY_IN,
    /** Its id is so far ahead that it cannot be true. */
    IMPLAUSIBLE
  }

  /**
   * @param covered the ids that the files hold
   * @param watchFrom the id from which nothing may be missing; -1 when that is yet to be seen
   */
  public Coverage(IdRanges covered, long watchFrom, FillPolicy policy, Consumer<GapEvent> journal) {
    this.covered = covered;
    this.watchFrom = watchFrom;
    this.highest = Math.max(covered.highest(), watchFrom);
    this.gaps = new Gaps(covered, policy, journal);
  }

  /** What to do with a trade that was pushed or fetched. */
  public Verdict judge(TradeRow row) {
    if (covered.containsAll(row.firstId(), row.id())) {
      return Verdict.DUPLICATE;
    }
    if (highest >= 0 && row.id() > highest + MAX_JUMP) {
      doubted = row.id();
      return Verdict.IMPLAUSIBLE;
    }
    return covered.containsAny(row.firstId(), row.id()) ? Verdict.PARTLY_IN : Verdict.NEW;
  }

  /** Takes note that a trade will be written. */
  public void accepted(TradeRow row, String cause, Instant now) {
    begin(row);
    covered.add(row.firstId(), row.id());
    raise(row.id(), row.firstId() - 1, cause, now);
  }

  /** Takes note that a trade exists but cannot be written: what it covers is missing. */
  public void notWritten(TradeRow row, String cause, Instant now) {
    begin(row);
    long before = highest;
    raise(row.id(), row.id(), cause, now);
    if (row.firstId() <= before) {
      gaps.found(Math.max(watchFrom, row.firstId()), row.id(), cause, now);
    }
  }

  /**
   * Takes note that ids up to this one exist, as REST says. A far jump has to agree with a push.
   */
  public void existsUpTo(long id, String cause, Instant now) {
    boolean near = id <= highest + MAX_JUMP;
    boolean confirmed = doubted >= 0 && Math.abs(doubted - id) <= MAX_JUMP;
    if (highest >= 0 && (near || confirmed)) {
      raise(id, id, cause, now);
    }
  }

  private void begin(TradeRow row) {
    if (watchFrom < 0) {
      watchFrom = row.firstId();
      highest = row.firstId() - 1;
    }
  }

  private void raise(long to, long missingTo, String cause, Instant now) {
    if (to > highest) {
      if (missingTo > highest) {
        gaps.found(highest + 1, missingTo, cause, now);
      }
      highest = to;
    }
  }

  /** Takes note that an earlier run knew of trades that were missing then. */
  public void recalled(IdRange ids) {
    // A run that ended before it wrote anything watched from there; without files of those days
    // at hand, older ones are left alone.
    boolean lookedAt = covered.lowest() < 0 || ids.from() >= covered.lowest();
    if (lookedAt && (watchFrom < 0 || ids.from() < watchFrom)) {
      watchFrom = ids.from();
    }
    if (watchFrom >= 0 && ids.to() >= watchFrom) {
      highest = Math.max(highest, ids.to());
    }
  }

  /** Notes as gaps whatever is missing between the first watched id and the highest known one. */
  public void findGaps(String cause, Instant now) {
    if (watchFrom >= 0 && highest >= watchFrom) {
      gaps.found(watchFrom, highest, cause, now);
      gaps.announce();
    }
  }

  /** See {@link Gaps#nextPageBefore}. */
  public long nextPageBefore(Instant now) {
    return gaps.nextPageBefore(now);
  }

  /** See {@link Gaps#answered}. */
  public void answered(Collection<TradeRow> rows, Instant now) {
    gaps.answered(rows, now);
  }

  /** See {@link Gaps#failed}. */
  public void failed(Instant now, Duration pause) {
    gaps.failed(now, pause);
  }

  /** See {@link Gaps#retryNow}. */
  public void retryMissing(Instant now) {
    gaps.retryNow(now);
  }

  /** See {@link Gaps#settle}. */
  public void settle() {
    gaps.settle();
  }

  /** See {@link Gaps#sweep}. */
  public void sweep() {
    gaps.sweep();
  }

  /** The ids that are missing now, ascending. */
  public List<IdRange> missing() {
    return gaps.open();
  }

  /** The ids that the exchange was found not to have, ascending. */
  public List<IdRange> givenUp() {
    return gaps.givenUp();
  }

  /** How many gaps are neither filled nor given up. */
  public int pendingGaps() {
    return gaps.pending();
  }

  /** Takes note that ids turned out to be in a file already. */
  public void discovered() {
    highest = Math.max(highest, covered.highest());
  }

  /** Takes note that ids which were taken to be written are not. */
  public void lost(IdRange ids, Instant now) {
    if (watchFrom >= 0 && ids.to() >= watchFrom) {
      gaps.found(Math.max(watchFrom, ids.from()), ids.to(), "partly in", now);
    }
  }

  /** The id from which nothing may be missing; -1 when nothing was seen yet. */
  public long watchFrom() {
    return watchFrom;
  }

  /** The highest id known to exist; -1 when nothing was seen yet. */
  public long highest() {
    return highest;
  }
}
