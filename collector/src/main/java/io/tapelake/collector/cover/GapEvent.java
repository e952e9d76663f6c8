package io.tapelake.collector.cover;

import java.util.List;

/**
 * A line of the gap journal.
 *
 * @param kind what happened
 * @param ids the ids it happened to
 * @param cause why they were missing
 */
public record GapEvent(Kind kind, List<IdRange> ids, String cause) {

  public GapEvent {
    ids = List.copyOf(ids);
  }

  /** What can happen to missing ids. */
  public enum Kind {
    /** They were noticed to be missing. */
    FOUND,
    /** They are in now. */
    FILLED,
    /** The exchange does not have them. */
    MISSING,
    /** They were missing when the collector stopped. */
    OPEN,
    /** The exchange's ids started over: from then on ids are those of another life. */
    STARTED_OVER
  }
}
