package io.tapelake.collector.history;

import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.RawLock;
import io.tapelake.vault.ArchiveMember;
import io.tapelake.vault.ArchivedDay;
import io.tapelake.vault.DayFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;

/**
 * Compresses closed days. The plain file goes only after the archive, forced to the disk, was read
 * back and compared with it byte for byte. Collector and job may go on meanwhile: a line that
 * arrives while a day is compressed makes it wait for the next time.
 */
public final class DayArchiver {

  private final Path vault;
  private final int level;
  private final Clock wall;

  /** What became of a day. */
  public enum Outcome {
    ARCHIVED,
    /** It was archived already; a plain file that a crash had left beside it is gone now. */
    SETTLED,
    /** Lines arrived meanwhile, or another process archives: another time. */
    BUSY,
    /** It is archived, or there is no such day, or nothing in it. */
    NOTHING
  }

  /**
   * What archiving a day came to.
   *
   * @param plainBytes its length
   * @param storedBytes what the archive takes on the disk
   */
  public record Result(Outcome outcome, long plainBytes, long storedBytes) {}

  /**
   * @param level of compression, 1 to 9
   */
  public DayArchiver(Path vault, int level, Clock wall) {
    this.vault = vault;
    this.level = level;
    this.wall = wall;
  }

  /**
   * Archives a day.
   *
   * @throws IOException also when the day lies there in two forms with different content
   */
  public Result archive(DayFile day) throws IOException {
    RawDay raw = new RawDay(vault, day);
    if (!Files.exists(raw.plain())) {
      return new Result(Outcome.NOTHING, 0, 0);
    }
    try (RawLock alone = RawLock.ofArchiving(vault, day.instrument())) {
      return archivePlain(day, raw);
    } catch (RawLock.HeldException e) {
      return new Result(Outcome.BUSY, 0, 0);
    }
  }

  private Result archivePlain(DayFile day, RawDay raw) throws IOException {
    if (raw.form() == RawDay.Form.BOTH) {
      try (RawLock lock = RawLock.take(vault, day.instrument())) {
        raw.settle();
      }
      return new Result(Outcome.SETTLED, 0, 0);
    }
    if (raw.form() != RawDay.Form.PLAIN) {
      return new Result(Outcome.NOTHING, 0, 0);
    }
    if (!endsWithLine(raw.plain())) {
      raw.repair(vault, wall.instant());
    }
    long length = Files.size(raw.plain());
    FileTime modified = Files.getLastModifiedTime(raw.plain());
    if (length == 0) {
      return new Result(Outcome.NOTHING, 0, 0);
    }
    // One that was killed may have left it: nobody else is at it now.
    Path made = raw.archive().resolveSibling("." + raw.archive().getFileName() + ".archive.tmp");
    try {
      compress(raw.plain(), length, made);
      compare(raw, made, length);
      Files.setLastModifiedTime(made, modified);
      return putInPlace(day, raw, made, length, modified);
    } finally {
      Files.deleteIfExists(made);
    }
  }

  private Result putInPlace(DayFile day, RawDay raw, Path made, long length, FileTime modified)
      throws IOException {
    try (RawLock lock = RawLock.take(vault, day.instrument())) {
      boolean untouched =
          raw.form() == RawDay.Form.PLAIN
              && Files.size(raw.plain()) == length
              && Files.getLastModifiedTime(raw.plain()).equals(modified);
      if (!untouched) {
        return new Result(Outcome.BUSY, length, 0);
      }
      raw.putInPlace(made);
      Files.delete(raw.plain());
      RawDay.force(raw.plain().getParent());
    }
    return new Result(Outcome.ARCHIVED, length, Files.size(raw.archive()));
  }

  private void compress(Path plain, long length, Path made) throws IOException {
    ArchiveMember member = new ArchiveMember(level);
    byte[] piece = new byte[(int) Math.min(length, ArchiveMember.PLAIN_BYTES)];
    try (InputStream in = Files.newInputStream(plain);
        FileChannel channel =
            FileChannel.open(
                made,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      for (long at = 0; at < length; ) {
        int count = in.readNBytes(piece, 0, (int) Math.min(piece.length, length - at));
        if (count == 0) {
          throw new IOException(plain + " became shorter while it was read; try again");
        }
        member.write(piece, 0, count, out);
        at += count;
      }
      out.flush();
      channel.force(true);
    } finally {
      member.close();
    }
  }

  private static void compare(RawDay raw, Path made, long length) throws IOException {
    ArchivedDay.Source source =
        offset ->
            Channels.newInputStream(
                FileChannel.open(made, StandardOpenOption.READ).position(offset));
    try (InputStream plain = raw.openPlain(length);
        InputStream archived = ArchivedDay.open(source, 0)) {
      if (!RawDay.sameBytes(plain, archived)) {
        throw new IOException(
            made + " does not hold what " + raw.plain() + " holds; the disk or memory is faulty");
      }
    }
  }

  private static boolean endsWithLine(Path plain) throws IOException {
    long length = Files.size(plain);
    if (length == 0) {
      return true;
    }
    try (InputStream in =
        Channels.newInputStream(
            FileChannel.open(plain, StandardOpenOption.READ).position(length - 1))) {
      return in.read() == '\n';
    }
  }
}
