package io.tapelake.jobs.plan;

import java.io.Serializable;
import java.time.Instant;

/**
 * When a trade happened and its id; ordered by (event time, numeric trade id).
 *
 * @param epochSecond seconds since 1970-01-01T00:00Z
 * @param nano nanoseconds of that second
 * @param id the trade id
 */
public record TradeStamp(long epochSecond, int nano, long id)
    implements Serializable, Comparable<TradeStamp> {

  public Instant time() {
    return Instant.ofEpochSecond(epochSecond, nano);
  }

  /** Minutes since 1970-01-01T00:00Z. */
  public long minute() {
    return Math.floorDiv(epochSecond, 60L);
  }

  @Override
  public int compareTo(TradeStamp other) {
    int bySecond = Long.compare(epochSecond, other.epochSecond);
    if (bySecond != 0) {
      return bySecond;
    }
    int byNano = Integer.compare(nano, other.nano);
    return byNano != 0 ? byNano : Long.compare(id, other.id);
  }

  /** The later of two, either of which may be null. */
  public static TradeStamp later(TradeStamp one, TradeStamp other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) >= 0 ? one : other;
  }
}
