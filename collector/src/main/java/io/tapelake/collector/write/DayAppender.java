package io.tapelake.collector.write;

import io.tapelake.collector.cover.IdRanges;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One day file that grows: lines collect in memory and go to the file in one write that ends in LF.
 * Knows which ids the file holds. A write that fails half-way is repeated at the same place with
 * the same bytes, so that no line is ever torn or doubled in the end. Not thread-safe.
 */
final class DayAppender implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(DayAppender.class);

  /** How much of a file's end is enough to tell that it is the same file. */
  private static final int FINGERPRINT_BYTES = 4096;

  private static final int FIRST_BUFFER = 1 << 12;

  private final Path vault;
  private final DayFile day;
  private final Path path;
  private final Clock wall;
  private final AggregateCounts counts;
  private boolean archived;
  private IdRanges written = new IdRanges();
  private FileChannel channel;
  private Object fileKey;
  private long length;
  private boolean unsynced;

  private byte[] pending = new byte[FIRST_BUFFER];
  private int pendingBytes;
  private int pendingLines;
  private int[] lineEnds = new int[16];
  private long[] pendingIds = new long[32];

  private DayAppender(Path vault, DayFile day, Clock wall) throws IOException {
    this.vault = vault;
    this.day = day;
    this.wall = wall;
    this.path = vault.resolve(day.rawPath());
    this.counts = new AggregateCounts(vault, day);
    this.archived = !Files.exists(path) && Files.exists(archive());
  }

  /**
   * Opens a day. What {@code known} says of the file's beginning is believed as far as the file is
   * still the same; the rest is read.
   *
   * @param known what an earlier run remembered; null when nothing
   */
  static DayAppender open(Path vault, DayFile day, DayMemory known, Clock wall) throws IOException {
    DayAppender appender = new DayAppender(vault, day, wall);
    if (appender.archived) {
      appender.readArchive(known);
    } else if (Files.exists(appender.path)) {
      appender.openFile();
      appender.readFile(known);
    } else if (known != null) {
      LOG.warn("{} is gone; its trades are taken to be elsewhere", day.rawPath());
      appender.written.addAll(known.ids());
    }
    return appender;
  }

  private Path archive() {
    return path.resolveSibling(day.fileName() + ".gz");
  }

  private void openFile() throws IOException {
    Files.createDirectories(path.getParent());
    channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    fileKey = fileKey();
    length = TornTail.repair(vault, day, channel, wall.instant());
  }

  private Object fileKey() throws IOException {
    return Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class).fileKey();
  }

  private void readFile(DayMemory known) throws IOException {
    boolean same =
        known != null && known.bytes() <= length && known.crc32() == fingerprint(known.bytes());
    if (known != null && !same) {
      LOG.warn("{} was changed by another program; reading it anew", day.rawPath());
    }
    long from = same ? known.bytes() : 0;
    if (same) {
      written.addAll(known.ids());
    }
    CountTable table = counts.load(same ? known.countBytes() : 0);
    channel.position(from);
    new RawIds(day, table, written).read(Channels.newInputStream(channel));
  }

  private void readArchive(DayMemory known) throws IOException {
    if (known != null) {
      written.addAll(known.ids());
      return;
    }
    try (InputStream lines = new GZIPInputStream(Files.newInputStream(archive()), 1 << 16)) {
      new RawIds(day, counts.load(0), written).read(lines);
    }
  }

  /** Takes a trade that stands for {@code count} ids; it is written by the next {@link #flush}. */
  void add(Trade trade, int count) {
    byte[] line = TradeLine.format(trade).getBytes(StandardCharsets.ISO_8859_1);
    if (pendingBytes + line.length + 1 > pending.length) {
      pending =
          Arrays.copyOf(pending, Math.max(pending.length * 2, pendingBytes + line.length + 1));
    }
    System.arraycopy(line, 0, pending, pendingBytes, line.length);
    pendingBytes += line.length;
    pending[pendingBytes++] = '\n';
    if (pendingLines == lineEnds.length) {
      lineEnds = Arrays.copyOf(lineEnds, pendingLines * 2);
      pendingIds = Arrays.copyOf(pendingIds, pendingLines * 4);
    }
    lineEnds[pendingLines] = pendingBytes;
    pendingIds[2 * pendingLines] = trade.id() - count + 1;
    pendingIds[2 * pendingLines + 1] = trade.id();
    pendingLines++;
    counts.add(trade.id(), count);
  }

  /** Writes the pending lines in one write; what could not be written stays pending. */
  void flush() throws IOException {
    if (pendingLines == 0) {
      return;
    }
    prepareFile();
    if (archived) {
      setAside();
      return;
    }
    counts.flush();
    ByteBuffer bytes = ByteBuffer.wrap(pending, 0, pendingBytes);
    try {
      VaultFiles.writeFully(channel, bytes, length);
    } finally {
      committed(bytes.position());
    }
  }

  /** Makes sure that the channel still is the file: another program may have moved it away. */
  private void prepareFile() throws IOException {
    archived = !Files.exists(path) && Files.exists(archive());
    if (archived) {
      return;
    }
    if (channel == null) {
      openFile();
    } else if (!Files.exists(path) || !java.util.Objects.equals(fileKey, fileKey())) {
      LOG.warn("{} was moved away by another program; starting it again", day.rawPath());
      channel.close();
      openFile();
    } else if (channel.size() < length) {
      LOG.warn("{} was cut by another program; going on at its end", day.rawPath());
      length = TornTail.repair(vault, day, channel, wall.instant());
    }
  }

  /** Drops the lines that are in the file as a whole; a partly written one is written again. */
  private void committed(int bytesWritten) {
    int lines = 0;
    while (lines < pendingLines && lineEnds[lines] <= bytesWritten) {
      written.add(pendingIds[2 * lines], pendingIds[2 * lines + 1]);
      lines++;
    }
    if (lines > 0) {
      int bytes = lineEnds[lines - 1];
      length += bytes;
      unsynced = true;
      drop(lines, bytes);
    }
  }

  private void drop(int lines, int bytes) {
    pendingLines -= lines;
    pendingBytes -= bytes;
    System.arraycopy(pending, bytes, pending, 0, pendingBytes);
    for (int i = 0; i < pendingLines; i++) {
      lineEnds[i] = lineEnds[i + lines] - bytes;
    }
    System.arraycopy(pendingIds, 2 * lines, pendingIds, 0, 2 * pendingLines);
  }

  /** A day that was archived is closed: its file must not come back beside the archive. */
  private void setAside() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(pending, 0, pendingBytes);
    bytes.position(pendingBytes);
    TornTail.setAside(vault, day, length, "day_is_archived", bytes, wall.instant());
    LOG.warn("{} is archived; {} late trades were moved aside", day.rawPath(), pendingLines);
    for (int i = 0; i < pendingLines; i++) {
      written.add(pendingIds[2 * i], pendingIds[2 * i + 1]);
    }
    drop(pendingLines, pendingBytes);
  }

  /** Forces what was written to the disk. */
  void sync() throws IOException {
    if (unsynced) {
      counts.sync();
      channel.force(false);
      unsynced = false;
    }
  }

  /** What is worth remembering of the file as it is written now. */
  DayMemory memory() throws IOException {
    long crc = channel == null ? 0 : fingerprint(length);
    return new DayMemory(day.day(), length, counts.length(), crc, written);
  }

  private long fingerprint(long end) throws IOException {
    int size = (int) Math.min(end, FINGERPRINT_BYTES);
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, end - size + bytes.position()) <= 0) {
        break;
      }
    }
    CRC32 crc = new CRC32();
    crc.update(bytes.array(), 0, bytes.position());
    return crc.getValue();
  }

  IdRanges written() {
    return written;
  }

  int pendingBytes() {
    return pendingBytes;
  }

  @Override
  public void close() throws IOException {
    counts.close();
    if (channel != null) {
      channel.close();
    }
  }
}
