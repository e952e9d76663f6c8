package io.tapelake.collector.capture;

import io.tapelake.collector.cover.Coverage.Verdict;
import io.tapelake.collector.decode.TradeRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Trades of one instrument that were set aside because their ids contradict what is known, until
 * REST, or the exchange's own persistence, settles what is true. Not thread-safe.
 */
final class Doubts {

  /** More than these are named in the quarantine only; what of them is true comes from REST. */
  private static final int MOST = 2_000;

  /** So many trades with ids without a gap, over so long a time, are no mistake. */
  private static final int CONVINCING = 100;

  private static final Duration CONVINCING_TIME = Duration.ofMinutes(1);

  private final Set<TradeRow> rows = new LinkedHashSet<>();
  private final Set<TradeRow> named = new HashSet<>();
  private Instant since;
  private Instant newest = Instant.MIN;
  private boolean contradict;

  /** Whether a trade is named here for the first time. */
  boolean isNews(TradeRow row) {
    return named.size() >= 4 * MOST || named.add(row);
  }

  /** Takes a trade until it is settled whether it is true. */
  void add(TradeRow row, Verdict verdict, Instant now) {
    since = since == null ? now : since;
    contradict |= verdict == Verdict.CONTRADICTS;
    newest = row.time().isAfter(newest) ? row.time() : newest;
    if (rows.size() < MOST) {
      rows.add(row);
    }
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** How many are at hand. */
  int size() {
    return rows.size();
  }

  /** Whether some of them say that ids started over. */
  boolean sayStartOver() {
    return contradict;
  }

  /** When the newest of them happened. */
  Instant newest() {
    return newest;
  }

  /** Since when there are any. */
  Instant since() {
    return since;
  }

  /** Whether the exchange itself goes on and on as these do. */
  boolean areConvincing(Instant now) {
    if (rows.size() < CONVINCING || now.isBefore(since.plus(CONVINCING_TIME))) {
      return false;
    }
    List<TradeRow> last = rows().subList(rows.size() - CONVINCING, rows.size());
    long ids = last.stream().mapToLong(TradeRow::count).sum();
    return last.get(CONVINCING - 1).id() - last.get(0).firstId() + 1 == ids;
  }

  /** Those that are at hand, by id; there are none then, until some turn out to be doubtful yet. */
  List<TradeRow> take() {
    List<TradeRow> taken = new ArrayList<>(rows);
    taken.sort(Comparator.comparingLong(TradeRow::id));
    rows.clear();
    newest = Instant.MIN;
    contradict = false;
    return taken;
  }

  /** Forgets that there were any. */
  void clear() {
    take();
    since = null;
  }

  /** Those that are at hand, in the order in which they came. */
  List<TradeRow> rows() {
    return List.copyOf(rows);
  }
}
