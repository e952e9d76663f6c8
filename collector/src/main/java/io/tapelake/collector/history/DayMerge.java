package io.tapelake.collector.history;

import io.tapelake.collector.certify.SourceJournal;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.write.DayAppender;
import io.tapelake.collector.write.RawLock;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.Contract;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.NumberText;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.TradeLineWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;

/**
 * Adds trades from elsewhere to one day's raw file: those that it does not hold yet. What it holds
 * is decided by id. A line that stands for several ids covers all of them, also when only comparing
 * it with the exchange's single trades shows that it does ({@link UncountedAggregates}). Not
 * thread-safe.
 */
final class DayMerge implements Closeable {

  /** Lines are written when this much is pending. */
  private static final int FLUSH_BYTES = 4 << 20;

  /** The disk is told to take in what was written when it is this much. */
  private static final int SYNC_BYTES = 32 << 20;

  private final Path vault;
  private final DayFile day;
  private final DayAppender file;
  private final TradeLineWriter writer;
  private final UncountedAggregates uncounted = new UncountedAggregates();
  private final IdRanges taken = new IdRanges();
  private final byte[] line = new byte[TradeLineWriter.longest()];

  /** Ids from {@code freeFrom} to before {@code freeTo} are known to be free. */
  private long freeFrom;

  private long freeTo;
  private long runFrom = -1;
  private long runTo = -1;

  private long added;
  private long held;
  private long partlyHeld;
  private long unsyncedBytes;

  DayMerge(Path vault, DayFile day, Clock wall) throws IOException {
    this.vault = vault;
    this.day = day;
    writer = new TradeLineWriter(day.instrument());
    try {
      file = DayAppender.open(vault, day, wall, uncounted::held);
    } catch (IOException e) {
      throw VaultFiles.unreadable(day, e);
    }
  }

  /**
   * Takes a trade of this day.
   *
   * @param count how many ids it stands for: {@code id - count + 1} to {@code id}
   */
  void add(
      long id,
      int count,
      long millis,
      TakerSide side,
      NumberText price,
      NumberText size,
      Contract terms)
      throws IOException {
    long first = id - count + 1;
    if (!isFree(first, id)) {
      notFree(first, id, side, price, size);
      return;
    }
    if (count == 1 && freeTo != Long.MAX_VALUE && uncounted.mayBePartOf(freeTo, id, millis, side)) {
      uncounted.wait(freeTo, id, millis, side, price, size, terms);
      return;
    }
    write(first, id, millis, side, price, size, terms);
  }

  private void write(
      long first,
      long id,
      long millis,
      TakerSide side,
      NumberText price,
      NumberText size,
      Contract terms)
      throws IOException {
    int end = writer.write(line, 0, millis, id, side, price, size, terms);
    file.add(line, end, first, id);
    added++;
    take(first, id);
    if (file.pendingBytes() >= FLUSH_BYTES) {
      flush();
    }
  }

  private boolean isFree(long first, long id) {
    if (first >= freeFrom && id < freeTo) {
      return true;
    }
    endRun();
    IdRanges written = file.written();
    if (written.containsAny(first, id) || taken.containsAny(first, id)) {
      return false;
    }
    freeFrom = first;
    freeTo = Math.min(written.nextFrom(first), taken.nextFrom(first));
    return true;
  }

  private void take(long first, long id) {
    freeFrom = id + 1;
    if (runTo >= 0 && first == runTo + 1) {
      runTo = id;
      return;
    }
    endRun();
    runFrom = first;
    runTo = id;
  }

  private void endRun() {
    if (runTo >= 0) {
      taken.add(runFrom, runTo);
      runTo = -1;
    }
  }

  private void notFree(long first, long id, TakerSide side, NumberText price, NumberText size)
      throws IOException {
    boolean whole = file.written().containsAll(first, id) || taken.containsAll(first, id);
    held += whole ? 1 : 0;
    partlyHeld += whole ? 0 : 1;
    if (first == id && uncounted.isHead(id)) {
      settle(uncounted.compare(id, side, price, size));
    }
  }

  private void settle(UncountedAggregates.Verdict verdict) throws IOException {
    if (verdict != null) {
      if (verdict.coveredFrom() < verdict.id()) {
        file.count(verdict.coveredFrom(), verdict.id());
      }
      held += verdict.covered();
      writeWaiting(verdict.free());
      forgetFree();
    }
  }

  private void writeWaiting(Iterable<UncountedAggregates.Waiting> rows) throws IOException {
    NumberText price = new NumberText();
    NumberText size = new NumberText();
    for (UncountedAggregates.Waiting row : rows) {
      if (file.written().containsAny(row.id(), row.id()) || taken.containsAny(row.id(), row.id())) {
        held++;
        continue;
      }
      price.set(row.price());
      size.set(row.size());
      write(row.id(), row.id(), row.millis(), row.side(), price, size, row.terms());
      endRun();
    }
  }

  private void forgetFree() {
    freeFrom = 0;
    freeTo = 0;
  }

  int pendingBytes() {
    return file.pendingBytes();
  }

  /** Writes what is pending. */
  void flush() throws IOException {
    unsyncedBytes += file.pendingBytes();
    file.flushAll();
    forgetFree();
    if (unsyncedBytes >= SYNC_BYTES) {
      unsyncedBytes = 0;
      file.beginSync();
    }
  }

  /**
   * Writes the rest and forces it to the disk.
   *
   * @param source and {@code from} say where the trades came from, for the journal
   */
  void finish(String source, String from, Instant now) throws IOException {
    for (UncountedAggregates.Verdict verdict : uncounted.rest()) {
      settle(verdict);
    }
    flush();
    file.sync();
    if (added > 0) {
      try (RawLock lock = RawLock.take(vault, day.instrument())) {
        endRun();
        SourceJournal.record(vault, day, source, from, added, taken.ranges(), now);
      }
    }
  }

  DayFile day() {
    return day;
  }

  /** The ids that the file holds. */
  IdRanges heldIds() {
    return file.written();
  }

  /** Trades that were new. */
  long added() {
    return added;
  }

  /** Trades that the file holds already, and repeated ones. */
  long held() {
    return held;
  }

  /** Aggregates of which the file holds some trades already: the others are missing. */
  long partlyHeld() {
    return partlyHeld;
  }

  /** What a person has to look at, or null. */
  String conflict() {
    return uncounted.conflict();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
