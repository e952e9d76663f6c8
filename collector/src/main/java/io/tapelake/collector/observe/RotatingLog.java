package io.tapelake.collector.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A log file that begins anew when it is full: {@code collector.log}, before it {@code
 * collector.log.1}, and so on. Lines are not torn apart.
 */
public final class RotatingLog extends OutputStream {

  private final Path file;
  private final long fullBytes;
  private final int kept;
  private OutputStream out;
  private long written;

  /**
   * Goes on in a file.
   *
   * @param fullBytes when it is full
   * @param kept how many full ones are kept
   */
  public RotatingLog(Path file, long fullBytes, int kept) throws IOException {
    this.file = file.toAbsolutePath();
    this.fullBytes = fullBytes;
    this.kept = kept;
    Files.createDirectories(this.file.getParent());
    open();
  }

  private void open() throws IOException {
    out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    written = Files.size(file);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    written += length;
    if (written >= fullBytes && length > 0 && bytes[offset + length - 1] == '\n') {
      rotate();
    }
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  private void rotate() throws IOException {
    try {
      out.close();
      for (int number = kept; number > 0; number--) {
        Path older = number == 1 ? file : numbered(number - 1);
        if (Files.exists(older)) {
          Files.move(older, numbered(number), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } finally {
      open();
      // A file that cannot be moved grows; it is tried again when it has by as much.
      written = 0;
    }
  }

  private Path numbered(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
