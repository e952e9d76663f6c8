package io.tapelake.collector.write;

import io.tapelake.vault.ArchiveMember;
import io.tapelake.vault.ArchivedDay;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.FirstBytes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/**
 * The raw file of one day in whichever form it lies there: plain, or archived as {@code .gz}. Both
 * forms side by side are what a crash during archiving leaves; their content is the same then.
 */
public final class RawDay {

  /** How a day lies there. */
  public enum Form {
    NONE,
    PLAIN,
    ARCHIVED,
    BOTH
  }

  private static final int CHUNK = 1 << 16;

  private final DayFile day;
  private final Path plain;
  private final Path archive;

  public RawDay(Path vault, DayFile day) {
    this.day = day;
    plain = vault.resolve(day.rawPath());
    archive = vault.resolve(day.archivePath());
  }

  public Path plain() {
    return plain;
  }

  public Path archive() {
    return archive;
  }

  /** How the day lies there now. */
  public Form form() {
    boolean isPlain = Files.exists(plain);
    boolean isArchived = Files.exists(archive);
    if (isPlain) {
      return isArchived ? Form.BOTH : Form.PLAIN;
    }
    return isArchived ? Form.ARCHIVED : Form.NONE;
  }

  /** Tells one file from another that took its place; empty when there is none. */
  public List<Object> identity() throws IOException {
    Path path = Files.exists(plain) ? plain : archive;
    try {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      boolean isArchive = path.equals(archive);
      return isArchive
          ? List.of(path, String.valueOf(found.fileKey()), found.size(), found.lastModifiedTime())
          : List.of(path, String.valueOf(found.fileKey()));
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** The plain bytes from an offset on. */
  public InputStream open(long offset) throws IOException {
    return Files.exists(plain) ? at(plain, offset) : openArchive(offset);
  }

  /** The first bytes of the plain file, whatever comes behind them meanwhile. */
  public InputStream openPlain(long bytes) throws IOException {
    return new FirstBytes(at(plain, 0), bytes);
  }

  /** The plain bytes of the archive from an offset on. */
  public InputStream openArchive(long offset) throws IOException {
    return ArchivedDay.open(this::compressed, offset);
  }

  /** How many plain bytes the archive holds; one of another program has to be inflated for that. */
  public long archivedLength() throws IOException {
    long length = ArchivedDay.plainLength(this::compressed);
    if (length >= 0) {
      return length;
    }
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = openArchive(0)) {
      length = 0;
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        length += count;
      }
    }
    return length;
  }

  /** How many plain bytes there are. */
  public long length() throws IOException {
    return Files.exists(plain) ? Files.size(plain) : archivedLength();
  }

  /** Whether a line ends among the plain bytes from an offset on. */
  public boolean hasLineEnd(long offset) throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = open(offset)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        for (int at = 0; at < count; at++) {
          if (chunk[at] == '\n') {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** What changes when the day's file does. */
  public List<Object> stamp() throws IOException {
    Path file = Files.exists(plain) ? plain : archive;
    return List.of(
        file.getFileName().toString(), day.instrument(), Files.size(file), changed().toMillis());
  }

  /** When the day's file was changed last; the epoch when there is none any more. */
  FileTime changed() throws IOException {
    for (Path form : List.of(plain, archive)) {
      try {
        return Files.getLastModifiedTime(form);
      } catch (NoSuchFileException e) {
        // The other form has taken its place, or none has.
      }
    }
    return FileTime.fromMillis(0);
  }

  /** Bytes on the disk. */
  public long storedBytes() throws IOException {
    return (Files.exists(plain) ? Files.size(plain) : 0)
        + (Files.exists(archive) ? Files.size(archive) : 0);
  }

  private InputStream compressed(long offset) throws IOException {
    return at(archive, offset);
  }

  private static InputStream at(Path path, long offset) throws IOException {
    return Channels.newInputStream(
        FileChannel.open(path, StandardOpenOption.READ).position(offset));
  }

  /**
   * Finishes what a crash during archiving left: of two forms with the same content the archive
   * stays. The caller has the {@link RawLock}.
   *
   * @throws IOException when the two forms differ
   */
  public void settle() throws IOException {
    if (form() != Form.BOTH) {
      return;
    }
    try (InputStream one = at(plain, 0);
        InputStream other = openArchive(0)) {
      if (!sameBytes(one, other)) {
        throw new IOException(
            "%s and %s hold different trades of the same day; remove the wrong one"
                .formatted(plain, archive.getFileName()));
      }
    }
    Files.delete(plain);
    force(plain.getParent());
  }

  /** Moves aside what a crash left behind the last line of the plain file. */
  public void repair(Path vault, Instant now) throws IOException {
    try (RawLock lock = RawLock.take(vault, day.instrument());
        FileChannel channel =
            FileChannel.open(plain, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      TornTail.repair(vault, day, channel, now);
    }
  }

  /** Whether two streams hold the same bytes to their ends. */
  public static boolean sameBytes(InputStream one, InputStream other) throws IOException {
    byte[] first = new byte[CHUNK];
    byte[] second = new byte[CHUNK];
    while (true) {
      int count = one.readNBytes(first, 0, CHUNK);
      int otherCount = other.readNBytes(second, 0, CHUNK);
      if (count != otherCount || !java.util.Arrays.equals(first, 0, count, second, 0, otherCount)) {
        return false;
      }
      if (count == 0) {
        return true;
      }
    }
  }

  /**
   * Adds lines to an archived day: a copy with one more member takes the archive's place, so that a
   * reader sees the old or the new one. The caller has the {@link RawLock}.
   */
  void appendToArchive(byte[] lines, int length) throws IOException {
    Path temporary = archive.resolveSibling("." + archive.getFileName() + ".tmp");
    try (FileChannel target = create(temporary)) {
      try (FileChannel source = FileChannel.open(archive, StandardOpenOption.READ)) {
        long size = source.size();
        for (long at = 0; at < size; ) {
          at += source.transferTo(at, size - at, target);
        }
      }
      ArchiveMember member = new ArchiveMember(6);
      try {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(target), CHUNK);
        for (int from = 0; from < length; from += ArchiveMember.PLAIN_BYTES) {
          member.write(lines, from, Math.min(length, from + ArchiveMember.PLAIN_BYTES), out);
        }
        out.flush();
      } finally {
        member.close();
      }
      target.force(true);
    }
    putInPlace(temporary);
  }

  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** Puts a new archive in place of the old one, or of none; it lasts when this returns. */
  public void putInPlace(Path made) throws IOException {
    Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(archive.getParent());
  }

  /** Makes what was renamed or deleted in a folder last. */
  public static void force(Path folder) throws IOException {
    VaultFiles.force(folder);
  }

  @Override
  public String toString() {
    return day.rawPath();
  }
}
