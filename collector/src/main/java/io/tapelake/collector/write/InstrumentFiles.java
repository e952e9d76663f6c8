package io.tapelake.collector.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.Trade;
import io.tapelake.vault.VaultLayout;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
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

  private final Path vault;
  private final String instrument;
  private final Clock wall;
  private final Map<LocalDate, DayAppender> open = new LinkedHashMap<>(16, 0.75f, true);
  private final IdRanges older = new IdRanges();
  private final IdRanges covered = new IdRanges();
  private final IdRanges lost = new IdRanges();
  private long rememberedWatchFrom = -1;
  private boolean firstStart;

  private InstrumentFiles(Path vault, String instrument, Clock wall) {
    this.vault = vault;
    this.instrument = instrument;
    this.wall = wall;
  }

  /** Looks at the files, as far as the memory does not spare it; repairs torn tails. */
  public static InstrumentFiles open(Path vault, String instrument, Clock wall) throws IOException {
    InstrumentFiles files = new InstrumentFiles(vault, instrument, wall);
    files.load();
    return files;
  }

  private void load() throws IOException {
    InstrumentMemory memory = memory();
    firstStart = memory == InstrumentMemory.NONE;
    rememberedWatchFrom = memory.watchFrom();
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
    for (LocalDate day : relevant) {
      DayAppender appender =
          DayAppender.open(vault, new DayFile(instrument, day), known.get(day), wall);
      open.put(day, appender);
      covered.addAll(appender.written());
      evict(day);
    }
    covered.addAll(older);
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

  private InstrumentMemory memory() throws IOException {
    Path file = vault.resolve(VaultLayout.collectorState(instrument));
    if (!Files.exists(file)) {
      return InstrumentMemory.NONE;
    }
    try {
      return InstrumentMemory.read(JSON.readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException | IllegalArgumentException e) {
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

  /** The ids that the files hold, as far as they were looked at, and what was added since. */
  public IdRanges covered() {
    return covered;
  }

  /**
   * The id from which nothing may be missing. On the first start that is the newest trade that
   * other programs left: what they left out before it is not ours to fill. -1 when there is none.
   */
  public long watchFrom() {
    return firstStart || rememberedWatchFrom < 0 ? covered.highest() : rememberedWatchFrom;
  }

  /**
   * Makes sure that the day's file was looked at; true when that brought ids to light that were not
   * known.
   */
  public boolean look(LocalDate day) throws IOException {
    if (open.get(day) != null) {
      return false;
    }
    DayAppender appender = DayAppender.open(vault, new DayFile(instrument, day), null, wall);
    open.put(day, appender);
    long before = covered.size();
    covered.addAll(appender.written());
    evict(day);
    return covered.size() != before;
  }

  /** Takes a trade that stands for {@code count} ids; its day has been looked at. */
  public void add(Trade trade, int count) throws IOException {
    look(trade.day());
    open.get(trade.day()).add(trade, count);
  }

  /**
   * Writes what is pending; what could not be written stays pending, and so do late trades of
   * archived days for some seconds.
   *
   * @return whether other programs turned out to have written ids meanwhile
   */
  public boolean flush() throws IOException {
    for (DayAppender day : open.values()) {
      day.flush();
    }
    return learn();
  }

  /** Writes everything pending; what could not be written stays pending. */
  public boolean flushAll() throws IOException {
    for (DayAppender day : open.values()) {
      day.flushAll();
    }
    return learn();
  }

  private boolean learn() {
    boolean discovered = false;
    for (DayAppender day : open.values()) {
      IdRanges ids = day.takeDiscovered();
      discovered |= ids.rangeCount() > 0;
      covered.addAll(ids);
      for (IdRange range : day.takeLost()) {
        covered.remove(range.from(), range.to());
        lost.add(range.from(), range.to());
      }
    }
    return discovered;
  }

  /**
   * Ids that were taken to be written and are not, since this was asked last: parts of aggregates
   * of which another program wrote some trades first.
   */
  public List<IdRange> takeLost() {
    List<IdRange> ids = lost.ranges();
    ids.forEach(range -> lost.remove(range.from(), range.to()));
    return ids;
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

  /** Remembers the files as they are now. Only to be called when nothing is pending. */
  public void remember(long watchFrom, Consumer<ObjectNode> more) throws IOException {
    List<DayMemory> days = new ArrayList<>();
    for (DayAppender day : open.values()) {
      days.add(day.memory());
    }
    ObjectNode node = JSON.createObjectNode();
    node.put("instId", instrument);
    more.accept(node);
    new InstrumentMemory(watchFrom, older, days).write(node);
    VaultFiles.replace(
        vault.resolve(VaultLayout.collectorState(instrument)),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n");
  }

  @Override
  public void close() throws IOException {
    for (DayAppender day : open.values()) {
      try {
        day.close();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }
}
