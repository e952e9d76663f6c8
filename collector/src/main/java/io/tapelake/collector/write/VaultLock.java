package io.tapelake.collector.write;

import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * The right to write raw trades into a vault. The operating system holds it for the process and
 * takes it back when the process ends, however it ends; the file's text only names the holder.
 */
public final class VaultLock implements Closeable {

  private static final int MAX_TEXT = 512;

  private final FileChannel channel;

  private VaultLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws HeldException when another process has it
   */
  public static VaultLock take(Path vault, Instant now) throws IOException, HeldException {
    Path file = vault.resolve(VaultLayout.COLLECTOR_STATE).resolve("lock");
    Files.createDirectories(file.getParent());
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      String holder = holder(channel);
      channel.close();
      throw new HeldException(holder);
    }
    String text =
        "pid "
            + ProcessHandle.current().pid()
            + " on "
            + host()
            + " since "
            + TradeLine.formatTime(now)
            + "\n";
    channel.truncate(0);
    VaultFiles.writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    return new VaultLock(channel);
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_TEXT);
    channel.read(text, 0);
    String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    return holder.isEmpty() ? "a process that has not said its name yet" : holder;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Another process holds the lock. */
  public static final class HeldException extends Exception {
    private static final long serialVersionUID = 1L;

    HeldException(String holder) {
      super(holder);
    }
  }
}
