package io.tapelake.collector.certify;

import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.RawLines;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.NumberText;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TakerSide;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an official file holds of one instrument's UTC day, to be compared with the raw file. */
public final class OfficialPart {

  /** So many blocks of ids are looked at trade by trade at a time. */
  private static final int BLOCKS_AT_A_TIME = 128;

  private final String file;
  private final Rows again;
  private final DayFile day;
  private final long fromMillis;
  private final long toMillis;
  private final boolean holdsAll;
  private final BlockSums official = new BlockSums();
  private final BlockSums raw = new BlockSums();
  private long rows;

  /** Takes trades of an official file. */
  @FunctionalInterface
  public interface Taker {

    /** Takes a trade; the numbers are only good until this returns. */
    void trade(long id, long millis, TakerSide side, NumberText price, NumberText size);
  }

  /** Reads the official file's trades of the instrument once more. */
  @FunctionalInterface
  public interface Rows {

    void read(Taker taker) throws IOException;
  }

  /** What a file says of a trade. */
  private record Said(long millis, TakerSide side, BigDecimal price, BigDecimal size) {}

  /**
   * @param file the official file's name
   * @param again reads it once more, where it differs from the raw file
   * @param fromMillis event time from which the file holds all trades of the day
   * @param toMillis event time before which it does
   * @param holdsAll false when nobody can tell whether it does: what only the raw file has says
   *     nothing then
   */
  public OfficialPart(
      String file, Rows again, DayFile day, long fromMillis, long toMillis, boolean holdsAll) {
    this.file = file;
    this.again = again;
    this.day = day;
    this.fromMillis = fromMillis;
    this.toMillis = toMillis;
    this.holdsAll = holdsAll;
  }

  /** Whether all trades of its times are known to be in it. */
  boolean holdsAll() {
    return holdsAll;
  }

  /** Takes a trade of the official file. */
  public void add(long id, long millis, TakerSide side, NumberText price, NumberText size) {
    if (!holds(millis)) {
      return;
    }
    rows++;
    official.add(id, TradeHash.of(id, millis, side, price.identity(), size.identity()));
  }

  /** Takes a trade of the raw file. */
  void addRaw(ParsedTrade trade) {
    if (holds(trade.millis())) {
      raw.add(trade.id(), TradeHash.withoutTerms(trade));
    }
  }

  private boolean holds(long millis) {
    return millis >= fromMillis && millis < toMillis;
  }

  /**
   * Compares, once all trades of both were taken.
   *
   * @param facts of the raw file
   * @param previousId the id of the official file's last trade before the day; -1 without any
   * @param nextId the id of its first trade after the day; -1 without any
   */
  OfficialComparison compare(Path vault, DayFacts facts, long previousId, long nextId)
      throws IOException {
    List<OfficialComparison.Difference> differences = new ArrayList<>();
    long onlyInRaw = 0;
    long onlyInOfficial = 0;
    long differing = 0;
    NavigableSet<Long> blocks = official.differing(raw);
    blocks.removeIf(block -> !holdsAll && !official.holds(block));
    while (!blocks.isEmpty()) {
      Set<Long> some = new TreeSet<>();
      while (some.size() < BLOCKS_AT_A_TIME && !blocks.isEmpty()) {
        some.add(blocks.pollFirst());
      }
      TreeMap<Long, Said> other = new TreeMap<>();
      for (OfficialComparison.Difference one :
          compare(inFile(some, other), other, inRaw(vault, some))) {
        onlyInRaw += one.what().contains(OfficialComparison.NOT_IN_OFFICIAL) ? 1 : 0;
        onlyInOfficial += one.what().contains(OfficialComparison.NOT_IN_RAW) ? 1 : 0;
        differing += one.what().get(0).startsWith("not_in") ? 0 : 1;
        if (differences.size() < OfficialComparison.MOST_DIFFERENCES) {
          differences.add(one);
        }
      }
    }
    return new OfficialComparison(
        file,
        Instant.ofEpochMilli(fromMillis),
        Instant.ofEpochMilli(toMillis),
        rows,
        previousId,
        nextId,
        facts.bytes(),
        facts.sha256(),
        onlyInRaw,
        onlyInOfficial,
        differing,
        differences);
  }

  /**
   * Trades of the official file.
   *
   * @param other takes what it says of trades of which it said something else before
   */
  private TreeMap<Long, Said> inFile(Set<Long> blocks, TreeMap<Long, Said> other)
      throws IOException {
    TreeMap<Long, Said> found = new TreeMap<>();
    again.read(
        (id, millis, side, price, size) -> {
          if (blocks.contains(BlockSums.block(id)) && holds(millis)) {
            Said said = new Said(millis, side, price.value(), size.value());
            Said before = found.putIfAbsent(id, said);
            if (before != null && !compare(before, said).isEmpty()) {
              other.put(id, said);
            }
          }
        });
    return found;
  }

  private TreeMap<Long, Said> inRaw(Path vault, Set<Long> blocks) throws IOException {
    TreeMap<Long, Said> found = new TreeMap<>();
    RawLines.Taker taker =
        trade -> {
          if (blocks.contains(BlockSums.block(trade.id())) && holds(trade.millis())) {
            found.putIfAbsent(
                trade.id(),
                new Said(trade.millis(), trade.side(), trade.price(), trade.contracts()));
          }
        };
    try (InputStream in = new RawDay(vault, day).open(0)) {
      new RawLines(day, taker).read(in);
    }
    return found;
  }

  private List<OfficialComparison.Difference> compare(
      TreeMap<Long, Said> official, TreeMap<Long, Said> other, TreeMap<Long, Said> raw) {
    NavigableSet<Long> ids = new TreeSet<>(official.keySet());
    if (holdsAll) {
      ids.addAll(raw.keySet());
    }
    List<OfficialComparison.Difference> differences = new ArrayList<>();
    for (long id : ids) {
      List<String> what = compare(official.get(id), raw.get(id));
      if (what.isEmpty() && other.containsKey(id)) {
        what = compare(other.get(id), raw.get(id));
      }
      if (!what.isEmpty()) {
        differences.add(new OfficialComparison.Difference(id, what));
      }
    }
    return differences;
  }

  private static List<String> compare(Said official, Said raw) {
    if (official == null || raw == null) {
      return List.of(
          official == null ? OfficialComparison.NOT_IN_OFFICIAL : OfficialComparison.NOT_IN_RAW);
    }
    List<String> what = new ArrayList<>();
    if (official.millis() != raw.millis()) {
      what.add("timestamp_utc");
    }
    if (!Objects.equals(official.side(), raw.side())) {
      what.add("side");
    }
    if (official.price().compareTo(raw.price()) != 0) {
      what.add("price");
    }
    if (official.size().compareTo(raw.size()) != 0) {
      what.add("qty_contracts");
    }
    return what;
  }
}
