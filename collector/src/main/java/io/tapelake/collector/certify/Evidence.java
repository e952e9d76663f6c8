package io.tapelake.collector.certify;

import io.tapelake.collector.cover.IdRange;
import java.util.List;
import java.util.Map;

/**
 * What a certificate says of a day beyond its raw file: what stands in the files of other days and
 * in the journals.
 *
 * @param previousId the id of the newest trade known from before the day; -1 without any
 * @param nextId the id of the oldest trade known from after the day; -1 without any
 * @param reasons why ids are missing, by their ranges
 * @param sources where ids came from, by first id; the first {@link DayFacts#MOST_RANGES}
 * @param channel of the exchange from which pushes came; null without any
 * @param clockOffsetMillis how far the exchange's clock was ahead of the local one; null when
 *     unknown
 * @param setAside trades of the day that the collector set aside and that are not settled
 * @param official comparisons with the exchange's official files, by the times they cover
 */
record Evidence(
    long previousId,
    long nextId,
    Map<IdRange, Reason> reasons,
    List<Source> sources,
    String channel,
    Long clockOffsetMillis,
    long setAside,
    List<OfficialComparison> official) {

  /** Nothing is known. */
  static final Reason UNKNOWN = new Reason("unknown", List.of());

  Evidence {
    reasons = Map.copyOf(reasons);
    sources = List.copyOf(sources.subList(0, Math.min(DayFacts.MOST_RANGES, sources.size())));
    official = List.copyOf(official);
  }

  /** The same with reasons. */
  Evidence with(Map<IdRange, Reason> otherReasons) {
    return new Evidence(
        previousId, nextId, otherReasons, sources, channel, clockOffsetMillis, setAside, official);
  }

  /**
   * Why ids are missing.
   *
   * @param code such as {@code exchange_lacks_them}
   * @param tried where they were looked for: {@code rest}, {@code official}
   */
  record Reason(String code, List<String> tried) {
    Reason {
      tried = List.copyOf(tried);
    }
  }

  /**
   * Where ids came from.
   *
   * @param source {@code push}, {@code rest}, {@code fetch} (an official file), {@code import}, or
   *     {@code other} (another program)
   * @param from the file or address; null where nobody noted it
   */
  record Source(IdRange ids, String source, String from) {}
}
