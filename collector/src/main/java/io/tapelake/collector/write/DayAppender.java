package io.tapelake.collector.write;

import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.FirstBytes;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One day file that grows: lines collect in memory and go to the file in one write that ends in LF.
 * Knows which ids the file holds. A write that fails half-way is repeated at the same place with
 * the same bytes, so that no line is ever torn or doubled in the end.
 *
 * <p>Several programs may write to a day. Each writes only while it holds the {@link RawLock}, and
 * first reads what the others added: a pending line whose trade they wrote is dropped. A day that
 * was archived stays so; its lines go into a new member of the archive. Not thread-safe.
 */
public final class DayAppender implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(DayAppender.class);

  /** How much of a file's end is enough to tell that it is the same file. */
  private static final int FINGERPRINT_BYTES = 4096;

  private static final int FIRST_BUFFER = 1 << 12;

  /** Larger buffers are given back when they are empty: many days may be open at a time. */
  private static final int KEPT_BUFFER = 1 << 20;

  /** Adding to an archive copies it, so lines collect for longer. */
  private static final Duration BETWEEN_ARCHIVE_WRITES = Duration.ofSeconds(10);

  private final Path vault;
  private final DayFile day;
  private final RawDay raw;
  private final Clock wall;
  private final AggregateCounts counts;
  private final ObjIntConsumer<ParsedTrade> lone;
  private final Right right;
  private final IdRanges written = new IdRanges();
  private IdRanges discovered = new IdRanges();
  private IdRanges lost = new IdRanges();
  private FileChannel channel;
  private Object identity = List.of();
  private boolean archived;

  /** What an archive's end is may take inflating all of it: found out once for each state. */
  private Object measured = List.of();

  private long archiveLength;

  /** Whether its last line has its LF; if not, another program archived a torn day. */
  private boolean endsWithLine;

  private List<Object> fingerprinted = List.of();
  private long archiveFingerprint;

  /** Why the file may only be read; null when it may be written to. */
  private IOException readOnly;

  /** Whether what was there before is not there any more, or not all of it. */
  private boolean changed;

  private long length;
  private boolean unsynced;
  private boolean newInFolder;
  private int linesWritten;
  private long bytesWritten;
  private final Forcing forcing = new Forcing();
  private Instant archiveWritten = Instant.EPOCH;

  private byte[] pending = new byte[FIRST_BUFFER];
  private int pendingBytes;
  private int pendingLines;
  private int[] lineEnds = new int[16];
  private long[] pendingIds = new long[32];

  /** Of how many of the pending lines the count is noted already. */
  private int countedLines;

  /** How the right to change the file is had. */
  private interface Right {
    RawLock take(Path vault, String instrument) throws IOException;
  }

  private DayAppender(
      Path vault, DayFile day, Clock wall, ObjIntConsumer<ParsedTrade> lone, Right right)
      throws IOException {
    this.vault = vault;
    this.day = day;
    this.wall = wall;
    this.lone = lone;
    this.right = right;
    this.raw = new RawDay(vault, day);
    this.counts = new AggregateCounts(vault, day);
  }

  /**
   * Opens a day for a thread that must not wait for others. What {@code known} says of the file's
   * beginning is believed as far as the file is still the same; the rest is read.
   *
   * @param known what an earlier run remembered; null when nothing
   */
  static DayAppender open(Path vault, DayFile day, DayMemory known, Clock wall) throws IOException {
    return open(new DayAppender(vault, day, wall, null, RawLock::briefly), known);
  }

  /**
   * Opens a day that others may be writing to, and reads all of it.
   *
   * @param lone told of trades whose predecessor by id is not on the line before, each with how
   *     many ids it is known to stand for: they may be aggregates nobody counted. A trade is only
   *     good until that returns
   */
  public static DayAppender open(
      Path vault, DayFile day, Clock wall, ObjIntConsumer<ParsedTrade> lone) throws IOException {
    return open(new DayAppender(vault, day, wall, lone, RawLock::take), null);
  }

  private static DayAppender open(DayAppender appender, DayMemory known) throws IOException {
    try {
      long size;
      CountTable table;
      long from;
      try (RawLock lock = appender.lock()) {
        size = appender.locate();
        from = appender.believe(known, size);
        table = appender.counts.load(from == 0 ? 0 : known.countBytes());
      }
      // Without the lock: lines that were there are not changed any more.
      appender.readOn(from, size, table, appender.written);
      return appender;
    } catch (IOException | RuntimeException e) {
      appender.close();
      throw e;
    }
  }

  private RawLock lock() throws IOException {
    return right.take(vault, day.instrument());
  }

  /** Finds the day's file and repairs its end; returns how many plain bytes it holds. */
  private long locate() throws IOException {
    raw.settle();
    Object found = raw.identity();
    if (!found.equals(identity)) {
      RawDay.Form form = raw.form();
      if (channel != null && form != RawDay.Form.ARCHIVED) {
        changed = form == RawDay.Form.PLAIN;
        LOG.warn(
            changed
                ? "{} was replaced by another program; reading it anew"
                : "{} was moved away by another program; starting it again",
            day.rawPath());
        length = 0;
      }
      closeChannel();
      archived = form == RawDay.Form.ARCHIVED;
      identity = found;
      if (form == RawDay.Form.PLAIN) {
        openChannel();
      }
    }
    if (channel != null) {
      long size = channel.size();
      if (size == length || isOwnTail(size)) {
        return length;
      }
      return readOnly == null
          ? TornTail.repair(vault, day, channel, wall.instant())
          : TornTail.endOfLastLine(channel, size);
    }
    return archived ? archiveLength() : 0;
  }

  private long archiveLength() throws IOException {
    if (!identity.equals(measured)) {
      long size = raw.archivedLength();
      try (InputStream end = raw.openArchive(Math.max(0, size - 1))) {
        endsWithLine = size == 0 || end.read() == '\n';
      }
      archiveLength = size;
      measured = identity;
    }
    return archiveLength;
  }

  private void openChannel() throws IOException {
    Files.createDirectories(raw.plain().getParent());
    newInFolder |= !Files.exists(raw.plain());
    try {
      readOnly = null;
      channel =
          FileChannel.open(
              raw.plain(),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    } catch (AccessDeniedException e) {
      channel = FileChannel.open(raw.plain(), StandardOpenOption.READ);
      readOnly = e;
    }
    identity = raw.identity();
  }

  private void closeChannel() throws IOException {
    if (channel != null) {
      try {
        endForcing();
      } finally {
        channel.close();
        channel = null;
      }
    }
  }

  /** Whether what stands behind the last line is what an earlier write of ours got done. */
  private boolean isOwnTail(long size) throws IOException {
    if (size <= length || size - length >= pendingBytes) {
      return false;
    }
    ByteBuffer tail = ByteBuffer.allocate((int) (size - length));
    while (tail.hasRemaining() && channel.read(tail, length + tail.position()) > 0) {}
    return Arrays.equals(tail.array(), 0, tail.position(), pending, 0, (int) (size - length));
  }

  /** Takes over what is remembered of the file's beginning; returns where reading has to start. */
  private long believe(DayMemory known, long size) throws IOException {
    if (known == null) {
      return 0;
    }
    if (raw.form() == RawDay.Form.NONE) {
      LOG.warn("{} is gone; its trades are taken to be elsewhere", day.rawPath());
      written.addAll(known.ids());
      return 0;
    }
    if (known.bytes() <= size && known.crc32() == fingerprint(known.bytes())) {
      written.addAll(known.ids());
      return known.bytes();
    }
    LOG.warn("{} was changed by another program; reading it anew", day.rawPath());
    return 0;
  }

  private void readOn(long from, long to, CountTable table, IdRanges ids) throws IOException {
    if (from < to) {
      try (InputStream lines = raw.open(from)) {
        new RawIds(day, table, ids, lone).read(new FirstBytes(lines, to - from));
      }
    }
    length = to;
  }

  /** Takes a trade that stands for {@code count} ids; it is written by the next {@link #flush}. */
  void add(Trade trade, int count) {
    byte[] line = (TradeLine.format(trade) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    add(line, line.length, trade.id() - count + 1, trade.id());
  }

  /**
   * Takes a trade's line; it is written by the next {@link #flush}.
   *
   * @param line the line with its LF, in the first {@code bytes} bytes
   * @param firstId the lowest id it stands for
   * @param id the trade's
   */
  public void add(byte[] line, int bytes, long firstId, long id) {
    if (pendingBytes + bytes > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(pending.length * 2, pendingBytes + bytes));
    }
    System.arraycopy(line, 0, pending, pendingBytes, bytes);
    pendingBytes += bytes;
    if (pendingLines == lineEnds.length) {
      lineEnds = Arrays.copyOf(lineEnds, pendingLines * 2);
      pendingIds = Arrays.copyOf(pendingIds, pendingLines * 4);
    }
    lineEnds[pendingLines] = pendingBytes;
    pendingIds[2 * pendingLines] = firstId;
    pendingIds[2 * pendingLines + 1] = id;
    pendingLines++;
  }

  /**
   * Takes note that a line of the file stands for more ids than its own: it is an aggregate that
   * nobody counted when it was written. Kept by the next {@link #flushAll}.
   */
  public void count(long firstId, long id) {
    counts.add(id, (int) (id - firstId + 1));
    written.add(firstId, id);
  }

  /**
   * Writes the pending lines in one write; what could not be written stays pending, and so do lines
   * of an archived day that was written to a moment ago.
   */
  void flush() throws IOException {
    boolean waits =
        archived
            && Duration.between(archiveWritten, wall.instant())
                    .abs()
                    .compareTo(BETWEEN_ARCHIVE_WRITES)
                < 0;
    if (!waits) {
      flushAll();
    }
  }

  /** Writes the pending lines, whatever it costs; what could not be written stays pending. */
  public void flushAll() throws IOException {
    if (pendingLines == 0 && !counts.isPending()) {
      return;
    }
    try (RawLock lock = lock()) {
      catchUp();
      write();
    }
  }

  /** Reads what others wrote since. */
  void lookAgain() throws IOException {
    try (RawLock lock = lock()) {
      catchUp();
    }
  }

  /** Reads what others wrote since, wherever the file is now. */
  private void catchUp() throws IOException {
    long size = locate();
    counts.refresh();
    if (changed || size < length) {
      readAnew(size);
    } else if (size > length) {
      IdRanges fresh = new IdRanges();
      readOn(length, size, counts.load(0), fresh);
      written.addAll(fresh);
      discovered.addAll(fresh);
      dropWritten();
    }
  }

  /** What is gone from the file is lost: it is fetched again. */
  private void readAnew(long size) throws IOException {
    changed = true;
    IdRanges found = new IdRanges();
    readOn(0, size, counts.load(0), found);
    for (IdRange range : written.ranges()) {
      found.missing(range.from(), range.to()).forEach(gone -> lost.add(gone.from(), gone.to()));
    }
    written.remove(0, Long.MAX_VALUE - 1);
    written.addAll(found);
    discovered.addAll(found);
    dropWritten();
    changed = false;
  }

  private void write() throws IOException {
    for (; countedLines < pendingLines; countedLines++) {
      long id = pendingIds[2 * countedLines + 1];
      counts.add(id, (int) (id - pendingIds[2 * countedLines] + 1));
    }
    counts.flush();
    if (pendingLines == 0) {
      return;
    }
    if (archived) {
      if (!endsWithLine) {
        // What is torn there is no line of ours, and the next one stands alone.
        appendToArchive(new byte[] {'\n'}, 1);
        length++;
      }
      appendToArchive(pending, pendingBytes);
      archiveWritten = wall.instant();
      committed(pendingBytes);
      return;
    }
    if (channel == null || readOnly != null) {
      closeChannel();
      openChannel();
    }
    if (readOnly != null) {
      throw readOnly;
    }
    ByteBuffer bytes = ByteBuffer.wrap(pending, 0, pendingBytes);
    try {
      VaultFiles.writeFully(channel, bytes, length);
    } finally {
      committed(bytes.position());
    }
  }

  private void appendToArchive(byte[] lines, int bytes) throws IOException {
    raw.appendToArchive(lines, bytes);
    identity = raw.identity();
    measured = identity;
    archiveLength += bytes;
    endsWithLine = true;
  }

  /** Drops the lines that are in the file as a whole; a partly written one is written again. */
  private void committed(int bytesWritten) {
    int lines = 0;
    long from = -1;
    long to = -1;
    while (lines < pendingLines && lineEnds[lines] <= bytesWritten) {
      if (from >= 0 && pendingIds[2 * lines] == to + 1) {
        to = pendingIds[2 * lines + 1];
      } else {
        noteWritten(from, to);
        from = pendingIds[2 * lines];
        to = pendingIds[2 * lines + 1];
      }
      lines++;
    }
    noteWritten(from, to);
    if (lines > 0) {
      int bytes = lineEnds[lines - 1];
      length += bytes;
      unsynced = true;
      linesWritten += lines;
      bytesWritten += bytes;
      drop(lines, bytes);
    }
  }

  private void noteWritten(long from, long to) {
    if (from >= 0) {
      written.add(from, to);
    }
  }

  /** How many lines were written since this was asked last. */
  int takeLinesWritten() {
    int lines = linesWritten;
    linesWritten = 0;
    return lines;
  }

  /** How many bytes these were. */
  long takeBytesWritten() {
    long bytes = bytesWritten;
    bytesWritten = 0;
    return bytes;
  }

  private void drop(int lines, int bytes) {
    if (lines == pendingLines && pending.length > KEPT_BUFFER) {
      pending = new byte[FIRST_BUFFER];
      lineEnds = new int[16];
      pendingIds = new long[32];
      countedLines = 0;
      pendingLines = 0;
      pendingBytes = 0;
      return;
    }
    countedLines -= lines;
    pendingLines -= lines;
    pendingBytes -= bytes;
    System.arraycopy(pending, bytes, pending, 0, pendingBytes);
    for (int i = 0; i < pendingLines; i++) {
      lineEnds[i] = lineEnds[i + lines] - bytes;
    }
    System.arraycopy(pendingIds, 2 * lines, pendingIds, 0, 2 * pendingLines);
  }

  /** Drops pending lines whose trades another program wrote meanwhile. */
  private void dropWritten() {
    int kept = 0;
    int keptBytes = 0;
    int keptCounted = 0;
    int start = 0;
    for (int i = 0; i < pendingLines; i++) {
      int end = lineEnds[i];
      long from = pendingIds[2 * i];
      long to = pendingIds[2 * i + 1];
      if (written.containsAny(from, to)) {
        // Of an aggregate the rest is not in, and comes from elsewhere one by one.
        written.missing(from, to).forEach(range -> lost.add(range.from(), range.to()));
      } else {
        System.arraycopy(pending, start, pending, keptBytes, end - start);
        keptBytes += end - start;
        lineEnds[kept] = keptBytes;
        pendingIds[2 * kept] = from;
        pendingIds[2 * kept + 1] = to;
        kept++;
        keptCounted = i < countedLines ? kept : keptCounted;
      }
      start = end;
    }
    countedLines = keptCounted;
    pendingLines = kept;
    pendingBytes = keptBytes;
  }

  /** Ids that others turned out to have written, since this was asked last. */
  IdRanges takeDiscovered() {
    IdRanges ids = discovered;
    discovered = new IdRanges();
    return ids;
  }

  /** Gives up the pending lines; returns the ids that they stood for. */
  List<IdRange> abandon() {
    for (int i = 0; i < pendingLines; i++) {
      lost.add(pendingIds[2 * i], pendingIds[2 * i + 1]);
    }
    drop(pendingLines, pendingBytes);
    return takeLost();
  }

  /**
   * Ids that were taken to be written and that nobody has written, since this was asked last: the
   * rest of dropped aggregates, and what is gone from the file.
   */
  List<IdRange> takeLost() {
    List<IdRange> ids = lost.ranges();
    lost = new IdRanges();
    return ids;
  }

  /**
   * Begins to force what was written to the disk, while more is being written: a disk is slower
   * than an import. When that fails, the next {@link #sync} does.
   */
  public void beginSync() throws IOException {
    if (channel == null || !unsynced || !forcing.isDone()) {
      return;
    }
    endForcing();
    unsynced = false;
    FileChannel file = channel;
    boolean isNew = newInFolder;
    newInFolder = false;
    forcing.begin(() -> force(file, isNew));
  }

  private void force(FileChannel file, boolean isNew) throws IOException {
    if (file != null) {
      file.force(false);
    }
    if (isNew) {
      forceFolders();
    }
  }

  private void endForcing() throws IOException {
    boolean done = false;
    try {
      forcing.end();
      done = true;
    } finally {
      unsynced |= !done;
      newInFolder |= !done;
    }
  }

  /** What forces all that is written by now to the disk; another thread may do it. */
  Forcing.Work forcing() {
    FileChannel file = channel;
    boolean isNew = newInFolder;
    Forcing.Work ofCounts = counts.forcing();
    return () -> {
      ofCounts.run();
      force(file, isNew);
    };
  }

  /** Forces what was written to the disk. */
  public void sync() throws IOException {
    endForcing();
    counts.sync();
    if (unsynced) {
      force(channel, newInFolder);
      newInFolder = false;
      unsynced = false;
    }
  }

  /** A new file is there after a power cut when its folder says so, and that one's folder. */
  private void forceFolders() throws IOException {
    VaultFiles.force(raw.plain().getParent());
    VaultFiles.force(raw.plain().getParent().getParent());
  }

  /** What is worth remembering of the file as it is written now. */
  DayMemory memory() throws IOException {
    if (written.rangeCount() > DayMemory.MOST_RANGES) {
      return DayMemory.toBeRead(day.day());
    }
    return new DayMemory(day.day(), length, counts.length(), fingerprint(length), written);
  }

  private long fingerprint(long end) throws IOException {
    if (channel != null || !archived) {
      return readFingerprint(end);
    }
    List<Object> state = List.of(identity, end);
    if (!state.equals(fingerprinted)) {
      archiveFingerprint = readFingerprint(end);
      fingerprinted = state;
    }
    return archiveFingerprint;
  }

  private long readFingerprint(long end) throws IOException {
    int size = (int) Math.min(end, FINGERPRINT_BYTES);
    byte[] bytes = new byte[size];
    int count = 0;
    if (channel != null) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining() && channel.read(buffer, end - size + buffer.position()) > 0) {}
      count = buffer.position();
    } else if (archived && size > 0) {
      try (InputStream in = raw.openArchive(end - size)) {
        count = in.readNBytes(bytes, 0, size);
      }
    }
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, count);
    return crc.getValue();
  }

  /** The ids that the file holds, as far as it was read and written here. */
  public IdRanges written() {
    return written;
  }

  /** How many plain bytes of the file are known here. */
  long length() {
    return length;
  }

  /** Bytes that are not written yet. */
  public int pendingBytes() {
    return pendingBytes;
  }

  @Override
  public void close() throws IOException {
    counts.close();
    closeChannel();
  }
}
