package io.tapelake.collector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.connect.Silence;
import io.tapelake.collector.cover.Coverage;
import io.tapelake.collector.cover.FillPolicy;
import io.tapelake.collector.cover.GapEvent;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.collector.meta.MetadataFiles;
import io.tapelake.collector.meta.TermsHistory;
import io.tapelake.collector.observe.Metrics.InstrumentMetrics;
import io.tapelake.collector.write.GapJournal;
import io.tapelake.collector.write.InstrumentFiles;
import io.tapelake.vault.Contract;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One instrument's trades on their way from the exchange to the files. Not thread-safe. */
final class Feed implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  /** About the length of a line: near enough for a bound on memory. */
  private static final int LINE_BYTES = 300;

  /** Whether the instrument is captured. */
  enum State {
    /** Captured, or about to be. */
    ON,
    /** The exchange does not take the subscription; asked again now and then. */
    REFUSED,
    /** A guard stopped it. */
    STOPPED
  }

  /** Where a trade came from. */
  enum Source {
    PUSH,
    REST
  }

  final String instrument;
  final Coverage coverage;
  final InstrumentFiles files;
  final MetadataFiles metadata;
  final TermsHistory terms;
  final Silence silence;
  final InstrumentMetrics metrics;
  private final GapJournal journal;
  private final Disk disk;
  private final Clock wall;
  private final Clock steady;

  State state = State.ON;
  String trouble;
  boolean probeWanted;
  boolean probing;
  boolean fetchingMetadata;
  Instant metadataDue = Instant.MIN;
  int metadataFailures;
  private String cause = "start";
  private boolean changed;
  private boolean remembered;
  private long lastPushedId = -1;
  private Instant newestTime = Instant.EPOCH;
  private long newestId = -1;
  private LocalDate lookedAt;
  private long tradesSinceReport;

  Feed(
      Path vault,
      String instrument,
      FillPolicy policy,
      Silence silence,
      InstrumentMetrics metrics,
      Disk disk,
      Clock wall,
      Clock steady)
      throws IOException {
    this.instrument = instrument;
    this.silence = silence;
    this.metrics = metrics;
    this.disk = disk;
    this.wall = wall;
    this.steady = steady;
    this.journal = new GapJournal(vault, instrument);
    this.files = InstrumentFiles.open(vault, instrument, wall);
    this.metadata = new MetadataFiles(vault, instrument);
    this.terms = metadata.load();
    this.coverage = new Coverage(files.covered(), files.watchFrom(), policy, this::gapEvent);
    settleJournal(vault);
    coverage.findGaps("before start", steady.instant());
  }

  /** A crash can come between a trade's writing and the journal's line that says so. */
  private void settleJournal(Path vault) throws IOException {
    IdRanges in = files.covered();
    IdRanges filled = new IdRanges();
    for (IdRange range : GapJournal.missing(vault, instrument)) {
      IdRanges rest = new IdRanges();
      in.missing(range.from(), range.to()).forEach(ids -> rest.add(ids.from(), ids.to()));
      rest.missing(range.from(), range.to()).forEach(ids -> filled.add(ids.from(), ids.to()));
      rest.ranges().forEach(coverage::recalled);
    }
    if (filled.rangeCount() > 0) {
      journal.record(
          new GapEvent(GapEvent.Kind.FILLED, filled.ranges(), "found in the files"),
          wall.instant());
    }
  }

  private void gapEvent(GapEvent event) {
    journal.record(event, wall.instant());
    long ids = event.ids().stream().mapToLong(IdRange::size).sum();
    switch (event.kind()) {
      case FOUND -> {
        metrics.gapsFound().inc();
        LOG.info(
            "{}: {} trades are missing ({}), asking REST: {}",
            instrument,
            ids,
            event.cause(),
            excerpt(event.ids()));
      }
      case FILLED -> {
        metrics.gapsFilled().inc();
        LOG.info("{}: filled {} ({} ids)", instrument, excerpt(event.ids()), ids);
      }
      default ->
          LOG.warn(
              "{}: the exchange does not have {} of the missing trades: {}",
              instrument,
              ids,
              excerpt(event.ids()));
    }
  }

  private static String excerpt(List<IdRange> ids) {
    return ids.size() > 5 ? ids.subList(0, 5) + " and more" : ids.toString();
  }

  /** What the next gap that is noticed will be put down to. */
  void nextGapIsDueTo(String reason) {
    cause = reason;
  }

  /** Takes a trade: writes it when it is new. */
  void take(TradeRow row, Source source) {
    if (state == State.STOPPED) {
      return;
    }
    Instant now = steady.instant();
    if (source == Source.PUSH) {
      pushed(row, now);
    }
    Coverage.Verdict verdict = coverage.judge(row);
    Contract contract = null;
    if (verdict == Coverage.Verdict.NEW) {
      contract = terms.at(row.time());
      if (contract == null || !disk.hasRoom() || !look(row)) {
        coverage.notWritten(row, contract == null ? "no metadata" : "write error", now);
        return;
      }
      verdict = coverage.judge(row);
    }
    switch (verdict) {
      case NEW -> write(row, contract, source, now);
      case DUPLICATE -> metrics.duplicates().inc();
      case PARTLY_IN -> {
        metrics.partlyIn().inc();
        coverage.notWritten(row, "partly in", now);
      }
      default -> {
        metrics.refused().inc();
        probeWanted = true;
      }
    }
  }

  private void pushed(TradeRow row, Instant now) {
    silence.pushed(now);
    if (lastPushedId >= 0 && row.count() > 1 && row.firstId() != lastPushedId + 1) {
      metrics.aggregateBreaks().inc();
    }
    lastPushedId = row.id();
    metrics.lag().set((wall.millis() - row.time().toEpochMilli()) / 1000.0);
  }

  /** Makes sure that the trade's day was looked at; false when its file cannot be read. */
  private boolean look(TradeRow row) {
    LocalDate day = LocalDate.ofInstant(row.time(), ZoneOffset.UTC);
    if (day.equals(lookedAt)) {
      return true;
    }
    if (!disk.mayTry(steady.instant())) {
      return false;
    }
    try {
      if (files.look(day)) {
        coverage.discovered();
      }
      disk.succeeded();
      lookedAt = day;
      return true;
    } catch (IOException e) {
      disk.failed(e, steady.instant());
      return false;
    }
  }

  private void write(TradeRow row, Contract contract, Source source, Instant now) {
    try {
      Trade trade =
          new Trade(
              row.time(), instrument, row.id(), row.side(), row.price(), row.contracts(), contract);
      files.add(trade, row.count());
    } catch (IOException e) {
      disk.failed(e, now);
      coverage.notWritten(row, "write error", now);
      return;
    }
    coverage.accepted(row, cause, now);
    disk.added(LINE_BYTES);
    changed = true;
    tradesSinceReport++;
    metrics.trades().inc();
    if (source == Source.REST) {
      metrics.fetched().inc();
    } else {
      cause = "jump in the ids";
    }
    if (!row.time().isBefore(newestTime)) {
      newestTime = row.time();
      newestId = Math.max(newestId, row.id());
    }
  }

  /** Writes what is pending. The first time, what was there before is remembered first. */
  void flush() throws IOException {
    if (files.pendingBytes() == 0) {
      return;
    }
    if (!remembered) {
      remember();
    }
    learn(files.flush());
  }

  /** Import and fetch may write trades of this instrument, too. */
  private void learn(boolean discovered) {
    if (discovered) {
      coverage.discovered();
    }
    for (IdRange range : files.takeLost()) {
      coverage.lost(range, steady.instant());
    }
  }

  /** Keeps the collector's memory of the instrument, when something changed and all is written. */
  void rememberIfChanged() throws IOException {
    if (changed && files.pendingBytes() == 0) {
      remember();
      changed = false;
    }
  }

  private void remember() throws IOException {
    files.remember(coverage.watchFrom(), this::describe);
    remembered = true;
  }

  private void describe(ObjectNode node) {
    node.put("updated_utc", TradeLine.formatTime(wall.instant()));
    node.put("state", state.name().toLowerCase(java.util.Locale.ROOT));
    node.put("last_timestamp_utc", newestId < 0 ? null : TradeLine.formatTime(newestTime));
    node.put("last_trade_id", newestId < 0 ? null : Long.toString(newestId));
    node.put("highest_known_id", Long.toString(coverage.highest()));
    put(node.putArray("missing"), coverage.missing());
    put(node.putArray("given_up"), coverage.givenUp());
  }

  private static void put(ArrayNode array, List<IdRange> ranges) {
    for (IdRange range : ranges.subList(0, Math.min(ranges.size(), 1000))) {
      array.addArray().add(Long.toString(range.from())).add(Long.toString(range.to()));
    }
  }

  /** Brings the figures up to date; returns how many trades came since the last call. */
  long report() {
    coverage.sweep();
    metrics.gapsOpen().set(coverage.pendingGaps());
    metrics.missing().set(missingIds());
    long trades = tradesSinceReport;
    tradesSinceReport = 0;
    return trades;
  }

  long missingIds() {
    return coverage.missing().stream().mapToLong(IdRange::size).sum();
  }

  Instant newestTime() {
    return newestTime;
  }

  /** Writes and remembers everything; what is missing is recorded as open. */
  void finish() throws IOException {
    learn(files.flushAll());
    files.sync();
    coverage.sweep();
    coverage.settle();
    List<IdRange> missing = coverage.missing();
    if (!missing.isEmpty()) {
      journal.record(new GapEvent(GapEvent.Kind.OPEN, missing, "stopped"), wall.instant());
    }
    if (coverage.watchFrom() >= 0) {
      remember();
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
