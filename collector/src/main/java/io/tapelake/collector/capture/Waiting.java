package io.tapelake.collector.capture;

import io.tapelake.collector.decode.TradeRow;
import io.tapelake.collector.meta.ObservedTerms;
import io.tapelake.collector.write.InstrumentFiles;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Trades of one instrument that count as covered and whose lines are not made yet: which terms they
 * have may be unsure. Not thread-safe.
 */
final class Waiting {

  /** About the length of a line: near enough for a bound on memory. */
  static final int LINE_BYTES = 300;

  private final ObservedTerms terms;
  private final List<TradeRow> rows = new ArrayList<>();
  private Instant newestMade = Instant.EPOCH;

  Waiting(ObservedTerms terms) {
    this.terms = terms;
  }

  void add(TradeRow row) {
    rows.add(row);
  }

  /** Makes the lines of what waits, as far as it is known which terms they have. */
  void makeLines(InstrumentFiles files) throws IOException {
    int made = 0;
    try {
      for (TradeRow row : rows) {
        if (!terms.areSure(row.time())) {
          return;
        }
        files.add(
            new Trade(
                row.time(),
                row.instrument(),
                row.id(),
                row.side(),
                row.price(),
                row.contracts(),
                terms.at(row.time())),
            row.count());
        isMade(row);
        made++;
      }
    } finally {
      rows.subList(0, made).clear();
    }
  }

  /** Takes note of a trade that has got its line. */
  void isMade(TradeRow row) {
    newestMade = row.time().isAfter(newestMade) ? row.time() : newestMade;
  }

  /** When the newest trade happened that has got its terms. */
  Instant newestMade() {
    return newestMade;
  }

  /** Whether trades wait for terms that are in doubt. */
  boolean wantsTerms() {
    return !rows.isEmpty() && terms.areInDoubt(rows.get(0).time());
  }

  long bytes() {
    return (long) LINE_BYTES * rows.size();
  }

  /** Those that wait; none do then. */
  List<TradeRow> take() {
    List<TradeRow> taken = List.copyOf(rows);
    rows.clear();
    return taken;
  }
}
