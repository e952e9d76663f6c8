package io.tapelake.collector.write;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.cover.Life;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.Trade;
import io.tapelake.vault.VaultLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The day files of one instrument, and what is remembered of them. Yesterday's file stays open for
 * stragglers; a day that was not looked at yet is read before its first trade. Not thread-safe.
 */
public final class InstrumentFiles implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(InstrumentFiles.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Days kept open at a time; the one used least recently goes. */
  private static final int OPEN_DAYS = 4;

  private static final IdRanges NOTHING = new IdRanges();

  private final Path vault;
  private final String instrument;
  private final Clock wall;
  private final Map<LocalDate, DayAppender> open = new LinkedHashMap<>(16, 0.75f, true);
  private final IdRanges older = new IdRanges();
  private final IdRanges found = new IdRanges();
  private final Forcing remembering = new Forcing();
  private InstrumentMemory memory = InstrumentMemory.NONE;

  private InstrumentFiles(Path vault, String instrument, Clock wall) {
    this.vault = vault;
    this.instrument = instrument;
    this.wall = wall;
  }

  /** Looks at the files, as far as the memory does not spare it; repairs torn tails. */
  public static InstrumentFiles open(Path vault, String instrument, Clock wall) throws IOException {
    InstrumentFiles files = new InstrumentFiles(vault, instrument, wall);
    try {
      files.load();
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
    return files;
  }

  private void load() throws IOException {
    memory = remembered();
    older.addAll(memory.older());
    Map<LocalDate, DayMemory> known = new LinkedHashMap<>();
    memory.days().forEach(day -> known.put(day.day(), day));
    NavigableSet<LocalDate> days = RawFolder.days(vault, instrument);
    repairTails(days);
    LocalDate oldest = oldestToRead(known, days);
    TreeSet<LocalDate> relevant = new TreeSet<>(known.keySet());
    if (oldest != null) {
      relevant.addAll(days.tailSet(oldest, true));
    }
    relevant.removeIf(day -> day.isBefore(memory.life().since()));
    for (LocalDate day : relevant) {
      DayAppender appender =
          DayAppender.open(vault, new DayFile(instrument, day), known.get(day), wall);
      open.put(day, appender);
      found.addAll(appender.written());
      evict(day);
    }
    found.addAll(older);
  }

  /** Without memory, the two newest days; with it, every day from the oldest remembered one on. */
  private static LocalDate oldestToRead(
      Map<LocalDate, DayMemory> known, NavigableSet<LocalDate> days) {
    if (!known.isEmpty()) {
      return new TreeSet<>(known.keySet()).last();
    }
    return days.isEmpty()
        ? null
        : days.lower(days.last()) == null ? days.last() : days.lower(days.last());
  }

  private InstrumentMemory remembered() throws IOException {
    Path file = state();
    if (!Files.exists(file)) {
      return InstrumentMemory.NONE;
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      return InstrumentMemory.read(JSON.readTree(bytes));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn(
          "{} cannot be read and is made anew from the raw files: {}", file, VaultFiles.reason(e));
      return InstrumentMemory.NONE;
    }
  }

  /** A crash can have torn any file: a gap that was being filled may lie in an old day. */
  private void repairTails(NavigableSet<LocalDate> days) throws IOException {
    for (LocalDate day : days) {
      DayFile file = new DayFile(instrument, day);
      Path path = vault.resolve(file.rawPath());
      if (Files.exists(path)) {
        try (RawLock lock = RawLock.take(vault, instrument);
            java.nio.channels.FileChannel channel =
                java.nio.channels.FileChannel.open(
                    path,
                    java.nio.file.StandardOpenOption.READ,
                    java.nio.file.StandardOpenOption.WRITE)) {
          TornTail.repair(vault, file, channel, wall.instant());
        }
      }
    }
  }

  /** The ids that the files held when they were opened, as far as they were looked at. */
  public IdRanges found() {
    return found;
  }

  /** Since when the exchange's ids count up from where they do now. */
  public Life life() {
    return memory.life();
  }

  /**
   * The id from which nothing may be missing. On the first start that is the newest trade that
   * other programs left: what they left out before it is not ours to fill. -1 when there is none.
   */
  public long watchFrom() {
    return memory.watchFrom() < 0 ? found.highest() : memory.watchFrom();
  }

  /** The trades at the end of the newest day's file, oldest first. */
  public List<TradeRow> newest() throws IOException {
    LocalDate last = open.isEmpty() ? null : new TreeSet<>(open.keySet()).last();
    return last == null
        ? List.of()
        : FileEnd.trades(vault, new DayFile(instrument, last), open.get(last).length());
  }

  /** Makes sure that the day's file was looked at; returns the ids that this brought to light. */
  public IdRanges look(LocalDate day) throws IOException {
    if (open.get(day) != null) {
      return NOTHING;
    }
    DayAppender appender = DayAppender.open(vault, new DayFile(instrument, day), null, wall);
    open.put(day, appender);
    evict(day);
    return appender.written();
  }

  /** The ids in a day's file that was looked at. */
  public IdRanges held(LocalDate day) {
    IdRanges ids = new IdRanges();
    ids.addAll(open.get(day).written());
    return ids;
  }

  /** Takes a trade that stands for {@code count} ids; its day has been looked at. */
  public void add(Trade trade, int count) throws IOException {
    look(trade.day());
    open.get(trade.day()).add(trade, count);
  }

  /**
   * What writing brought to light.
   *
   * @param lines how many lines were written
   * @param bytes how many bytes these are
   * @param discovered ids that other programs have written meanwhile, by day
   * @param lost ids that were taken to be written and are not: parts of aggregates of which another
   *     program wrote some trades first
   */
  public record Written(
      int lines, long bytes, Map<LocalDate, IdRanges> discovered, List<IdRange> lost) {}

  /**
   * Writes what is pending; what could not be written stays pending, and so do late trades of
   * archived days for some seconds.
   */
  public void flush() throws IOException {
    for (DayAppender day : open.values()) {
      day.flush();
    }
  }

  /** Writes everything pending; what could not be written stays pending. */
  public void flushAll() throws IOException {
    for (DayAppender day : open.values()) {
      day.flushAll();
    }
  }

  /** What writing has brought to light since this was asked last, also when it failed. */
  public Written written() {
    int lines = 0;
    long bytes = 0;
    Map<LocalDate, IdRanges> discovered = new TreeMap<>();
    List<IdRange> lost = new ArrayList<>();
    for (Map.Entry<LocalDate, DayAppender> day : open.entrySet()) {
      lines += day.getValue().takeLinesWritten();
      bytes += day.getValue().takeBytesWritten();
      IdRanges ids = day.getValue().takeDiscovered();
      if (ids.rangeCount() > 0) {
        discovered.put(day.getKey(), ids);
      }
      lost.addAll(day.getValue().takeLost());
    }
    return new Written(lines, bytes, discovered, lost);
  }

  /** Begins to force what was written to the disk, while more is being written. */
  public void beginSync() throws IOException {
    for (DayAppender day : open.values()) {
      day.beginSync();
    }
  }

  /** Forces what was written to the disk. */
  public void sync() throws IOException {
    for (DayAppender day : open.values()) {
      day.sync();
    }
  }

  /** Bytes that are not written yet. */
  public int pendingBytes() {
    int bytes = 0;
    for (DayAppender day : open.values()) {
      bytes += day.pendingBytes();
    }
    return bytes;
  }

  /** Forgets what days before this one hold: the exchange's ids started over. */
  public void startOver(LocalDate day) throws IOException {
    older.remove(0, Long.MAX_VALUE - 1);
    for (LocalDate before : List.copyOf(open.keySet())) {
      if (before.isBefore(day)) {
        DayAppender closed = open.remove(before);
        closed.sync();
        closed.close();
      }
    }
  }

  /** Closes the day used least recently that has nothing pending, but not the one just opened. */
  private void evict(LocalDate justOpened) throws IOException {
    if (open.size() <= OPEN_DAYS) {
      return;
    }
    LocalDate victim = null;
    for (Map.Entry<LocalDate, DayAppender> day : open.entrySet()) {
      if (day.getValue().pendingBytes() == 0 && !day.getKey().equals(justOpened)) {
        victim = day.getKey();
        break;
      }
    }
    if (victim != null) {
      DayAppender closed = open.remove(victim);
      closed.sync();
      closed.close();
      older.addAll(closed.written());
    }
  }

  /**
   * Begins to remember the files as they are now: what is written goes to the disk first. Only to
   * be called when nothing is pending.
   *
   * @return false when the last time is not over yet
   */
  public boolean beginRemembering(long watchFrom, Life life, Consumer<ObjectNode> more)
      throws IOException {
    if (!remembering.isDone()) {
      return false;
    }
    remembering.end();
    String text = memory(watchFrom, life, more);
    List<Forcing.Work> days = open.values().stream().map(DayAppender::forcing).toList();
    remembering.begin(
        () -> {
          try {
            for (Forcing.Work day : days) {
              day.run();
            }
          } catch (ClosedChannelException e) {
            // Archived or moved meanwhile: the next time.
            return;
          }
          VaultFiles.replace(state(), text);
        });
    return true;
  }

  /** Remembers the files as they are now, though not through a power cut. */
  public void rememberHint(long watchFrom, Life life, Consumer<ObjectNode> more)
      throws IOException {
    remembering.await();
    VaultFiles.replaceHint(state(), memory(watchFrom, life, more));
  }

  private Path state() {
    return vault.resolve(VaultLayout.collectorState(instrument));
  }

  private String memory(long watchFrom, Life life, Consumer<ObjectNode> more) throws IOException {
    List<DayMemory> days = new ArrayList<>();
    for (DayAppender day : open.values()) {
      days.add(day.memory());
    }
    ObjectNode node = JSON.createObjectNode();
    node.put("instId", instrument);
    more.accept(node);
    new InstrumentMemory(watchFrom, life, older, days).write(node);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
  }

  @Override
  public void close() throws IOException {
    remembering.await();
    IOException failure = null;
    for (DayAppender day : open.values()) {
      try {
        day.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    open.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
