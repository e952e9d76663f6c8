package io.tapelake.collector.write;

import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Remembers, beside a day file, how many ids each aggregated trade in it stands for: a raw line
 * cannot say. Written before the line, so that a line without a count is a single trade. A line is
 * {@code id count}; the last one of an id counts.
 */
final class AggregateCounts implements Closeable {

  private final Path file;
  private final StringBuilder pending = new StringBuilder();
  private FileChannel channel;
  private long length;
  private boolean unsynced;

  AggregateCounts(Path vault, DayFile day) throws IOException {
    this.file =
        vault.resolve(VaultLayout.collectorFile(day.instrument(), ".counts/" + day.day() + ".txt"));
    this.length = Files.exists(file) ? Files.size(file) : 0;
  }

  /** The counts written from a byte on; a torn last line belongs to no trade. */
  CountTable load(long from) throws IOException {
    CountTable counts = new CountTable();
    if (length <= from) {
      return counts;
    }
    try (FileChannel source = FileChannel.open(file).position(from);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    Channels.newInputStream(source), StandardCharsets.ISO_8859_1))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        try {
          long id = Long.parseLong(line.substring(0, Math.max(0, space)));
          counts.put(id, Integer.parseInt(line.substring(space + 1)));
        } catch (NumberFormatException e) {
          continue;
        }
      }
    }
    return counts;
  }

  /** Notes a trade. Where no trade of the day is an aggregate, nothing has to be kept. */
  void add(long id, int count) {
    if (count > 1 || length > 0 || pending.length() > 0) {
      pending.append(id).append(' ').append(count).append('\n');
    }
  }

  boolean isPending() {
    return pending.length() > 0;
  }

  /** Takes note of what another program wrote. The caller has the {@link RawLock}. */
  void refresh() throws IOException {
    long size = Files.exists(file) ? Files.size(file) : 0;
    if (size != length) {
      length = size;
      close();
    }
  }

  /** Writes what is pending; of a write that fails half-way the lines that are in are done. */
  void flush() throws IOException {
    if (pending.length() == 0) {
      return;
    }
    if (channel == null) {
      VaultFiles.createFolder(file.getParent());
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      // Whatever an interrupted write left behind ends here.
      pending.insert(0, length == 0 ? "" : "\n");
    }
    ByteBuffer bytes = ByteBuffer.wrap(pending.toString().getBytes(StandardCharsets.ISO_8859_1));
    try {
      VaultFiles.writeFully(channel, bytes, length);
    } finally {
      int lines = pending.lastIndexOf("\n", bytes.position() - 1) + 1;
      pending.delete(0, lines);
      length += lines;
      unsynced = true;
    }
  }

  void sync() throws IOException {
    if (unsynced && channel != null) {
      channel.force(false);
    }
    unsynced = false;
  }

  /** What forces all that is written by now to the disk; another thread may do it. */
  Forcing.Work forcing() {
    FileChannel counts = unsynced ? channel : null;
    return () -> {
      if (counts != null) {
        counts.force(false);
      }
    };
  }

  long length() {
    return length;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
