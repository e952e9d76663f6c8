package io.tapelake.collector.write;

import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to change the raw files of one instrument, for a moment: collector, import, fetch and
 * archive may run at the same time. Whoever has it looks whether the file grew since it looked
 * last, writes, and gives it back. The operating system takes it back when a process ends.
 */
public final class RawLock implements Closeable {

  /** Locks of the operating system are a process's: threads of one keep order among themselves. */
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock threads;
  private final FileChannel channel;

  private RawLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /** Waits for the lock and takes it. */
  public static RawLock take(Path vault, String instrument) throws IOException {
    Path file =
        vault
            .resolve(VaultLayout.COLLECTOR_STATE)
            .resolve("okx/perps/" + DayFile.checkInstrument(instrument) + ".lock")
            .toAbsolutePath()
            .normalize();
    ReentrantLock threads = THREADS.computeIfAbsent(file, each -> new ReentrantLock());
    threads.lock();
    FileChannel channel = null;
    try {
      channel = open(file);
      // Released with its channel.
      channel.lock();
      return new RawLock(threads, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      threads.unlock();
      throw e;
    }
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
}
