package io.tapelake.collector.write;

import io.tapelake.vault.VaultLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to change the raw files of one instrument, for a moment: collector, import, fetch and
 * archive may run at the same time. Whoever has it looks whether the file grew since it looked
 * last, writes, and gives it back. The operating system takes it back when a process ends.
 */
public final class RawLock implements Closeable {

  /** Locks of the operating system are a process's: threads of one keep order among themselves. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  /** Writing 4 MiB takes less. */
  private static final Duration BRIEFLY = Duration.ofMillis(250);

  /** Comparing the two forms of a large day takes less. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(2);

  private final ReentrantLock threads;
  private final FileChannel channel;

  private RawLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /** Takes the lock, and waits for it as long as whoever works has to; see {@link #briefly}. */
  public static RawLock take(Path vault, String instrument) throws IOException {
    return take(vault, instrument, ".lock", PATIENCE);
  }

  /**
   * Takes the lock on a thread that others' trades wait for: whoever holds one instrument's for
   * longer than a write takes, such as a process that is stopped, holds up no other instrument.
   *
   * @throws HeldException when somebody holds it for that long
   */
  static RawLock briefly(Path vault, String instrument) throws IOException {
    return take(vault, instrument, ".lock", BRIEFLY);
  }

  /**
   * Takes the right to archive days of an instrument. Its raw files are not locked by that.
   *
   * @throws HeldException when somebody archives now
   */
  public static RawLock ofArchiving(Path vault, String instrument) throws IOException {
    return take(vault, instrument, ".archive.lock", Duration.ZERO);
  }

  private static RawLock take(Path vault, String instrument, String name, Duration patience)
      throws IOException {
    Path file =
        vault.resolve(VaultLayout.collectorFile(instrument, name)).toAbsolutePath().normalize();
    ReentrantLock threads = THREADS.computeIfAbsent(file, each -> new ReentrantLock());
    long end = System.nanoTime() + patience.toNanos();
    while (!threads.tryLock()) {
      pause(file, end);
    }
    FileChannel channel = null;
    try {
      channel = open(file);
      // Released with its channel.
      while (!tryLock(channel)) {
        pause(file, end);
      }
      return new RawLock(threads, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      threads.unlock();
      throw e;
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // This process has it, by whatever way.
      return false;
    }
  }

  private static void pause(Path file, long end) throws HeldException {
    if (System.nanoTime() >= end) {
      throw new HeldException(file);
    }
    LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (java.nio.file.NoSuchFileException e) {
      Files.createDirectories(file.getParent());
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      threads.unlock();
    }
  }

  /** Somebody else holds the lock, for longer than the caller may wait. */
  public static final class HeldException extends IOException {
    private static final long serialVersionUID = 1L;

    HeldException(Path file) {
      super(file + " is held by another process, perhaps one that is stopped");
    }
  }
}
