package io.tapelake.jobs.commit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.vault.VaultLayout;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one run at a time change a vault on a file system without locks: a lease that says who holds
 * the vault until when. After a crash the vault is free again when the lease has expired.
 *
 * <p>Leases are numbered files that are never written again: taking the vault, renewing and
 * releasing all create the file with the next number, which succeeds for one only, and remove the
 * ones before it. The newest is never removed, so that numbers do not come again. This asks of the
 * file system that creating a file fails when there is one, also at the same moment. HDFS does so,
 * and S3A is asked to (conditional writes, which it has from Hadoop 3.5 on).
 *
 * <p>A run that could not renew its lease in time, or finds that another one has the vault, ends
 * its process at once: what it left behind is mended as after a crash. Between the hosts, clocks
 * may differ by 30 s, a quarter of a term.
 */
public final class VaultLease implements VaultHold {

  private static final Logger LOG = LoggerFactory.getLogger(VaultLease.class);
  private static final String FOLDER = VaultLayout.JOB_STATE + "/leases";
  private static final String ENDING = ".json";
  private static final Duration TERM =
      Duration.ofSeconds(Integer.getInteger("tapelake.lease-seconds", 120));
  private static final int CLOCKS_DIFFER_SECONDS = (int) (TERM.toSeconds() / 4);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileSystem files;
  private final Path folder;
  private final Clock clock;
  private final Runnable whenLost;
  private final String owner = UUID.randomUUID().toString();
  private final String holder;
  private final AtomicBoolean lost = new AtomicBoolean();

  /** One thread renews, which may hang; the other one looks at the clock. */
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "vault-lease");
            thread.setDaemon(true);
            return thread;
          });

  private long number;
  private long fence;
  private volatile Instant expires;

  /**
   * What a file says; {@code owner} is empty when it could not be read.
   *
   * @param written by the file system's clock
   */
  private record Lease(
      long number, long fence, String owner, String holder, Instant expires, Instant written) {

    /** When another one may take the vault. */
    Instant free(Instant now) {
      // None lasts longer than a term: the clock that said so was ahead of its time.
      boolean isOfAWrongClock = expires.isAfter(now.plus(TERM).plusSeconds(CLOCKS_DIFFER_SECONDS));
      Instant end = isOfAWrongClock ? written.plus(TERM) : expires;
      return end.plusSeconds(CLOCKS_DIFFER_SECONDS);
    }
  }

  private VaultLease(FileSystem files, Path folder, Clock clock, Runnable whenLost) {
    this.files = files;
    this.folder = folder;
    this.clock = clock;
    this.whenLost = whenLost;
    holder = VaultLock.holder(clock);
  }

  /**
   * Takes the lease of a vault.
   *
   * @throws JobException busy when another run holds it; usage when it may not write to the vault;
   *     failed when the storage does not work
   */
  public static VaultLease acquire(String root, Configuration configuration, Clock clock) {
    VaultLease lease =
        take(root, configuration, clock, () -> Runtime.getRuntime().halt(ExitCode.FAILED.code()));
    long period = TERM.toMillis() / 4;
    lease.threads.scheduleAtFixedRate(lease::renew, period, period, TimeUnit.MILLISECONDS);
    lease.threads.scheduleAtFixedRate(lease::watch, 1, 1, TimeUnit.SECONDS);
    return lease;
  }

  /**
   * Takes a lease that only {@link #renew} renews.
   *
   * @param whenLost what to do when another run has the vault, or may take it
   */
  public static VaultLease take(
      String root, Configuration configuration, Clock clock, Runnable whenLost) {
    Path folder = new Path(root + "/" + FOLDER);
    try {
      VaultLease lease =
          new VaultLease(folder.getFileSystem(configuration), folder, clock, whenLost);
      lease.take(root);
      return lease;
    } catch (IOException e) {
      throw VaultHold.cannotWrite(folder, e);
    }
  }

  private void take(String root) throws IOException {
    Lease newest = newest();
    if (newest != null) {
      if (newest.free(clock.instant()).isAfter(clock.instant())) {
        throw JobException.busy(
            "another run holds the vault %s: %s, its lease runs until %s; try again later"
                .formatted(root, newest.holder(), newest.expires()));
      }
      number = newest.number();
    }
    fence = VaultHold.fenceAfter(newest == null ? 0 : newest.fence(), clock);
    if (!extend(clock.instant().plus(TERM))) {
      throw JobException.busy(
          "another run took the vault %s at the same moment: %s; try again later"
              .formatted(root, newest().holder()));
    }
    checkThatNothingIsOverwritten();
  }

  @Override
  public long fence() {
    return fence;
  }

  @Override
  public void check() throws IOException {
    Lease newest = newest();
    if (newest == null || !newest.owner().equals(owner) || clock.instant().isAfter(expires)) {
      lose("another run has taken it, or may do so");
      throw VaultHold.lost("its lease in " + folder + " is another run's");
    }
  }

  /** Extends the lease, unless another run has taken it. */
  void renew() {
    try {
      if (!extend(clock.instant().plus(TERM))) {
        lose("another run has taken it");
      }
    } catch (IOException e) {
      LOG.warn("cannot renew the lease in {}, trying again: {}", folder, e.toString());
    }
    watch();
  }

  private void watch() {
    if (clock.instant().isAfter(expires)) {
      lose("it could not be renewed in time");
    }
  }

  private void lose(String why) {
    if (!lost.getAndSet(true)) {
      System.err.printf(
          "tapelake: the lease of the vault in %s is lost: %s; this run ends, nothing is lost,"
              + " and the next run goes on%n",
          folder, why);
      whenLost.run();
    }
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
    try {
      // A renewal under way would come after the release.
      threads.awaitTermination(TERM.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!lost.get()) {
      extend(Instant.EPOCH);
    }
  }

  /** Makes the next lease; whether it is ours. */
  private synchronized boolean extend(Instant until) throws IOException {
    long next = number + 1;
    if (!create(next, until)) {
      return false;
    }
    NavigableMap<Long, FileStatus> leases = list();
    if (!leases.tailMap(next, false).isEmpty()) {
      // Others went on while this process stood still; the number was free again.
      files.delete(path(next), false);
      return false;
    }
    number = next;
    expires = until;
    for (long before : leases.headMap(next).keySet()) {
      files.delete(path(before), false);
    }
    return true;
  }

  /** Makes the file of a lease; false when another one has. */
  private boolean create(long next, Instant until) throws IOException {
    Path path = path(next);
    IOException failure = write(path, until);
    if (failure == null) {
      return true;
    }
    if (!files.exists(path)) {
      if (list().tailMap(next, false).isEmpty()) {
        throw failure;
      }
      // It took so long that another one went on.
      return false;
    }
    // Another one's, or ours although the answer was lost.
    return read(next, files.getFileStatus(path)).owner().equals(owner);
  }

  /** Writes a file that is not there yet; why that failed, or null. */
  private IOException write(Path path, Instant until) throws IOException {
    byte[] bytes =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("owner", owner)
                .put("holder", holder)
                .put("fence", fence)
                .put("expires", until.toString()));
    try (OutputStream out = VaultStores.createNew(files, path)) {
      out.write(bytes);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  /** A store that writes over what is there would let two runs hold the vault at once. */
  private void checkThatNothingIsOverwritten() throws IOException {
    if (write(path(number), expires) == null) {
      extend(Instant.EPOCH);
      throw JobException.usage(
          "%s wrote over a file that it was asked to leave alone, so that two runs could change"
                  .formatted(files.getUri())
              + " the vault at once; it takes a store with conditional writes (If-None-Match)");
    }
  }

  /** The newest lease, or null. */
  private Lease newest() throws IOException {
    while (true) {
      NavigableMap<Long, FileStatus> leases = list();
      if (leases.isEmpty()) {
        return null;
      }
      try {
        return read(leases.lastKey(), leases.lastEntry().getValue());
      } catch (FileNotFoundException e) {
        // Its owner has renewed it: there is a newer one.
        LOG.debug("{} was renewed meanwhile", leases.lastEntry().getValue().getPath());
      }
    }
  }

  private Lease read(long which, FileStatus status) throws IOException {
    Instant written = Instant.ofEpochMilli(status.getModificationTime());
    try (FSDataInputStream in = files.open(status.getPath())) {
      JsonNode node = JSON.readTree(in.readAllBytes());
      return new Lease(
          which,
          node.path("fence").asLong(),
          node.required("owner").asText(),
          node.required("holder").asText(),
          Instant.parse(node.required("expires").asText()),
          written);
    } catch (FileNotFoundException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Being written, or its writer crashed meanwhile: it counts as long as any.
      return new Lease(which, 0, "", "one that is just taking it", written.plus(TERM), written);
    }
  }

  private NavigableMap<Long, FileStatus> list() throws IOException {
    NavigableMap<Long, FileStatus> leases = new TreeMap<>();
    try {
      for (FileStatus status : files.listStatus(folder)) {
        String name = status.getPath().getName();
        if (name.matches("\\d{1,18}\\" + ENDING)) {
          leases.put(Long.parseLong(name.substring(0, name.length() - ENDING.length())), status);
        }
      }
    } catch (FileNotFoundException e) {
      // The first run makes the folder.
      return leases;
    }
    return leases;
  }

  private Path path(long which) {
    return new Path(folder, which + ENDING);
  }
}
