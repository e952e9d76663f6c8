package io.tapelake.jobs.read;

import io.tapelake.jobs.plan.Slice;
import io.tapelake.tape.FastLineParser;
import io.tapelake.tape.SeenIds;
import io.tapelake.tape.TradeLines;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.RefusalReason;
import io.tapelake.vault.Trade;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of a slice that repeat a trade id. Each is compared with the first line of its id, for
 * which a piece of the slice is read again. Not thread-safe.
 */
final class DuplicateLines {

  /** Lines are compared in batches of this many. */
  private static final int HELD = 50_000;

  /** So many bytes are sooner read than jumped over. */
  private static final long NOT_WORTH_A_JUMP = 1 << 18;

  private final Slice slice;
  private final RawBytes bytes;
  private final SeenIds seen;
  private final FastLineParser parser;

  private final List<Duplicate> held = new ArrayList<>();
  private final List<RefusedLine> conflicts = new ArrayList<>();
  private final List<Long> strays = new ArrayList<>();

  /** A line that repeats a trade id. */
  private record Duplicate(long offset, boolean isNew, Trade trade, String text) {}

  /**
   * No duplicates yet. The slice's ids are added to {@code seen} before their duplicates come here.
   */
  DuplicateLines(Slice slice, RawBytes bytes, SeenIds seen, FastLineParser parser) {
    this.slice = slice;
    this.bytes = bytes;
    this.seen = seen;
    this.parser = parser;
  }

  /** Takes a line, which is new while its verdict is still open. */
  void add(long offset, boolean isNew, Trade trade, String text) throws IOException {
    if (held.size() >= HELD) {
      compare();
    }
    held.add(new Duplicate(offset, isNew, trade, text));
  }

  /** Compares what has not been compared yet. */
  void compare() throws IOException {
    if (held.isEmpty()) {
      return;
    }
    Map<Long, Trade> firsts = firsts();
    for (Duplicate duplicate : held) {
      Trade first = firsts.get(duplicate.trade().id());
      if (minute(first.time().getEpochSecond())
          != minute(duplicate.trade().time().getEpochSecond())) {
        strays.add(duplicate.offset());
      }
      if (duplicate.isNew() && !ParsedTrade.sameContent(first, duplicate.trade())) {
        conflicts.add(
            new RefusedLine(
                duplicate.offset(), RefusalReason.CONFLICTING_DUPLICATE, duplicate.text()));
      }
    }
    held.clear();
  }

  /** The compared lines that say something else than the first line of their id. */
  List<RefusedLine> conflicts() {
    return conflicts;
  }

  /** Where the compared lines stand whose first line is of another minute. */
  List<Long> strays() {
    return strays;
  }

  private Map<Long, Trade> firsts() throws IOException {
    Map<Long, Trade> firsts = new HashMap<>();
    List<Long> ids = held.stream().map(duplicate -> duplicate.trade().id()).distinct().toList();
    // Each of the two lists is in the order of the first lines: one walk onward finds them.
    try (Search search = new Search()) {
      for (long id : ids.stream().filter(id -> !seen.isStraggler(id)).sorted().toList()) {
        firsts.put(id, search.find(id));
      }
    }
    try (Search search = new Search()) {
      for (long id :
          ids.stream()
              .filter(seen::isStraggler)
              .sorted(Comparator.comparingLong(seen::offsetBefore))
              .toList()) {
        firsts.put(id, search.find(id));
      }
    }
    return firsts;
  }

  private static long minute(long epochSecond) {
    return Math.floorDiv(epochSecond, 60L);
  }

  /** Reads the slice onward from one wanted line to the next. */
  private final class Search implements Closeable {

    private final ParsedTrade candidate = new ParsedTrade();
    private InputStream in;
    private TradeLines lines;

    /**
     * The trade of an id's first line, which lies behind those found before.
     *
     * @throws IOException also when the file no longer holds it
     */
    Trade find(long id) throws IOException {
      goTo(seen.offsetBefore(id));
      while (lines.next(candidate)) {
        if (candidate.id() == id
            && slice.isUndecided(lines.offset(), minute(candidate.epochSecond()))) {
          return candidate.toTrade(slice.instrument());
        }
      }
      throw new IOException(
          "%s was rewritten while it was read (trade %d is gone); run the command again"
              .formatted(slice.path(), id));
    }

    @Override
    public void close() throws IOException {
      if (in != null) {
        in.close();
      }
    }

    private void goTo(long offset) throws IOException {
      if (lines != null && offset - lines.end() < NOT_WORTH_A_JUMP) {
        return;
      }
      close();
      in = bytes.open(offset);
      lines = new TradeLines(in, offset, slice.limit(), parser);
    }
  }
}
