package io.tapelake.collector.history;

import io.tapelake.collector.official.BadFileException;
import io.tapelake.collector.official.CsvTrades;
import io.tapelake.collector.official.OfficialFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What reading a file from end to end showed, before anything of it is imported: whether it is
 * whole, and whose trades of which time it holds.
 *
 * @param rows how many rows there are
 * @param refused how many of them are no trades, by the column that is wrong
 * @param examples the first of them
 * @param skipped rows of instruments or times that were not asked for, or of no swaps
 * @param spans first and last event time of each instrument
 * @param others instruments that were not asked for, or are no swaps; not all of a venue's
 */
record FileFindings(
    long rows,
    Map<String, Long> refused,
    List<String> examples,
    long skipped,
    Map<String, Span> spans,
    Set<String> others) {

  /**
   * More bad rows than this make a file bad when they are one in a hundred, fewer when most are.
   */
  private static final long TOLERATED = 10;

  private static final int EXAMPLES = 3;
  private static final int OTHERS = 5;

  /** From the earliest to the latest event time. */
  record Span(long fromMillis, long toMillis) {

    Span with(long millis) {
      return millis < fromMillis
          ? new Span(millis, toMillis)
          : millis > toMillis ? new Span(fromMillis, millis) : this;
    }

    Instant from() {
      return Instant.ofEpochMilli(fromMillis);
    }

    Instant to() {
      return Instant.ofEpochMilli(toMillis);
    }
  }

  /**
   * Reads a whole file.
   *
   * @throws BadFileException when it is damaged, no file of trades, or none of swaps
   */
  static FileFindings of(OfficialFile file, ImportRequest request)
      throws IOException, BadFileException {
    long rows = 0;
    long bad = 0;
    long skipped = 0;
    Map<String, Long> refused = new TreeMap<>();
    List<String> examples = new ArrayList<>();
    Map<String, Span> spans = new TreeMap<>();
    Set<String> others = new TreeSet<>();
    String instrument = null;
    boolean wanted = false;
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    try (CsvTrades trades = CsvTrades.open(file, request.instrument())) {
      while (trades.next()) {
        rows++;
        String flaw = trades.flaw();
        if (flaw != null) {
          bad++;
          refused.merge(flaw, 1L, Long::sum);
          if (examples.size() < EXAMPLES) {
            examples.add("line " + trades.lineNumber() + ": '" + trades.text() + "'");
          }
          if (bad > 100 * TOLERATED && bad * 2 > rows) {
            break;
          }
          continue;
        }
        if (trades.instrument() != instrument) {
          note(spans, instrument, from, to);
          instrument = trades.instrument();
          wanted = request.wants(instrument);
          if (!wanted && others.size() < OTHERS) {
            others.add(instrument);
          }
          from = Long.MAX_VALUE;
          to = Long.MIN_VALUE;
        }
        if (wanted && request.wants(trades.millis())) {
          from = Math.min(from, trades.millis());
          to = Math.max(to, trades.millis());
        } else {
          skipped++;
        }
      }
    }
    note(spans, instrument, from, to);
    if (bad * 100 > rows && (bad > TOLERATED || bad * 2 > rows)) {
      throw file.bad(
          "is left alone: %d of the first %d rows are no trades, wrong in %s; %s"
              .formatted(bad, rows, refused, String.join(", ", examples)));
    }
    if (request.only().isEmpty() && spans.isEmpty() && !others.isEmpty()) {
      throw file.bad(
          "holds trades of %s, and none of a swap, whose name ends in -SWAP; download the swap's file"
              .formatted(String.join(", ", others)));
    }
    return new FileFindings(rows, refused, examples, skipped, spans, others);
  }

  private static void note(Map<String, Span> spans, String instrument, long from, long to) {
    if (from <= to) {
      spans.merge(
          instrument,
          new Span(from, to),
          (one, other) -> one.with(other.fromMillis).with(other.toMillis));
    }
  }

  long refusedRows() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }
}
