package io.tapelake.jobs.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one run at a time change a vault on a file system without locks: a file that says who holds
 * the vault until when, renewed while the run goes on. After a crash the vault is free again when
 * the lease has expired.
 */
final class VaultLease implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(VaultLease.class);
  private static final String FILE = VaultLayout.JOB_STATE + "/run.lease";
  private static final Duration TERM = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileSystem files;
  private final Path file;
  private final Clock clock;
  private final String owner = UUID.randomUUID().toString();
  private final String holder;
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "vault-lease");
            thread.setDaemon(true);
            return thread;
          });

  private VaultLease(FileSystem files, Path file, Clock clock) {
    this.files = files;
    this.file = file;
    this.clock = clock;
    holder = VaultLock.holder(clock);
  }

  /**
   * Takes the lease of a vault.
   *
   * @throws JobException busy when another run holds it; usage when the vault cannot be written to
   */
  static VaultLease acquire(String root, Configuration configuration, Clock clock) {
    Path file = new Path(root + "/" + FILE);
    try {
      VaultLease lease = new VaultLease(file.getFileSystem(configuration), file, clock);
      lease.take(root);
      long period = TERM.toMillis() / 4;
      lease.renewal.scheduleAtFixedRate(lease::renew, period, period, TimeUnit.MILLISECONDS);
      return lease;
    } catch (IOException e) {
      throw JobException.usage(
          "cannot write to " + file + " (" + e + "); make the vault writable", e);
    }
  }

  @Override
  public void close() throws IOException {
    renewal.shutdownNow();
    if (isOurs()) {
      files.delete(file, false);
    }
  }

  private void take(String root) throws IOException {
    try {
      write(false);
    } catch (FileAlreadyExistsException e) {
      JsonNode other = read();
      if (Instant.parse(other.required("expires").asText()).isAfter(clock.instant())) {
        throw JobException.busy(
            "another run holds the vault %s: %s, its lease runs until %s; try again later"
                .formatted(root, other.path("holder").asText(), other.get("expires").asText()));
      }
      write(true);
    }
    // Where creating is not atomic, two may have written: the one that is read back has it.
    if (!isOurs()) {
      throw JobException.busy(
          "another run took the vault %s at the same moment: %s; try again later"
              .formatted(root, read().path("holder").asText()));
    }
  }

  private void renew() {
    try {
      if (isOurs()) {
        write(true);
      }
    } catch (IOException e) {
      LOG.warn("cannot renew the lease {}: {}", file, e.toString());
    }
  }

  private boolean isOurs() throws IOException {
    return read().path("owner").asText().equals(owner);
  }

  private JsonNode read() throws IOException {
    try (FSDataInputStream in = files.open(file)) {
      return JSON.readTree(in.readAllBytes());
    }
  }

  private void write(boolean overwrite) throws IOException {
    byte[] bytes =
        JSON.writeValueAsBytes(
            JSON.createObjectNode()
                .put("owner", owner)
                .put("holder", holder)
                .put("expires", clock.instant().plus(TERM).toString()));
    try (OutputStream out = files.create(file, overwrite)) {
      out.write(bytes);
    }
  }
}
