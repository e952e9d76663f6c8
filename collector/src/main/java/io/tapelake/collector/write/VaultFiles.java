package io.tapelake.collector.write;

import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** The two ways small files are written: replaced as a whole, or grown by a line. */
public final class VaultFiles {

  private VaultFiles() {}

  /** Replaces a file atomically: temporary file, fsync, rename. */
  public static void replace(Path file, String content) throws IOException {
    replace(file, content, true);
  }

  /** Replaces a file atomically that is no great loss when the power fails: without fsync. */
  public static void replaceHint(Path file, String content) throws IOException {
    replace(file, content, false);
  }

  private static void replace(Path file, String content, boolean force) throws IOException {
    createFolder(file.getParent());
    // Of its own: several processes may replace the same file at once.
    Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writeFully(channel, ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), 0);
        if (force) {
          channel.force(true);
        }
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    if (force) {
      force(file.getParent());
    }
  }

  /** Makes a folder and those above it; what was made is there after a power cut, too. */
  public static void createFolder(Path folder) throws IOException {
    if (folder == null || Files.isDirectory(folder)) {
      return;
    }
    createFolder(folder.getParent());
    Files.createDirectories(folder);
    if (folder.getParent() != null) {
      force(folder.getParent());
    }
  }

  /** Makes what was made, renamed or deleted in a folder last. */
  public static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Appends a line and forces it to the disk; a torn line that a crash left is ended first. */
  public static void appendLine(Path file, String line) throws IOException {
    append(file, line, true);
  }

  /** Appends a line that is no loss when the power fails. */
  public static void appendHint(Path file, String line) throws IOException {
    append(file, line, false);
  }

  private static void append(Path file, String line, boolean force) throws IOException {
    createFolder(file.getParent());
    // Several processes may add to the same file at once: each line goes to where its end is then.
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        FileChannel before = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = before.size();
      String start = size == 0 || lastByte(before, size) == '\n' ? "" : "\n";
      ByteBuffer bytes = ByteBuffer.wrap((start + line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (force) {
        channel.force(false);
      }
    }
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  private static byte lastByte(FileChannel channel, long size) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    channel.read(one, size - 1);
    return one.get(0);
  }

  /** What went wrong, on one line. */
  public static String reason(Throwable failure) {
    String message = failure.getMessage();
    String first = message == null ? "" : ": " + message.lines().findFirst().orElse("");
    return failure.getClass().getSimpleName() + first;
  }

  /** That a day cannot be read, and why. */
  public static IOException unreadable(DayFile day, IOException failure) {
    return new IOException(day.rawPath() + " cannot be read: " + reason(failure), failure);
  }
}
