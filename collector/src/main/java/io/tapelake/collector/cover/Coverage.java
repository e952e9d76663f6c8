package io.tapelake.collector.cover;

import io.tapelake.collector.decode.TradeRow;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.Consumer;

/**
 * Which trades of one instrument are in the files or on their way there, which are known to exist,
 * and which of those are missing. The one place that decides whether a trade is written. Not
 * thread-safe.
 */
public final class Coverage {

  /** An id further ahead than this is not believed until REST confirms it. */
  static final long MAX_JUMP = 20_000_000;

  /** A push may be late, but hardly by so many trades from before there was anything to see. */
  static final long MAX_BEFORE = 10_000;

  private final IdRanges covered;
  private final RecentTrades recent = new RecentTrades();
  private final Gaps gaps;

  /** Below this id nothing is missing: the collector was not asked for it. -1: nothing seen yet. */
  private long watchFrom;

  /** The highest id known to exist; -1: none. */
  private long highest;

  private Life life;

  /** What to do with a trade. */
  public enum Verdict {
    /** None of its ids is in: write it, then say so with {@link Coverage#accepted}. */
    NEW,
    /** All of its ids are in. */
    DUPLICATE,
    /** An aggregate of which some ids are in: the others are fetched one by one. */
    PARTLY_IN,
    /** Its id is so far ahead that it is not believed yet. */
    FAR_AHEAD,
    /** Its id belongs to another trade, or to a time long past: perhaps ids started over. */
    CONTRADICTS,
    /** Its id is taken by a trade of the same day from before the ids started over. */
    TAKEN
  }

  /**
   * @param known the ids of this life that the files hold; kept, and added to
   * @param life since when ids count up from where they do now
   * @param watchFrom the id from which nothing may be missing; -1 when that is yet to be seen
   */
  public Coverage(
      IdRanges known, Life life, long watchFrom, FillPolicy policy, Consumer<GapEvent> journal) {
    this.covered = known;
    this.life = life;
    this.watchFrom = watchFrom;
    this.highest = Math.max(covered.highest(), watchFrom);
    this.gaps = new Gaps(covered, policy, journal);
  }

  /** What to do with a trade that was pushed or fetched. */
  public Verdict judge(TradeRow row) {
    boolean all = covered.containsAll(row.firstId(), row.id());
    boolean farAhead = highest >= 0 && row.id() > highest + MAX_JUMP;
    if (isTaken(row)) {
      // So far ahead it is the life before's own, which is pushed once more.
      return all || farAhead ? Verdict.DUPLICATE : Verdict.TAKEN;
    }
    if (farAhead) {
      return Verdict.FAR_AHEAD;
    }
    boolean past = all || row.id() <= highest;
    boolean longBefore = row.id() < watchFrom - MAX_BEFORE;
    if (past && (longBefore || recent.contradict(row))) {
      return Verdict.CONTRADICTS;
    }
    if (all) {
      return Verdict.DUPLICATE;
    }
    return covered.containsAny(row.firstId(), row.id()) ? Verdict.PARTLY_IN : Verdict.NEW;
  }

  private boolean isTaken(TradeRow row) {
    return life.taken().rangeCount() > 0
        && life.taken().containsAny(row.firstId(), row.id())
        && row.day().equals(life.since());
  }

  /** Takes note that a trade will be written. */
  public void accepted(TradeRow row, String cause, Instant now) {
    begin(row.firstId());
    covered.add(row.firstId(), row.id());
    recent.add(row, row.count() == 1);
    raise(row.id(), row.firstId() - 1, cause, now);
  }

  /** Takes note that a trade exists but cannot be written: what it covers is missing. */
  public void notWritten(TradeRow row, String cause, Instant now) {
    begin(row.firstId());
    long before = highest;
    raise(row.id(), row.id(), cause, now);
    if (row.firstId() <= before) {
      gaps.found(Math.max(watchFrom, row.firstId()), row.id(), cause, now);
    }
  }

  /** Takes note of a trade that is in, to tell later ones by; it may be from an earlier run. */
  public void remembered(TradeRow row) {
    // Another program may have written an aggregate without its count.
    recent.add(row, false);
  }

  /** Takes note that ids up to this one exist, as REST says. */
  public void existsUpTo(long id, String cause, Instant now) {
    if (highest >= 0) {
      raise(id, id, cause, now);
    }
  }

  /**
   * Takes note of trades that REST tells of, before they are judged: those that are missing come
   * from there, and the journal has to say so.
   */
  public void seenAtRest(IdRange ids, Instant now) {
    begin(ids.from());
    if (isNear(ids.to())) {
      raise(ids.to(), ids.to(), "seen at REST", now);
    }
    gaps.announce(ids);
  }

  /** Whether a trade is of a day before ids started over: those days are another life's. */
  public boolean isBeforeThisLife(TradeRow row) {
    return row.day().isBefore(life.since());
  }

  /** Whether a trade at REST shows that its ids started over: a lower id than of older trades. */
  public boolean showsStartOver(TradeRow newest) {
    return highest >= 0 && newest.id() <= highest && recent.contradict(newest);
  }

  /**
   * The first day of which trades can be of the life that a trade shows: that of the newest one of
   * the life before, but no earlier than the day before. Days further back may get trades of the
   * old life by an import.
   *
   * @param first the earliest trade of the new life that is known
   */
  public LocalDate nextSince(TradeRow first) {
    LocalDate old = LocalDate.ofInstant(recent.newest(), ZoneOffset.UTC);
    LocalDate before = first.day().minusDays(1);
    return old.isBefore(before) ? before : old.isAfter(first.day()) ? first.day() : old;
  }

  /** Whether an id can follow the ones that are known. */
  public boolean isNear(long id) {
    return id <= highest + MAX_JUMP;
  }

  private void begin(long id) {
    if (watchFrom < 0) {
      watchFrom = id;
      highest = id - 1;
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
      gaps.announce(new IdRange(watchFrom, highest));
    }
  }

  /**
   * The ids of the exchange started over: what is known until now is of another life, and what of
   * it is still missing cannot be had any more. What the new life had before its first trade that
   * is known is missing, unless that is too much to be believed.
   *
   * @param from the first id of the new life that is known
   */
  public void startOver(long from, Life next, Instant now) {
    gaps.abandon();
    life = next;
    covered.remove(0, Long.MAX_VALUE - 1);
    recent.clear();
    watchFrom = from > MAX_JUMP ? from : Math.min(from, Life.FIRST_ID);
    highest = from - 1;
    if (highest >= watchFrom) {
      gaps.found(watchFrom, highest, "before the first seen since the ids started over", now);
    }
  }

  /** What is missing, and how it is filled. */
  public Gaps gaps() {
    return gaps;
  }

  /** Takes note that ids turned out to be in a day's file already. */
  public void discovered(LocalDate day, IdRanges ids, Instant now) {
    if (!day.isBefore(life.since())) {
      covered.addAll(life.own(day, ids));
      if (highest >= 0) {
        raise(covered.highest(), covered.highest(), "found in the files", now);
      }
    }
  }

  /** Takes note that ids which were taken to be written are not. */
  public void lost(IdRange ids, String cause, Instant now) {
    covered.remove(ids.from(), ids.to());
    if (watchFrom >= 0 && ids.to() >= watchFrom) {
      gaps.found(Math.max(watchFrom, ids.from()), ids.to(), cause, now);
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

  /** Since when ids count up from where they do now. */
  public Life life() {
    return life;
  }
}
