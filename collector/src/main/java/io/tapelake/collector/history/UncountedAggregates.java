package io.tapelake.collector.history;

import io.tapelake.vault.Contract;
import io.tapelake.vault.NumberText;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds out which lines of a raw file are aggregates that nobody counted: another program recorded
 * the channel {@code trades}, whose messages stand for several ids but name only the last one. The
 * ids below such a line look missing; a single trade of one of them must not be added, or it would
 * be counted twice.
 *
 * <p>The exchange's single trade of the line's own id tells: when the line's quantity is larger,
 * the trades just below, of the same side and price, make up the difference. Until that trade comes
 * by, those that may be part of a line wait. Not thread-safe.
 */
final class UncountedAggregates {

  /** No taker order fills more resting orders at one price than this. */
  private static final int MOST_PARTS = 10_000;

  /** Parts of one aggregate happen at the same time, or nearly so. */
  private static final long MOST_MILLIS_APART = 1_000;

  private final Map<Long, Head> heads = new HashMap<>();
  private final Map<Long, TreeMap<Long, Waiting>> waiting = new TreeMap<>();
  private final Map<Long, BigDecimal> singles = new HashMap<>();
  private String conflict;

  /** A line of the file below whose id something is missing. */
  private record Head(long millis, TakerSide side, BigDecimal price, BigDecimal size) {}

  /** A single trade that may be part of an aggregate. */
  record Waiting(
      long id, long millis, TakerSide side, BigDecimal price, BigDecimal size, Contract terms) {}

  /**
   * What comparing showed.
   *
   * @param id the line's
   * @param coveredFrom the lowest id that the line stands for
   * @param covered how many of the waiting trades are part of it
   * @param free those that are not, ascending
   */
  record Verdict(long id, long coveredFrom, int covered, List<Waiting> free) {}

  /** Takes note of a line of the file. */
  void held(ParsedTrade trade, int count) {
    if (count == 1) {
      heads.put(
          trade.id(), new Head(trade.millis(), trade.side(), trade.price(), trade.contracts()));
    }
  }

  /** Whether the line with that id may be an aggregate nobody counted. */
  boolean isHead(long id) {
    return heads.containsKey(id);
  }

  /** Whether a trade may be part of the line with the id {@code head}. */
  boolean mayBePartOf(long head, long id, long millis, TakerSide side) {
    Head line = head - id < MOST_PARTS ? heads.get(head) : null;
    return line != null
        && line.side() == side
        && Math.abs(line.millis() - millis) <= MOST_MILLIS_APART;
  }

  /** Keeps a trade until the trade of the line's own id comes by. */
  void wait(
      long head,
      long id,
      long millis,
      TakerSide side,
      NumberText price,
      NumberText size,
      Contract terms) {
    waiting
        .computeIfAbsent(head, each -> new TreeMap<>())
        .put(id, new Waiting(id, millis, side, price.value(), size.value(), terms));
  }

  /**
   * Compares a line with the single trade of its id. Null when there is nothing to conclude yet, or
   * when the two contradict each other.
   */
  Verdict compare(long id, TakerSide side, NumberText price, NumberText size) {
    Head head = heads.get(id);
    if (head.side() != side || head.price().compareTo(price.value()) != 0) {
      return contradiction(id, head, side.text() + " " + describe(size.value(), price.value()));
    }
    singles.put(id, size.value());
    return conclude(id, false);
  }

  private Verdict conclude(long id, boolean last) {
    Head head = heads.get(id);
    TreeMap<Long, Waiting> below = waiting.getOrDefault(id, new TreeMap<>());
    BigDecimal sum = singles.get(id);
    long from = id;
    Waiting part = below.get(from - 1);
    while (part != null
        && sum.compareTo(head.size()) < 0
        && part.price().compareTo(head.price()) == 0) {
      sum = sum.add(part.size());
      from--;
      part = below.get(from - 1);
    }
    int difference = sum.compareTo(head.size());
    if (difference < 0 && !last) {
      // Its other parts may be among the trades that are still to come.
      return null;
    }
    if (difference != 0) {
      return contradiction(
          id, head, head.side().text() + " " + describe(singles.get(id), head.price()));
    }
    forget(id);
    return new Verdict(id, from, (int) (id - from), List.copyOf(below.headMap(from).values()));
  }

  /** What may be in the file already is not added. */
  private Verdict contradiction(long id, Head head, String here) {
    if (conflict == null) {
      conflict =
          "trade %d is %s %s in the raw file, and %s here"
              .formatted(id, head.side().text(), describe(head.size(), head.price()), here);
    }
    forget(id);
    return null;
  }

  private void forget(long id) {
    heads.remove(id);
    waiting.remove(id);
    singles.remove(id);
  }

  private static String describe(BigDecimal size, BigDecimal price) {
    return size.toPlainString() + " at " + price.toPlainString();
  }

  /**
   * Concludes what can be concluded at the end. Where a line's own single trade has not come by,
   * the trades that wait for it and happened at another time are not part of it.
   */
  List<Verdict> rest() {
    List<Verdict> verdicts = new ArrayList<>();
    for (long id : List.copyOf(singles.keySet())) {
      Verdict verdict = conclude(id, true);
      if (verdict != null) {
        verdicts.add(verdict);
      }
    }
    for (Map.Entry<Long, TreeMap<Long, Waiting>> gap : waiting.entrySet()) {
      Head head = heads.get(gap.getKey());
      List<Waiting> free = new ArrayList<>();
      for (Waiting row : gap.getValue().values()) {
        if (head.millis() != row.millis()) {
          free.add(row);
        } else if (conflict == null) {
          conflict =
              "trade %d may be part of trade %d of the raw file, which is not in here"
                  .formatted(row.id(), gap.getKey());
        }
      }
      verdicts.add(new Verdict(gap.getKey(), gap.getKey(), 0, free));
    }
    waiting.clear();
    return verdicts;
  }

  /** What a person has to look at, or null. */
  String conflict() {
    return conflict;
  }
}
