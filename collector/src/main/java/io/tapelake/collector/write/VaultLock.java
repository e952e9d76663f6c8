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
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write raw trades into a vault. The operating system holds it for the process and
 * takes it back when the process ends, however it ends; the file's text only names the holder.
 */
public final class VaultLock implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(VaultLock.class);
  private static final int MAX_TEXT = 512;

  /** A collector says how it is every few seconds. */
  private static final Duration ALIVE_WITHIN = Duration.ofMinutes(1);

  private final Path file;
  private final FileChannel channel;
  private final Object identity;

  private VaultLock(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.identity = identity();
  }

  private Object identity() throws IOException {
    return String.valueOf(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
  }

  /** Whether the vault is still the one that was locked: not moved, deleted or unmounted. */
  public boolean holds() {
    try {
      return identity().equals(identity);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Takes the lock.
   *
   * @throws HeldException when another process has it
   */
  public static VaultLock take(Path vault, Instant now) throws IOException, HeldException {
    Path file = vault.resolve(VaultLayout.COLLECTOR_STATE).resolve("lock");
    VaultFiles.createFolder(file.toAbsolutePath().getParent());
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
    String shared = NetworkFiles.type(vault);
    if (shared != null) {
      checkOtherHosts(vault, shared, holder(channel), channel, now);
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
    return new VaultLock(file, channel);
  }

  /** Locks may not reach from host to host: who was there last has to be quiet by now. */
  private static void checkOtherHosts(
      Path vault, String type, String holder, FileChannel channel, Instant now)
      throws IOException, HeldException {
    LOG.warn(
        "{} lies on {}, whose locks may not reach other hosts: let no second host write to it",
        vault,
        type);
    Path status = vault.resolve(VaultLayout.COLLECTOR_STATE).resolve("status.json");
    boolean other = holder.startsWith("pid ") && !holder.contains(" on " + host() + " since ");
    if (other
        && Files.exists(status)
        && Files.getLastModifiedTime(status).toInstant().isAfter(now.minus(ALIVE_WITHIN))) {
      channel.close();
      throw new HeldException(holder + ", which wrote less than a minute ago");
    }
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
    channel.truncate(0);
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
