package io.tapelake.collector.certify;

import io.tapelake.vault.DayFile;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What comparing a day's raw file with one of the exchange's official files showed.
 *
 * @param file the official file's name
 * @param from the event time from which its trades were compared
 * @param to the event time before which they were
 * @param rows how many trades it has in this time
 * @param previousId the id of its last trade before that time; -1 without any
 * @param nextId the id of its first trade after that time; -1 without any
 * @param bytes the raw file's length then
 * @param sha256 the hash of so many bytes of it
 * @param onlyInRaw how many ids only the raw file has
 * @param onlyInOfficial how many ids only the official file has
 * @param differing how many ids both have, and say different things of
 * @param differences the first of all these
 */
public record OfficialComparison(
    String file,
    Instant from,
    Instant to,
    long rows,
    long previousId,
    long nextId,
    long bytes,
    String sha256,
    long onlyInRaw,
    long onlyInOfficial,
    long differing,
    List<Difference> differences) {

  /** No more differences than this are listed. */
  static final int MOST_DIFFERENCES = 100;

  static final String NOT_IN_RAW = "not_in_raw";
  static final String NOT_IN_OFFICIAL = "not_in_official";

  public OfficialComparison {
    differences = List.copyOf(differences);
  }

  /** Whether the two say the same of every trade. */
  boolean isEqual() {
    return onlyInRaw == 0 && !contradicts();
  }

  /** Whether the raw file lacks trades of the official one, or says something else of some. */
  public boolean contradicts() {
    return onlyInOfficial > 0 || differing > 0;
  }

  /** Whether the comparison begins where the day does. */
  boolean beginsWith(DayFile day) {
    return from.equals(day.day().atStartOfDay().toInstant(ZoneOffset.UTC));
  }

  /** Whether the comparison ends where the day does. */
  boolean endsWith(DayFile day) {
    return to.equals(day.day().plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));
  }

  /** On one line, for a person. */
  public String text() {
    Difference first =
        differences.stream()
            .filter(one -> !one.what().contains(NOT_IN_OFFICIAL))
            .findFirst()
            .orElse(differences.get(0));
    return "compared with %s, %,d trades differ, %,d are missing, %,d are there only; such as %d (%s)"
        .formatted(
            file,
            differing,
            onlyInOfficial,
            onlyInRaw,
            first.id(),
            String.join(", ", first.what()));
  }

  /**
   * An id of which the two say different things.
   *
   * @param what {@link #NOT_IN_RAW}, {@link #NOT_IN_OFFICIAL}, or the keys of the raw line
   */
  public record Difference(long id, List<String> what) {
    public Difference {
      what = List.copyOf(what);
    }
  }
}
