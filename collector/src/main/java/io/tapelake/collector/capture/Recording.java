package io.tapelake.collector.capture;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.cover.Coverage;
import io.tapelake.collector.cover.FillPolicy;
import io.tapelake.collector.cover.GapEvent;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.cover.Life;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.collector.meta.ObservedTerms;
import io.tapelake.collector.observe.Metrics.InstrumentMetrics;
import io.tapelake.collector.write.InstrumentFiles;
import io.tapelake.collector.write.RawLock;
import io.tapelake.collector.write.SetAside;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.TradeLine;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one instrument's files hold, and what is on its way to them. While they cannot be read or
 * written it keeps what it has room for and tries again, for ever. Not thread-safe.
 */
final class Recording implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Recording.class);

  /** How soon a day that could not be read or written is looked at again. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  /** Each waits a quarter of a second for a lock. */
  private static final int LAST_TRIES = 8;

  private final Path vault;
  private final String instrument;
  private final ObservedTerms terms;
  private final FillPolicy policy;
  private final InstrumentMetrics metrics;
  private final Troubles troubles;
  private final Disk disk;
  private final Room room;
  private final Clock wall;
  private final GapLog gaps;
  private final SetAside aside;
  private final Waiting waiting;

  /** Null while the files cannot be opened, as the coverage is. */
  private InstrumentFiles files;

  private Coverage coverage;
  private IdRange heard;
  private LocalDate lookedAt;
  private Instant lookAgain = Instant.MIN;
  private final Deque<LocalDate> changedDays = new ArrayDeque<>();
  private Instant lookForChanged = Instant.MIN;
  private boolean changed;
  private boolean remembered;
  private Instant newestTime = Instant.EPOCH;
  private long newestId = -1;

  Recording(
      Path vault,
      String instrument,
      ObservedTerms terms,
      FillPolicy policy,
      InstrumentMetrics metrics,
      Troubles troubles,
      Disk disk,
      Room room,
      Clock wall) {
    this.vault = vault;
    this.instrument = instrument;
    this.terms = terms;
    this.policy = policy;
    this.metrics = metrics;
    this.troubles = troubles;
    this.disk = disk;
    this.room = room;
    this.wall = wall;
    this.gaps = new GapLog(vault, instrument, metrics, wall);
    this.aside = new SetAside(vault, instrument);
    this.waiting = new Waiting(terms);
  }

  // --- opening

  /** Opens the files when they are not open and it is time to try. */
  void openIfDue(Instant now) {
    if (files != null) {
      lookAgain(now);
      return;
    }
    if (!disk.mayTry(now)) {
      return;
    }
    try {
      InstrumentFiles opened = InstrumentFiles.open(vault, instrument, wall);
      try {
        coverage = coverageOf(opened);
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
      files = opened;
    } catch (IOException | RuntimeException e) {
      failed("cannot read its files in the vault", e, now);
      return;
    }
    heard = null;
    remembered = false;
    lookedAt = null;
    works();
    coverage.findGaps("before start", now);
    LOG.info(
        "{}: known up to trade {}, {} missing since {}",
        instrument,
        coverage.highest(),
        missingIds(),
        coverage.watchFrom());
  }

  /** Days that were left may be well again. */
  private void lookAgain(Instant now) {
    if (files.left().isEmpty() || now.isBefore(lookAgain)) {
      return;
    }
    List.copyOf(files.left().keySet()).forEach(day -> look(day, now));
    lookAgain = now.plus(LOOK_AGAIN);
  }

  private Coverage coverageOf(InstrumentFiles opened) throws IOException {
    Coverage begun = new Coverage(opened.found(), opened.life(), opened.watchFrom(), policy, gaps);
    for (TradeRow row : opened.newest()) {
      begun.remembered(row);
      waiting.isMade(row);
    }
    gaps.settle(opened.found(), begun::recalled);
    if (heard != null) {
      begun.recalled(heard);
    }
    return begun;
  }

  /** The coverage; null while the files cannot be opened. */
  Coverage coverage() {
    return coverage;
  }

  /** Takes note of a trade that came while the files could not be opened. */
  void heard(TradeRow row) {
    heard =
        heard == null
            ? new IdRange(row.firstId(), row.id())
            : new IdRange(Math.min(heard.from(), row.firstId()), Math.max(heard.to(), row.id()));
  }

  /** Something that nobody thought of: begin anew with what the files hold. */
  void beginAnew(RuntimeException failure, Instant now) {
    LOG.error("{}: begins anew with what its files hold", instrument, failure);
    if (coverage != null
        && coverage.watchFrom() >= 0
        && coverage.highest() >= coverage.watchFrom()) {
      heard = new IdRange(coverage.watchFrom(), coverage.highest());
    }
    failed("begins anew", failure, now);
    try {
      close();
    } catch (IOException e) {
      LOG.warn("{}: its files could not be closed: {}", instrument, e.toString());
    }
    files = null;
    coverage = null;
    waiting.take();
  }

  // --- trades

  boolean hasRoom() {
    boolean isWell = disk.works() && terms.areSure() && !wantsTerms();
    return room.hasRoom(pendingBytes(), isWell);
  }

  /** Whether gaps can be filled: what is fetched can be written, with terms that are known. */
  boolean takesGaps() {
    return coverage != null && disk.works() && hasRoom() && terms.latest() != null;
  }

  /** Makes sure that the trade's day was looked at; false when its file cannot be read. */
  boolean look(TradeRow row, Instant now) {
    LocalDate day = row.day();
    if (day.equals(lookedAt)) {
      return true;
    }
    boolean isLeft = files.left().containsKey(day) && now.isBefore(lookAgain);
    return !isLeft && disk.mayTry(now) && look(day, now);
  }

  private boolean look(LocalDate day, Instant now) {
    try {
      IdRanges found = files.look(day);
      if (found.rangeCount() > 0) {
        coverage.discovered(day, found, now);
      }
      lookedAt = day;
      leftDays();
      return true;
    } catch (IOException e) {
      if (files.leave(day, e)) {
        lookAgain = now.plus(LOOK_AGAIN);
        leftDays();
      } else {
        failed(e, now);
      }
      return false;
    }
  }

  /**
   * What the exchange does not have may have been imported: when it is asked once more, the days
   * that were written to are to be looked at.
   */
  void lookForImported(Instant now) {
    if (!changedDays.isEmpty()
        || now.isBefore(lookForChanged)
        || !coverage.gaps().isGivenUpDue(now)) {
      return;
    }
    lookForChanged = now.plus(LOOK_AGAIN);
    try {
      changedDays.addAll(files.changed());
    } catch (IOException e) {
      failed(e, now);
    }
  }

  /** Looks at one of the days that were written to; whether there was one. */
  boolean lookAtImported(Instant now) {
    if (coverage == null || changedDays.isEmpty() || !disk.mayTry(now)) {
      return false;
    }
    LocalDate day = changedDays.peek();
    try {
      if (files.left().containsKey(day)) {
        changedDays.remove();
      } else if (look(day, now)) {
        files.lookAgain(day);
        changedDays.remove();
      }
    } catch (IOException e) {
      failed(e, now);
    } finally {
      learn(now);
    }
    return true;
  }

  /**
   * Takes a new trade.
   *
   * @param cause what a gap before it is put down to
   */
  void add(TradeRow row, String cause, Instant now) {
    waiting.add(row);
    room.added(Waiting.LINE_BYTES);
    coverage.accepted(row, cause, now);
    changed = true;
    if (!row.time().isBefore(newestTime)) {
      newestTime = row.time();
      newestId = Math.max(newestId, row.id());
    }
  }

  /** Leaves a trade to REST for now. */
  void leave(TradeRow row, Instant now) {
    coverage.notWritten(row, disk.works() ? "no terms" : "write error", now);
  }

  /** Puts a trade into the quarantine; false when there is no room even for that. */
  boolean setAside(TradeRow row, String reason) {
    return aside.add(row, reason, wall.instant());
  }

  /**
   * Begins another life, when all of the old one can be written.
   *
   * @param first the earliest of its trades that is known
   */
  boolean startOver(TradeRow first, Instant now) {
    long from = first.firstId();
    LocalDate since = coverage.nextSince(first);
    try {
      files.look(since);
      flush(now);
      if (pendingBytes() > 0) {
        // First what belongs to the old life has to be in its files.
        return false;
      }
      Life next = files.startOver(since, coverage.watchFrom(), coverage.highest());
      LOG.warn(
          "{}: the exchange's trade ids started over with {} on {}; until then they were up to {}",
          instrument,
          from,
          first.day(),
          coverage.highest());
      coverage.startOver(from, next, now);
      gaps.record(GapEvent.Kind.STARTED_OVER, List.of(new IdRange(from, from)), "ids started over");
      newestId = -1;
      changed = true;
      remembered = false;
      return true;
    } catch (IOException e) {
      failed(e, now);
      return false;
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
      works();
    } catch (IOException e) {
      failed(e, now);
    } finally {
      learn(now);
    }
    writeAside();
  }

  /** A quarantine that cannot be written keeps no trade from its file. */
  private void writeAside() {
    try {
      aside.flush();
      troubles.well(Trouble.QUARANTINE);
    } catch (IOException e) {
      metrics.writeErrors.inc();
      troubles.trouble(
          Trouble.QUARANTINE,
          "trades that were set aside cannot be written to quarantine/collector: "
              + VaultFiles.reason(e));
    }
  }

  /** Import and fetch may write trades of this instrument, too. */
  private void learn(Instant now) {
    InstrumentFiles.Written written = files.written();
    metrics.trades.inc(written.lines());
    metrics.writtenBytes.inc(written.bytes());
    written.discovered().forEach((day, ids) -> coverage.discovered(day, ids, now));
    written.lost().forEach(ids -> coverage.lost(ids, "not in the file", now));
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
    metrics.writeErrors.inc();
    troubles.trouble(
        Trouble.FILES, disk.trouble() + "; its trades are kept in memory or left to REST");
  }

  private void works() {
    disk.succeeded();
    leftDays();
  }

  private void leftDays() {
    if (files.left().isEmpty()) {
      troubles.well(Trouble.FILES);
    } else {
      lookedAt = null;
      troubles.trouble(
          Trouble.FILES,
          "days cannot be read or written: %s; their trades are left to REST"
              .formatted(String.join("; ", files.left().values())));
    }
  }

  /** Bytes that are not written yet. */
  long pendingBytes() {
    return waiting.bytes() + (files == null ? 0 : files.pendingBytes());
  }

  /** Whether trades wait for terms that are in doubt. */
  boolean wantsTerms() {
    return waiting.wantsTerms();
  }

  /** When the newest trade happened that has got its terms. */
  Instant newestMade() {
    return waiting.newestMade();
  }

  // --- remembering

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
    node.put("state", troubles.texts().isEmpty() ? "on" : "trouble");
    ArrayNode list = node.putArray("troubles");
    troubles.texts().forEach(list::add);
    node.put("last_timestamp_utc", newestId < 0 ? null : TradeLine.formatTime(newestTime));
    node.put("last_trade_id", newestId < 0 ? null : Long.toString(newestId));
    node.put("highest_known_id", Long.toString(coverage.highest()));
    put(node.putArray("missing"), coverage.gaps().open());
    put(node.putArray("given_up"), coverage.gaps().givenUp());
  }

  private static void put(ArrayNode array, List<IdRange> ranges) {
    for (IdRange range : ranges.subList(0, Math.min(ranges.size(), 1000))) {
      array.addArray().add(Long.toString(range.from())).add(Long.toString(range.to()));
    }
  }

  // --- what it shows, and its end

  long missingIds() {
    return coverage == null ? 0 : coverage.gaps().open().stream().mapToLong(IdRange::size).sum();
  }

  int pendingGaps() {
    return coverage == null ? 0 : coverage.gaps().pending();
  }

  /** Brings the figures up to date. */
  void report() {
    metrics.pending.set(pendingBytes());
    if (coverage != null) {
      coverage.gaps().sweep();
      metrics.gapsOpen.set(coverage.gaps().pending());
      metrics.missing.set(missingIds());
      metrics.givenUp.set(coverage.gaps().givenUp().stream().mapToLong(IdRange::size).sum());
    }
  }

  /** Writes and remembers everything; what is missing is recorded as open. */
  void finish(Instant now) throws IOException {
    if (files == null) {
      return;
    }
    if (!remembered && pendingBytes() > 0) {
      rememberHint();
    }
    try {
      waiting.makeLines(files);
      flushAtLast();
    } finally {
      learn(now);
    }
    writeAside();
    files.sync();
    for (TradeRow row : waiting.take()) {
      coverage.lost(new IdRange(row.firstId(), row.id()), "terms not sure", now);
    }
    coverage.gaps().sweep();
    coverage.gaps().settle();
    IdRanges open = new IdRanges();
    coverage.gaps().open().forEach(ids -> open.add(ids.from(), ids.to()));
    // What the exchange does not have stays so.
    coverage.gaps().givenUp().forEach(ids -> open.remove(ids.from(), ids.to()));
    if (open.rangeCount() > 0) {
      gaps.record(GapEvent.Kind.OPEN, open.ranges(), "stopped");
    }
    if (coverage.watchFrom() >= 0) {
      rememberHint();
    }
    if (aside.isPending()) {
      throw new IOException("trades that were set aside are not written");
    }
  }

  /** Nobody waits behind it any more: whoever holds the instrument's lock has some seconds. */
  private void flushAtLast() throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        files.flushAll();
        return;
      } catch (RawLock.HeldException e) {
        if (tries == LAST_TRIES) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (files != null) {
      files.close();
    }
  }
}
