package io.tapelake.collector.history;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.Locale;
import java.util.Set;

/**
 * What is to be imported of a file. The exchange's names are of capitals; others mean the same.
 *
 * @param instrument whose trades it holds, as a person said; null when the file says it
 * @param only the instruments wanted of a venue's file; empty for all swaps
 * @param fromMillis event time of the first trades wanted
 * @param toMillis event time before which they have to be
 */
public record ImportRequest(String instrument, Set<String> only, long fromMillis, long toMillis) {

  public ImportRequest {
    instrument = instrument == null ? null : instrument.strip().toUpperCase(Locale.ROOT);
    only =
        only.stream()
            .map(name -> name.strip().toUpperCase(Locale.ROOT))
            .collect(toUnmodifiableSet());
  }

  /** All that a file holds. */
  public static ImportRequest all(String instrument, Set<String> only) {
    return new ImportRequest(instrument, only, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  boolean wants(String name) {
    return only.isEmpty() ? name.endsWith("-SWAP") : only.contains(name);
  }

  boolean wants(long millis) {
    return millis >= fromMillis && millis < toMillis;
  }
}
