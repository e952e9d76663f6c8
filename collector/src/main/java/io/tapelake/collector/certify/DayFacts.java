package io.tapelake.collector.certify;

import io.tapelake.collector.cover.IdRange;
import java.util.List;

/**
 * What a day's raw file says by itself: everything in a certificate that anybody can recompute.
 *
 * @param bytes up to the last LF, of the plain file
 * @param sha256 of these bytes, in hexadecimal digits
 * @param trades that count: the first valid line of each id
 * @param ids that these stand for: more than trades where some are aggregates
 * @param firstId the lowest id; -1 without any
 * @param lastId the highest id; -1 without any
 * @param missing ids between these that are not there, ascending; the first {@link #MOST_RANGES}
 * @param missingIds how many ids between these are not there
 * @param missingRanges how many ranges they make
 * @param repeatedLines valid lines whose ids are there already
 * @param conflictingLines those of them that say something else than the line that counts
 * @param refusedLines lines that are no trades of this day
 * @param startedOver whether ids and times do not rise together: the exchange's ids started over
 * @param terms a span for each contract terms, by first id
 */
record DayFacts(
    long bytes,
    String sha256,
    long trades,
    long ids,
    long firstId,
    long lastId,
    List<IdRange> missing,
    long missingIds,
    int missingRanges,
    long repeatedLines,
    long conflictingLines,
    long refusedLines,
    boolean startedOver,
    List<TermsSpan> terms) {

  /** A certificate lists no more ranges of missing ids than this, and says how many there are. */
  static final int MOST_RANGES = 1_000;

  DayFacts {
    missing = List.copyOf(missing.subList(0, Math.min(MOST_RANGES, missing.size())));
    terms = List.copyOf(terms);
  }

  /** Whether terms changed and changed back within the day: two sources that contradict. */
  boolean areTermsMixed() {
    for (int i = 1; i < terms.size(); i++) {
      if (terms.get(i).firstId() <= terms.get(i - 1).lastId()) {
        return true;
      }
    }
    return false;
  }

  boolean isAggregated() {
    return ids > trades;
  }
}
