package io.tapelake.collector.capture;

import io.tapelake.collector.connect.Backoff;
import io.tapelake.collector.write.VaultFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Whether the vault takes what is written of one instrument. While it does not, its trades are kept
 * in memory as far as there is {@link Room}; trades beyond that are noted as missing and fetched
 * when it does again.
 */
final class Disk {

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

  private final Backoff backoff;
  private String trouble;
  private Instant retryAt = Instant.MIN;

  Disk(RandomGenerator random) {
    this.backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, random);
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

  void failed(String what, Exception failure, Instant now) {
    trouble = what + ": " + VaultFiles.reason(failure);
    retryAt = now.plus(backoff.next());
  }

  void succeeded() {
    trouble = null;
    backoff.succeeded();
  }
}
