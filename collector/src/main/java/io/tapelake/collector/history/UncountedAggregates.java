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
  private String conflict;

  /** A line of the file below whose id something is missing. */
  private record Head(long millis, TakerSide side, BigDecimal price, BigDecimal size) {}

  /** A single trade that may be part of an aggregate. */
  record Waiting(
      long id, long millis, TakerSide side, BigDecimal price, BigDecimal size, Contract terms) {}

  /**
   * What comparing showed.
   *
   * @param coveredFrom the lowest id that the line stands for
   * @param covered how many of the waiting trades are part of it
   * @param free those that are not, ascending
   */
  record Verdict(long coveredFrom, int covered, List<Waiting> free) {}

  /** Takes note of a line of the file. */
  void held(ParsedTrade trade, int count) {
    if (count == 1) {
      long millis = trade.epochSecond() * 1000 + trade.nano() / 1_000_000;
      heads.put(trade.id(), new Head(millis, trade.side(), trade.price(), trade.contracts()));
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

  /** Compares a line with the single trade of its id. */
  Verdict compare(long id, long millis, TakerSide side, NumberText price, NumberText size) {
    Head head = heads.remove(id);
    TreeMap<Long, Waiting> below = waiting.getOrDefault(id, new TreeMap<>());
    waiting.remove(id);
    BigDecimal sum = size.value();
    boolean same = head.side() == side && head.price().compareTo(price.value()) == 0;
    long from = id;
    int parts = 0;
    Waiting part = same ? below.get(from - 1) : null;
    while (same && part != null && sum.compareTo(head.size()) < 0) {
      if (part.price().compareTo(head.price()) != 0) {
        break;
      }
      sum = sum.add(part.size());
      from--;
      parts++;
      part = below.get(from - 1);
    }
    if (same && sum.compareTo(head.size()) == 0) {
      return new Verdict(from, parts, List.copyOf(below.headMap(from).values()));
    }
    if (conflict == null) {
      conflict =
          "trade %d is %s %s at %s in the raw file, and %s %s at %s here"
              .formatted(
                  id,
                  head.side().text(),
                  head.size().toPlainString(),
                  head.price().toPlainString(),
                  side.text(),
                  size.value().toPlainString(),
                  price.value().toPlainString());
    }
    // What may be in the file already is not added.
    return new Verdict(id, 0, List.of());
  }

  /**
   * The trades that still wait at the end. Their line is not among the trades that came by, so it
   * happened at another time, and they are not part of it.
   */
  List<Waiting> rest() {
    List<Waiting> rest = new ArrayList<>();
    for (Map.Entry<Long, TreeMap<Long, Waiting>> gap : waiting.entrySet()) {
      Head head = heads.get(gap.getKey());
      for (Waiting row : gap.getValue().values()) {
        if (head == null || head.millis() != row.millis()) {
          rest.add(row);
        } else if (conflict == null) {
          conflict =
              "trade %d may be part of trade %d of the raw file, which is not in here"
                  .formatted(row.id(), gap.getKey());
        }
      }
    }
    waiting.clear();
    return rest;
  }

  /** What a person has to look at, or null. */
  String conflict() {
    return conflict;
  }
}
