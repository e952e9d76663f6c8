package io.tapelake.collector;

import io.tapelake.collector.write.VaultFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the vault takes what is written. While it does not, lines are kept in memory up to a
 * limit; trades beyond that are noted as missing and fetched when it does again.
 */
final class Disk {

  private static final Logger LOG = LoggerFactory.getLogger(Disk.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final long limit;
  private long pending;
  private String trouble;
  private Instant retryAt = Instant.MIN;

  Disk(long limit) {
    this.limit = limit;
  }

  /** Whether one more trade may be kept in memory. */
  boolean hasRoom() {
    return pending < limit;
  }

  void added(long bytes) {
    pending += bytes;
  }

  void pending(long bytes) {
    pending = bytes;
  }

  long pending() {
    return pending;
  }

  boolean works() {
    return trouble == null;
  }

  /** Why it does not work; null when it does. */
  String trouble() {
    return trouble;
  }

  boolean mayTry(Instant now) {
    return trouble == null || !now.isBefore(retryAt);
  }

  void failed(IOException failure, Instant now) {
    String reason = "cannot write to the vault: " + VaultFiles.reason(failure);
    if (!reason.equals(trouble)) {
      LOG.error("{}; keeping trades in memory and trying again every second", reason);
    }
    trouble = reason;
    retryAt = now.plus(RETRY);
  }

  /** True when it did not work before. */
  boolean succeeded() {
    boolean recovered = trouble != null;
    if (recovered) {
      LOG.info("the vault can be written to again");
    }
    trouble = null;
    return recovered;
  }
}
