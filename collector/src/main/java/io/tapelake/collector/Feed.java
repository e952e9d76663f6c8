package io.tapelake.collector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.connect.Silence;
import io.tapelake.collector.cover.Coverage;
import io.tapelake.collector.cover.Coverage.Verdict;
import io.tapelake.collector.cover.FillPolicy;
import io.tapelake.collector.cover.GapEvent;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.decode.RefusedRow;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.collector.meta.ObservedTerms;
import io.tapelake.collector.observe.Complaints;
import io.tapelake.collector.observe.Metrics.InstrumentMetrics;
import io.tapelake.collector.write.GapJournal;
import io.tapelake.collector.write.InstrumentFiles;
import io.tapelake.collector.write.SetAside;
import io.tapelake.vault.TradeLine;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instrument's trades on their way from the exchange to the files. Whatever goes wrong with it
 * stays here: it keeps what it has, says what is wrong, and tries again. Not thread-safe.
 */
final class Feed implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  /** Ids that an unreadable push names are believed to exist only so far ahead. */
  private static final int NEAR = 1_000;

  private static final Duration BETWEEN_PROBES_OF_DOUBTS = Duration.ofSeconds(2);

  /** Where a trade came from. */
  enum Source {
    PUSH,
    REST
  }

  final String instrument;
  final ObservedTerms terms;
  final Silence silence;
  final InstrumentMetrics metrics;
  private final Path vault;
  private final FillPolicy policy;
  private final GapLog gaps;
  private final SetAside aside;
  private final Disk disk;
  private final Room room;
  private final Clock wall;
  private final Clock steady;
  private final Complaints complaints = new Complaints();
  private final Troubles troubles;
  private final Waiting waiting;
  private final Doubts doubts = new Doubts();

  /** Null while the files cannot be opened. */
  private InstrumentFiles files;

  private Coverage coverage;
  private IdRange heard;
  boolean probeWanted;
  boolean probing;
  private Instant doubtsProbed = Instant.MIN;
  private String cause = "start";
  private boolean changed;
  private boolean remembered;
  private long lastPushedId = -1;
  private int unreadable;
  private boolean pushes;
  private Instant newestTime = Instant.EPOCH;
  private long newestId = -1;
  private LocalDate lookedAt;
  private long tradesSinceReport;

  Feed(
      Path vault,
      String instrument,
      ObservedTerms terms,
      FillPolicy policy,
      Silence silence,
      InstrumentMetrics metrics,
      Disk disk,
      Room room,
      Clock wall,
      Clock steady) {
    this.vault = vault;
    this.instrument = instrument;
    this.terms = terms;
    this.policy = policy;
    this.silence = silence;
    this.metrics = metrics;
    this.disk = disk;
    this.room = room;
    this.wall = wall;
    this.steady = steady;
    this.gaps = new GapLog(instrument, new GapJournal(vault, instrument), metrics, wall);
    this.troubles = new Troubles(instrument, steady);
    this.waiting = new Waiting(terms);
    this.aside = new SetAside(vault, instrument);
  }

  // --- opening

  /** Opens the files when they are not open and it is time to try. */
  void openIfDue(Instant now) {
    if (files != null || !disk.mayTry(now)) {
      return;
    }
    try {
      InstrumentFiles opened = InstrumentFiles.open(vault, instrument, wall);
      try {
        begin(opened, now);
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      failed("cannot read its files in the vault", e, now);
      return;
    }
    works();
    LOG.info(
        "{}: known up to trade {}, {} missing since {}",
        instrument,
        coverage.highest(),
        missingIds(),
        coverage.watchFrom());
  }

  private void begin(InstrumentFiles opened, Instant now) throws IOException {
    Coverage begun = new Coverage(opened.found(), opened.life(), opened.watchFrom(), policy, gaps);
    for (TradeRow row : opened.newest()) {
      begun.remembered(row);
      waiting.isMade(row);
    }
    settleJournal(opened.found(), begun);
    if (heard != null) {
      begun.recalled(heard);
      heard = null;
    }
    coverage = begun;
    files = opened;
    remembered = false;
    lookedAt = null;
    begun.findGaps("before start", now);
  }

  /** A crash can come between a trade's writing and the journal's line that says so. */
  private void settleJournal(IdRanges in, Coverage begun) throws IOException {
    IdRanges filled = new IdRanges();
    for (IdRange range : GapJournal.missingOfThisLife(vault, instrument)) {
      IdRanges rest = new IdRanges();
      in.missing(range.from(), range.to()).forEach(ids -> rest.add(ids.from(), ids.to()));
      rest.missing(range.from(), range.to()).forEach(ids -> filled.add(ids.from(), ids.to()));
      rest.ranges().forEach(begun::recalled);
    }
    if (filled.rangeCount() > 0) {
      gaps.record(GapEvent.Kind.FILLED, filled.ranges(), "found in the files");
    }
  }

  // --- trades

  /** What the next gap that is noticed will be put down to. */
  void nextGapIsDueTo(String reason) {
    cause = reason;
  }

  /** Takes what was pushed: writes the trades that are new. */
  void pushed(List<TradeRow> rows, List<RefusedRow> refused) {
    Instant now = steady.instant();
    silence.pushed(now);
    pushes = true;
    if (!refused.isEmpty()) {
      refused(refused, now);
    }
    if (!rows.isEmpty()) {
      unreadable = 0;
      well(Trouble.PUSHES);
      metrics.lastPush().set(wall.millis() / 1000.0);
    }
    for (TradeRow row : rows) {
      if (lastPushedId >= 0 && row.count() > 1 && row.firstId() != lastPushedId + 1) {
        metrics.aggregateBreaks().inc();
      }
      lastPushedId = row.id();
      metrics.lag().set((wall.millis() - row.time().toEpochMilli()) / 1000.0);
      take(row, Source.PUSH);
    }
  }

  /** What cannot be read may be had from REST; when nothing can be read any more, that is said. */
  private void refused(List<RefusedRow> refused, Instant now) {
    metrics.refused().inc(refused.size());
    unreadable++;
    String first = refused.get(0).toString();
    if (unreadable > 2) {
      trouble(Trouble.PUSHES, unreadable + " pushes in a row hold no trade, the last: " + first);
    } else if (complaints.due("refused", now)) {
      LOG.warn("{}: a pushed row is no trade: {}; asking REST for it", instrument, first);
    }
    if (coverage != null) {
      for (RefusedRow row : refused) {
        if (row.id() >= 0 && row.id() <= coverage.highest() + NEAR) {
          coverage.existsUpTo(row.id(), "unreadable push", now);
        }
      }
    }
    probeWanted = true;
  }

  /** How many pushes in a row held no trade; -1 when nothing was pushed at all. */
  int unreadablePushes() {
    return pushes ? unreadable : -1;
  }

  /** Takes a page of REST; rows from before this collector's time are none of its business. */
  void fetched(List<TradeRow> rows) {
    if (coverage == null) {
      return;
    }
    for (TradeRow row : rows) {
      if (row.id() >= coverage.watchFrom()) {
        take(row, Source.REST);
      }
    }
  }

  private void take(TradeRow row, Source source) {
    Instant now = steady.instant();
    if (coverage == null) {
      heard =
          heard == null
              ? new IdRange(row.firstId(), row.id())
              : new IdRange(Math.min(heard.from(), row.firstId()), Math.max(heard.to(), row.id()));
      return;
    }
    Verdict verdict = coverage.judge(row);
    if (verdict == Verdict.NEW) {
      if (!hasRoom() || !look(row, now)) {
        coverage.notWritten(row, disk.works() ? "no terms" : "write error", now);
        return;
      }
      verdict = coverage.judge(row);
    }
    switch (verdict) {
      case NEW -> keep(row, source, now);
      case DUPLICATE -> metrics.duplicates().inc();
      case PARTLY_IN -> {
        metrics.partlyIn().inc();
        coverage.notWritten(row, "partly in", now);
      }
      default -> setAside(row, verdict, now);
    }
  }

  private boolean hasRoom() {
    return room.hasRoom(pendingBytes(), disk.works() && terms.areSure());
  }

  /** Makes sure that the trade's day was looked at; false when its file cannot be read. */
  private boolean look(TradeRow row, Instant now) {
    LocalDate day = LocalDate.ofInstant(row.time(), ZoneOffset.UTC);
    if (day.equals(lookedAt)) {
      return true;
    }
    if (!disk.mayTry(now)) {
      return false;
    }
    try {
      IdRanges found = files.look(day);
      if (found.rangeCount() > 0) {
        coverage.discovered(day, found);
      }
      lookedAt = day;
      return true;
    } catch (IOException e) {
      failed(e, now);
      return false;
    }
  }

  private void keep(TradeRow row, Source source, Instant now) {
    waiting.add(row);
    room.added(Waiting.LINE_BYTES);
    coverage.accepted(row, cause, now);
    changed = true;
    tradesSinceReport++;
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

  // --- trades whose ids contradict what is known

  private void setAside(TradeRow row, Verdict verdict, Instant now) {
    if (verdict == Verdict.TAKEN) {
      coverage.notWritten(row, "its id is taken", now);
    } else {
      doubts.add(row, verdict, now);
      trouble(
          Trouble.IDS,
          "trade %d of %s at %s cannot be true beside those up to %d (did ids start over?); set aside in %s until REST tells"
              .formatted(
                  row.id(),
                  TradeLine.formatTime(row.time()),
                  row.price().toPlainString(),
                  coverage.highest(),
                  "quarantine/collector"));
    }
    if (!doubts.isNews(row)) {
      return;
    }
    metrics.setAside().inc();
    if (!aside.add(row, "id_" + verdict.name().toLowerCase(Locale.ROOT), wall.instant())
        && complaints.due("aside", now)) {
      LOG.error("{}: trade {} cannot even be set aside: no room", instrument, row.id());
    }
  }

  boolean hasDoubts() {
    return !doubts.isEmpty();
  }

  /** Whether REST's newest trades are wanted now; true once for each time they are. */
  boolean takeProbeWanted(Instant now) {
    boolean doubtful = hasDoubts() && !now.isBefore(doubtsProbed.plus(BETWEEN_PROBES_OF_DOUBTS));
    boolean wanted = probeWanted || doubtful;
    doubtsProbed = doubtful ? now : doubtsProbed;
    probeWanted = false;
    return wanted;
  }

  /**
   * What REST's newest trades say of those that were set aside.
   *
   * @param page by ascending id; not empty
   */
  void settle(List<TradeRow> page, Instant now) {
    TradeRow newest = page.get(0);
    for (TradeRow row : page) {
      newest = row.time().isBefore(newest.time()) ? newest : row;
    }
    if (doubts.sayStartOver() && coverage.showsStartOver(newest)) {
      TradeRow first = page.get(0);
      for (TradeRow row : doubts.rows()) {
        first = row.id() < first.id() ? row : first;
      }
      startOver(first, now);
    } else if (newest.id() > coverage.highest()) {
      coverage.existsUpTo(newest.id(), "seen at REST", now);
    }
    boolean isRecent =
        !newest.time().isBefore(doubts.newest())
            || !now.isBefore(doubts.since().plus(Duration.ofMinutes(1)));
    doubts.take().forEach(row -> take(row, Source.PUSH));
    if (!doubts.isEmpty() && isRecent) {
      LOG.warn(
          "{}: REST does not know {} of the trades that were set aside; they stay in the quarantine",
          instrument,
          doubts.size());
      doubts.take();
    }
    if (doubts.isEmpty()) {
      doubts.clear();
      well(Trouble.IDS);
    }
  }

  /** Without REST, the exchange's own persistence settles it. */
  void settleByPushes(Instant now) {
    if (coverage != null && !doubts.isEmpty() && doubts.areConvincing(now)) {
      List<TradeRow> rows = doubts.rows();
      settle(rows.subList(rows.size() - 1, rows.size()), now);
    }
  }

  /**
   * Begins another life.
   *
   * @param first the earliest of its trades that is known
   */
  private void startOver(TradeRow first, Instant now) {
    long from = first.firstId();
    LocalDate day = LocalDate.ofInstant(first.time(), ZoneOffset.UTC);
    try {
      files.look(day);
      flush(now);
      if (pendingBytes() > 0) {
        // First what belongs to the old life has to be in its files.
        return;
      }
      IdRanges taken = files.held(day);
      files.startOver(day);
      LOG.warn(
          "{}: the exchange's trade ids started over with {} on {}; until then they were up to {}",
          instrument,
          from,
          day,
          coverage.highest());
      coverage.startOver(from, day, taken);
      gaps.record(GapEvent.Kind.STARTED_OVER, List.of(new IdRange(from, from)), "ids started over");
      newestId = -1;
      lastPushedId = -1;
      changed = true;
      remembered = false;
    } catch (IOException e) {
      failed(e, now);
    }
  }

  // --- writing

  /** Writes what is pending. The first time, what was there before is remembered first. */
  void flush(Instant now) {
    if (files == null || !disk.mayTry(now) || (pendingBytes() == 0 && !aside.isPending())) {
      return;
    }
    try {
      if (!remembered) {
        rememberHint();
      }
      waiting.makeLines(files);
      files.flush();
      aside.flush();
      works();
    } catch (IOException e) {
      failed(e, now);
    } finally {
      learn(now);
    }
  }

  /** Whether trades wait for the terms to be read. */
  boolean wantsTerms() {
    return waiting.wantsTerms();
  }

  /** When the newest trade happened that has got its terms. */
  Instant newestMade() {
    return waiting.newestMade();
  }

  /** Import and fetch may write trades of this instrument, too. */
  private void learn(Instant now) {
    InstrumentFiles.Written written = files.written();
    metrics.trades().inc(written.lines());
    metrics.writtenBytes().inc(written.bytes());
    written.discovered().forEach(coverage::discovered);
    written.lost().forEach(ids -> coverage.lost(ids, "partly in", now));
  }

  /** Begins to force what was written to the disk. */
  void beginSync(Instant now) {
    if (files != null && disk.works()) {
      try {
        files.beginSync();
      } catch (IOException e) {
        failed(e, now);
      }
    }
  }

  /** Forces what was written to the disk. */
  void sync(Instant now) {
    if (files != null && disk.works()) {
      try {
        files.sync();
      } catch (IOException e) {
        failed(e, now);
      }
    }
  }

  private void failed(IOException failure, Instant now) {
    failed("cannot write to the vault", failure, now);
  }

  private void failed(String what, Exception failure, Instant now) {
    disk.failed(what, failure, now);
    metrics.writeErrors().inc();
    trouble(Trouble.FILES, disk.trouble() + "; its trades are kept in memory or left to REST");
  }

  private void works() {
    disk.succeeded();
    well(Trouble.FILES);
  }

  /** Something that nobody thought of: begin anew with what the files hold. */
  void beginAnew(RuntimeException failure, Instant now) {
    LOG.error("{}: begins anew with what its files hold", instrument, failure);
    IdRange known =
        coverage == null || coverage.watchFrom() < 0 || coverage.highest() < coverage.watchFrom()
            ? heard
            : new IdRange(coverage.watchFrom(), coverage.highest());
    failed("begins anew", failure, now);
    try {
      close();
    } catch (IOException e) {
      LOG.warn("{}: its files could not be closed: {}", instrument, e.toString());
    }
    files = null;
    coverage = null;
    waiting.take();
    heard = known;
  }

  /** Keeps the collector's memory of the instrument, when something changed and all is written. */
  void rememberIfChanged(boolean throughPowerCuts, Instant now) {
    if (files == null || !changed || pendingBytes() > 0 || !disk.works()) {
      return;
    }
    try {
      if (!throughPowerCuts) {
        rememberHint();
        changed = false;
      } else if (files.beginRemembering(coverage.watchFrom(), coverage.life(), this::describe)) {
        remembered = true;
        changed = false;
      }
    } catch (IOException e) {
      failed(e, now);
    }
  }

  private void rememberHint() throws IOException {
    files.rememberHint(coverage.watchFrom(), coverage.life(), this::describe);
    remembered = true;
  }

  private void describe(ObjectNode node) {
    node.put("updated_utc", TradeLine.formatTime(wall.instant()));
    node.put("state", troubles().isEmpty() ? "on" : "trouble");
    ArrayNode list = node.putArray("troubles");
    troubles().forEach(list::add);
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

  /** Bytes that are not written yet. */
  long pendingBytes() {
    return waiting.bytes() + (files == null ? 0 : files.pendingBytes());
  }

  // --- troubles

  /** Takes note of a trouble. */
  void trouble(Trouble kind, String text) {
    troubles.trouble(kind, text);
  }

  /** Takes note that a trouble is over. */
  void well(Trouble kind) {
    troubles.well(kind);
  }

  /** What is wrong; empty when nothing is. */
  List<String> troubles() {
    return troubles.texts();
  }

  // --- gaps

  /** Whether gaps can be filled: what is fetched can be written, with terms that are known. */
  boolean takesGaps() {
    return coverage != null && disk.works() && hasRoom() && terms.latest() != null;
  }

  /** The coverage; null while the files cannot be opened. */
  Coverage coverage() {
    return coverage;
  }

  int pendingGaps() {
    return coverage == null ? 0 : coverage.pendingGaps();
  }

  long missingIds() {
    return coverage == null ? 0 : coverage.missing().stream().mapToLong(IdRange::size).sum();
  }

  /** How many trades came since this was asked last. */
  long takeTradesSinceReport() {
    long trades = tradesSinceReport;
    tradesSinceReport = 0;
    return trades;
  }

  /** Brings the figures up to date. */
  void report() {
    metrics.pending().set(pendingBytes());
    if (coverage != null) {
      coverage.sweep();
      metrics.gapsOpen().set(coverage.pendingGaps());
      metrics.missing().set(missingIds());
      metrics.givenUp().set(coverage.givenUp().stream().mapToLong(IdRange::size).sum());
    }
  }

  /** Writes and remembers everything; what is missing is recorded as open. */
  void finish() throws IOException {
    if (files == null) {
      return;
    }
    Instant now = steady.instant();
    if (!remembered && pendingBytes() > 0) {
      rememberHint();
    }
    try {
      waiting.makeLines(files);
      files.flushAll();
      aside.flush();
    } finally {
      learn(now);
    }
    files.sync();
    for (TradeRow row : waiting.take()) {
      coverage.lost(new IdRange(row.firstId(), row.id()), "terms not sure", now);
    }
    coverage.sweep();
    coverage.settle();
    List<IdRange> missing = coverage.missing();
    if (!missing.isEmpty()) {
      gaps.record(GapEvent.Kind.OPEN, missing, "stopped");
    }
    if (coverage.watchFrom() >= 0) {
      rememberHint();
    }
  }

  @Override
  public void close() throws IOException {
    if (files != null) {
      files.close();
    }
  }
}
