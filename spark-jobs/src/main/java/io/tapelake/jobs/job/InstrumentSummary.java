package io.tapelake.jobs.job;

import java.util.Map;
import java.util.TreeMap;

/** What a run did for one instrument. Filled in while it runs. */
final class InstrumentSummary {

  long bytesRead;
  long trades;
  long duplicates;
  long late;
  long minutesWritten;
  long minutesRevised;
  final Map<String, Long> refused = new TreeMap<>();

  long refusedCount() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }
}
