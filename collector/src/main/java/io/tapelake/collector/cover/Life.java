package io.tapelake.collector.cover;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * A time in which the ids of an instrument count up. An instrument that is delisted and listed anew
 * begins another one, mostly with id 1.
 *
 * @param since the UTC day of its first trade, or one before it; {@link LocalDate#MIN} for the
 *     first life
 * @param taken ids of the life before in that day's file, which can hold no other trade of them
 * @param before for each earlier life the ids that were watched, in order
 */
public record Life(LocalDate since, IdRanges taken, List<IdRange> before) {

  /** Trade ids of an instrument begin here, in each life: before it there is nothing to miss. */
  public static final long FIRST_ID = 1;

  /** The first one, of most instruments the only one. */
  public static final Life FIRST = new Life(LocalDate.MIN, new IdRanges(), List.of());

  public Life {
    before = List.copyOf(before);
  }

  /** Those of a day's ids that are of this life. */
  public IdRanges own(LocalDate day, IdRanges ids) {
    if (!day.equals(since)) {
      return ids;
    }
    IdRanges own = new IdRanges();
    own.addAll(ids);
    taken.ranges().forEach(range -> own.remove(range.from(), range.to()));
    return own;
  }

  /**
   * The next one.
   *
   * @param watchFrom the first id that was watched in this one; -1 when none was
   * @param highest the last one
   */
  public Life next(LocalDate newSince, IdRanges newTaken, long watchFrom, long highest) {
    List<IdRange> lives = new ArrayList<>(before);
    if (watchFrom >= 0) {
      lives.add(new IdRange(watchFrom, Math.max(watchFrom, highest)));
    }
    return new Life(newSince, newTaken, lives);
  }
}
