package io.tapelake.collector.certify;

import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.write.CountTable;
import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.RawLines;
import io.tapelake.vault.Contract;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.FirstBytes;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.RefusalReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads a day's raw file for what it says by itself. Serves one day once. */
final class DayScan implements RawLines.Taker {

  private final Path vault;
  private final DayFile day;
  private final CountTable counts;
  private final Consumer<ParsedTrade> counting;
  private final IdRanges ids = new IdRanges();
  private final IdRanges repeated = new IdRanges();
  private final Map<Contract, Spread> spreads = new HashMap<>();
  private Contract lastContract;
  private Spread lastSpread;
  private long trades;
  private long repeatedLines;
  private long refusedLines;
  private long runFrom = -1;
  private long runTo = -1;
  private long freeTo;
  private final Rise rise = new Rise();
  private Map<Long, String> beginnings = Map.of();

  /** Whether the lowest id is the earliest trade's, and the highest id the latest one's. */
  private static final class Rise {

    /** Trades of the same instant may change places. */
    private static final long SLACK_SECONDS = 60;

    private long lowestId = Long.MAX_VALUE;
    private long highestId = -1;
    private long ofLowest;
    private long ofHighest;
    private long earliest = Long.MAX_VALUE;
    private long latest = Long.MIN_VALUE;

    void add(long id, long second) {
      if (id < lowestId) {
        lowestId = id;
        ofLowest = second;
      }
      if (id > highestId) {
        highestId = id;
        ofHighest = second;
      }
      earliest = Math.min(earliest, second);
      latest = Math.max(latest, second);
    }

    boolean isBroken() {
      return highestId >= 0
          && (ofLowest - earliest > SLACK_SECONDS || latest - ofHighest > SLACK_SECONDS);
    }
  }

  /** How far the trades of the same terms spread. */
  private static final class Spread {
    long firstId = Long.MAX_VALUE;
    long lastId = -1;
    long fromSecond = Long.MAX_VALUE;
    int fromNano;
    long toSecond = Long.MIN_VALUE;
    int toNano;

    void add(ParsedTrade trade) {
      firstId = Math.min(firstId, trade.id());
      lastId = Math.max(lastId, trade.id());
      long second = trade.epochSecond();
      int nano = trade.nano();
      if (second < fromSecond || (second == fromSecond && nano < fromNano)) {
        fromSecond = second;
        fromNano = nano;
      }
      if (second > toSecond || (second == toSecond && nano > toNano)) {
        toSecond = second;
        toNano = nano;
      }
    }

    TermsSpan span(Contract contract) {
      return new TermsSpan(
          contract,
          firstId,
          lastId,
          Instant.ofEpochSecond(fromSecond, fromNano),
          Instant.ofEpochSecond(toSecond, toNano));
    }
  }

  /**
   * @param counting told of each trade that counts; it is only good until that returns
   */
  DayScan(Path vault, DayFile day, Consumer<ParsedTrade> counting) throws IOException {
    this.vault = vault;
    this.day = day;
    this.counting = counting;
    this.counts = CountTable.read(vault, day);
  }

  /**
   * Reads the file as it is now.
   *
   * @param wanted lengths of beginnings whose hashes are asked for, see {@link #beginnings}
   */
  DayFacts read(Set<Long> wanted) throws IOException {
    try (LineHash lines = new LineHash(new RawDay(vault, day), wanted)) {
      new RawLines(day, this).read(lines);
      endRun();
      beginnings = lines.beginnings();
      List<IdRange> missing =
          ids.rangeCount() == 0 ? List.of() : ids.missing(ids.lowest(), ids.highest());
      List<TermsSpan> terms = new ArrayList<>();
      spreads.forEach((contract, spread) -> terms.add(spread.span(contract)));
      terms.sort(Comparator.comparingLong(TermsSpan::firstId));
      return new DayFacts(
          lines.lineBytes(),
          lines.hash(),
          trades,
          ids.size(),
          ids.lowest(),
          ids.highest(),
          missing,
          missing.stream().mapToLong(IdRange::size).sum(),
          missing.size(),
          repeatedLines,
          repeatedLines == 0 ? 0 : conflicts(lines.lineBytes()),
          refusedLines,
          rise.isBroken(),
          terms);
    }
  }

  /** Hashes of beginnings that were asked for, by length; empty for those that are not there. */
  Map<Long, String> beginnings() {
    return beginnings;
  }

  @Override
  public void trade(ParsedTrade trade) {
    long id = trade.id();
    long first = counts.first(id);
    if (first == runTo + 1 && runTo >= 0 && id < freeTo) {
      runTo = id;
    } else {
      endRun();
      if (ids.containsAny(first, id)) {
        repeatedLines++;
        repeated.add(id, id);
        return;
      }
      runFrom = first;
      runTo = id;
      freeTo = ids.nextFrom(first);
    }
    trades++;
    if (trade.contract() != lastContract) {
      lastContract = trade.contract();
      lastSpread = spreads.computeIfAbsent(lastContract, each -> new Spread());
    }
    lastSpread.add(trade);
    rise.add(id, trade.epochSecond());
    counting.accept(trade);
  }

  @Override
  public void refused(RefusalReason reason) {
    refusedLines++;
  }

  private void endRun() {
    if (runTo >= 0) {
      ids.add(runFrom, runTo);
      runTo = -1;
    }
  }

  private long conflicts(long lineBytes) throws IOException {
    long conflicts = 0;
    for (RepeatedLines some = RepeatedLines.after(-1, repeated);
        some != null;
        some = RepeatedLines.after(some.lastId(), repeated)) {
      try (InputStream in = new FirstBytes(new RawDay(vault, day).open(0), lineBytes)) {
        new RawLines(day, some).read(in);
      }
      conflicts += some.conflicts();
    }
    return conflicts;
  }
}
