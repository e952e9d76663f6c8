package io.tapelake.jobs.commit;

import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.vault.VaultLayout;
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
import java.time.Clock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets one run at a time change a vault. On a local disk it is a lock that the operating system
 * takes back when the process ends, however it ends; the file that carries it stays and says who
 * held it last.
 */
public final class VaultLock implements VaultHold {

  private static final String FILE = VaultLayout.JOB_STATE + "/run.lock";
  private static final int MAX_HOLDER = 512;
  private static final Pattern HOLDER = Pattern.compile("process (\\d{1,18}) ");
  private static final Pattern FENCE = Pattern.compile("fence (\\d{1,18})");
  private static final int LOOKS = 50;
  private static final int MILLIS_BETWEEN_LOOKS = 20;

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;
  private final long fence;

  private VaultLock(Path file, FileChannel channel, FileLock lock, long fence) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
    this.fence = fence;
  }

  /**
   * Takes the lock of a local vault.
   *
   * @throws JobException busy when another run holds it; usage when it may not write to the vault;
   *     failed when the storage does not work
   */
  public static VaultLock acquire(String root, Clock clock) {
    Path file = VaultStores.localPath(root).resolve(FILE);
    FileChannel channel = null;
    try {
      Files.createDirectories(file.getParent());
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        String holder = awaitHolder(channel).lines().findFirst().orElse("");
        channel.close();
        throw JobException.busy(
            "another run holds the vault " + root + ": " + holder + "; try again when it is done");
      }
      long fence = VaultHold.fenceAfter(fence(read(channel)), clock);
      write(channel, holder(clock) + "\nfence " + fence);
      return new VaultLock(file, channel, lock, fence);
    } catch (IOException e) {
      closeQuietly(channel);
      throw VaultHold.cannotWrite(file, e);
    }
  }

  /**
   * Keeps others from taking the lock of a vault that can only be read, where it has one.
   *
   * @throws JobException busy when another run holds it
   */
  public static AutoCloseable share(String root) {
    Path file = VaultStores.localPath(root).resolve(FILE);
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
      if (lock == null) {
        String holder = awaitHolder(channel).lines().findFirst().orElse("");
        channel.close();
        throw JobException.busy(
            "another run holds the vault " + root + ": " + holder + "; try again when it is done");
      }
      return channel;
    } catch (IOException e) {
      return () -> {};
    }
  }

  @Override
  public long fence() {
    return fence;
  }

  /** The file may have been removed, and made anew by another run that could lock it then. */
  @Override
  public void check() throws IOException {
    if (!Files.exists(file) || fence(Files.readString(file)) != fence) {
      throw VaultHold.lost("its lock " + file + " is gone, or another run's");
    }
  }

  private static long fence(String text) {
    Matcher number = FENCE.matcher(text);
    return number.find() ? Long.parseLong(number.group(1)) : 0;
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }

  static String holder(Clock clock) {
    return "process %d on %s since %s"
        .formatted(ProcessHandle.current().pid(), host(), clock.instant());
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process, through another channel.
      return null;
    }
  }

  /**
   * Who holds the lock. Whoever has just taken it has not written its name yet: then there is none,
   * or that of an earlier process.
   */
  private static String awaitHolder(FileChannel channel) throws IOException {
    String holder = read(channel);
    try {
      for (int i = 0; i < LOOKS && isOutdated(holder); i++) {
        Thread.sleep(MILLIS_BETWEEN_LOOKS);
        holder = read(channel);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return holder.isEmpty() ? "one that has just begun" : holder;
  }

  /** Whether it names nobody, or a process that is not there any more. */
  private static boolean isOutdated(String holder) {
    Matcher process = HOLDER.matcher(holder);
    return holder.isEmpty()
        || process.lookingAt() && ProcessHandle.of(Long.parseLong(process.group(1))).isEmpty();
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_HOLDER);
    channel.read(buffer, 0);
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
  }

  private static void write(FileChannel channel, String holder) throws IOException {
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    channel.force(false);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown host";
    }
  }

  private static void closeQuietly(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The failure that led here is the one to report.
      }
    }
  }
}
