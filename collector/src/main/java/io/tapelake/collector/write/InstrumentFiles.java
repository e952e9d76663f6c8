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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
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
  private final Map<LocalDate, String> left = new TreeMap<>();
  private final List<IdRange> lost = new ArrayList<>();
  private final Forcing remembering = new Forcing();
  private InstrumentMemory memory = InstrumentMemory.NONE;
  private Life life = Life.FIRST;
  private FileTime changed = FileTime.fromMillis(0);

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
    life = memory.life();
    older.addAll(memory.older());
    Map<LocalDate, DayMemory> known = new LinkedHashMap<>();
    memory.days().forEach(day -> known.put(day.day(), day));
    NavigableSet<LocalDate> days = RawFolder.days(vault, instrument);
    repairTails(days);
    changed();
    TreeSet<LocalDate> relevant = new TreeSet<>(known.keySet());
    relevant.addAll(toRead(known, days));
    relevant.removeIf(day -> day.isBefore(life.since()));
    LocalDate today = LocalDate.ofInstant(wall.instant(), ZoneOffset.UTC);
    for (LocalDate day : relevant) {
      try {
        open(day, known.get(day));
      } catch (IOException e) {
        if (!day.isBefore(today)) {
          throw e;
        }
        leave(day, e);
        older.addAll(known.containsKey(day) ? life.own(day, known.get(day).ids()) : NOTHING);
      }
    }
  }

  /**
   * Without memory, the two newest days; with it, those that somebody wrote to since. Of days
   * before those remembered it matters only where something is missing: a fetch may have filled
   * years.
   */
  private Set<LocalDate> toRead(Map<LocalDate, DayMemory> known, NavigableSet<LocalDate> days)
      throws IOException {
    Set<LocalDate> toRead = new TreeSet<>();
    if (known.isEmpty()) {
      days.descendingSet().stream().limit(2).forEach(toRead::add);
      return toRead;
    }
    TreeSet<LocalDate> remembered = new TreeSet<>(known.keySet());
    boolean isWhole = GapJournal.missingOfThisLife(vault, instrument).isEmpty();
    LocalDate oldest = isWhole ? remembered.first() : LocalDate.MIN;
    LocalDate newest = remembered.last();
    FileTime since = Files.getLastModifiedTime(state());
    for (LocalDate day : days.tailSet(oldest)) {
      FileTime changed = new RawDay(vault, new DayFile(instrument, day)).changed();
      if (day.isAfter(newest) || changed.compareTo(since) > 0) {
        toRead.add(day);
      }
    }
    return toRead;
  }

  /** The days of this life that were written to since this was asked last, by whomever. */
  public Set<LocalDate> changed() throws IOException {
    Set<LocalDate> days = new TreeSet<>();
    FileTime newest = changed;
    for (LocalDate day : RawFolder.days(vault, instrument)) {
      FileTime time = new RawDay(vault, new DayFile(instrument, day)).changed();
      if (!day.isBefore(life.since()) && time.compareTo(changed) > 0) {
        days.add(day);
        newest = time.compareTo(newest) > 0 ? time : newest;
      }
    }
    changed = newest;
    return days;
  }

  private DayAppender open(LocalDate day, DayMemory known) throws IOException {
    DayAppender appender = DayAppender.open(vault, new DayFile(instrument, day), known, wall);
    open.put(day, appender);
    left.remove(day);
    evict(day);
    return appender;
  }

  /**
   * Gives up a day before the newest one, for now: its file fails, and the others go on. What was
   * to be written to it is lost and can be had again.
   *
   * @return false when there is no newer one, and when somebody holds the instrument's lock: that
   *     passes
   */
  public boolean leave(LocalDate day, IOException failure) {
    if (failure instanceof RawLock.HeldException) {
      return false;
    }
    DayAppender failed = open.remove(day);
    LocalDate today = LocalDate.ofInstant(wall.instant(), ZoneOffset.UTC);
    if (!day.isBefore(today) && open.keySet().stream().noneMatch(day::isBefore)) {
      if (failed != null) {
        open.put(day, failed);
      }
      return false;
    }
    left.put(day, new DayFile(instrument, day).rawPath() + ": " + VaultFiles.reason(failure));
    if (failed != null) {
      lost.addAll(failed.abandon());
      older.addAll(life.own(day, failed.written()));
      closeQuietly(failed);
    }
    return true;
  }

  private static void closeQuietly(DayAppender day) {
    try {
      day.close();
    } catch (IOException e) {
      LOG.debug("a file that failed cannot be closed either", e);
    }
  }

  /** Days that were given up, and why. */
  public Map<LocalDate, String> left() {
    return left;
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
    try (RawLock lock = RawLock.briefly(vault, instrument)) {
      for (LocalDate day : days) {
        DayFile file = new DayFile(instrument, day);
        try (FileChannel channel =
            FileChannel.open(
                vault.resolve(file.rawPath()), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          TornTail.repair(vault, file, channel, wall.instant());
        } catch (NoSuchFileException e) {
          continue;
        } catch (IOException e) {
          LOG.warn(
              "{} may not be written to and is left as it is: {}",
              file.rawPath(),
              VaultFiles.reason(e));
        }
      }
    }
  }

  /** The ids of this life that the files hold, as far as they were looked at. */
  public IdRanges found() {
    IdRanges found = new IdRanges();
    found.addAll(older);
    open.forEach((day, file) -> found.addAll(life.own(day, file.written())));
    return found;
  }

  /** Since when the exchange's ids count up from where they do now. */
  public Life life() {
    return life;
  }

  /**
   * The id from which nothing may be missing. On the first start that is the newest trade that
   * other programs left: what they left out before it is not ours to fill. -1 when there is none.
   */
  public long watchFrom() {
    long highest = older.highest();
    for (DayAppender day : open.values()) {
      highest = Math.max(highest, day.written().highest());
    }
    return memory.watchFrom() < 0 ? highest : memory.watchFrom();
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
    return open.get(day) == null ? open(day, null).written() : NOTHING;
  }

  /** Reads what others wrote to a day since it was looked at; see {@link #written}. */
  public void lookAgain(LocalDate day) throws IOException {
    open.get(day).lookAgain();
  }

  /** Takes a trade that stands for {@code count} ids; its day has been looked at. */
  public void add(Trade trade, int count) throws IOException {
    LocalDate day = trade.day();
    try {
      if (!left.containsKey(day)) {
        look(day);
      }
    } catch (IOException e) {
      if (!leave(day, e)) {
        throw e;
      }
    }
    DayAppender file = open.get(day);
    if (file == null) {
      lost.add(new IdRange(trade.id() - count + 1, trade.id()));
    } else {
      file.add(trade, count);
    }
  }

  /**
   * What writing brought to light.
   *
   * @param lines how many lines were written
   * @param bytes how many bytes these are
   * @param discovered ids that other programs have written meanwhile, by day
   * @param lost ids that were taken to be written and are not: parts of aggregates of which another
   *     program wrote some trades first, what is gone from a file, and what a day that was left was
   *     to get
   */
  public record Written(
      int lines, long bytes, Map<LocalDate, IdRanges> discovered, List<IdRange> lost) {}

  /**
   * Writes what is pending; what could not be written stays pending, and so do late trades of
   * archived days for some seconds. An older day that fails while a newer one does not is left.
   */
  public void flush() throws IOException {
    flush(DayAppender::flush);
  }

  /** Writes everything pending; what could not be written stays pending. */
  public void flushAll() throws IOException {
    flush(DayAppender::flushAll);
  }

  private void flush(Work work) throws IOException {
    LocalDate newest = LocalDate.MIN;
    for (Map.Entry<LocalDate, DayAppender> day : open.entrySet()) {
      boolean isNewer = day.getValue().pendingBytes() > 0 && day.getKey().isAfter(newest);
      newest = isNewer ? day.getKey() : newest;
    }
    Map<LocalDate, IOException> failures = each(work);
    if (failures.containsKey(newest)) {
      throw failures.get(newest);
    }
    IOException passing = null;
    for (Map.Entry<LocalDate, IOException> failure : failures.entrySet()) {
      passing = leave(failure.getKey(), failure.getValue()) ? passing : failure.getValue();
    }
    if (passing != null) {
      throw passing;
    }
  }

  /** What is done with a day's file. */
  private interface Work {
    void on(DayAppender day) throws IOException;
  }

  /** Does something with every open day; one that fails keeps no other from it. */
  private Map<LocalDate, IOException> each(Work work) {
    Map<LocalDate, IOException> failures = new TreeMap<>();
    for (Map.Entry<LocalDate, DayAppender> day : open.entrySet()) {
      try {
        work.on(day.getValue());
      } catch (IOException e) {
        failures.put(day.getKey(), e);
      }
    }
    return failures;
  }

  private void eachOrFail(Work work) throws IOException {
    for (IOException failure : each(work).values()) {
      throw failure;
    }
  }

  /** What writing has brought to light since this was asked last, also when it failed. */
  public Written written() {
    int lines = 0;
    long bytes = 0;
    Map<LocalDate, IdRanges> discovered = new TreeMap<>();
    List<IdRange> gone = new ArrayList<>(lost);
    lost.clear();
    for (Map.Entry<LocalDate, DayAppender> day : open.entrySet()) {
      lines += day.getValue().takeLinesWritten();
      bytes += day.getValue().takeBytesWritten();
      IdRanges ids = day.getValue().takeDiscovered();
      if (ids.rangeCount() > 0) {
        discovered.put(day.getKey(), ids);
      }
      gone.addAll(day.getValue().takeLost());
    }
    return new Written(lines, bytes, discovered, gone);
  }

  /** Begins to force what was written to the disk, while more is being written. */
  public void beginSync() throws IOException {
    eachOrFail(DayAppender::beginSync);
  }

  /** Forces what was written to the disk. */
  public void sync() throws IOException {
    eachOrFail(DayAppender::sync);
  }

  /** Bytes that are not written yet. */
  public int pendingBytes() {
    int bytes = 0;
    for (DayAppender day : open.values()) {
      bytes += day.pendingBytes();
    }
    return bytes;
  }

  /**
   * Forgets what days before this one hold: the exchange's ids started over. What the day holds is
   * taken.
   *
   * @param watchFrom and {@code highest} say what was watched until now
   * @return the new life
   */
  public Life startOver(LocalDate day, long watchFrom, long highest) throws IOException {
    look(day);
    IdRanges taken = new IdRanges();
    taken.addAll(open.get(day).written());
    older.remove(0, Long.MAX_VALUE - 1);
    for (LocalDate before : List.copyOf(open.keySet())) {
      if (before.isBefore(day)) {
        DayAppender closed = open.remove(before);
        closed.sync();
        closed.close();
      }
    }
    life = life.next(day, taken, watchFrom, highest);
    return life;
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
      older.addAll(life.own(victim, closed.written()));
      closed.sync();
      closed.close();
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
    try {
      eachOrFail(DayAppender::close);
    } finally {
      open.clear();
    }
  }
}
