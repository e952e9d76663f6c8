package io.tapelake.collector;

import io.tapelake.collector.connect.Backoff;
import io.tapelake.collector.write.VaultFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Whether the vault takes what is written of one instrument. While it does not, its trades are kept
 * in memory up to a limit; trades beyond that are noted as missing and fetched when it does again.
 */
final class Disk {

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);

  private final long limit;
  private final long share;
  private final Backoff backoff;
  private String trouble;
  private Instant retryAt = Instant.MIN;

  /**
   * @param limit bytes that may be pending while all is well
   * @param share bytes that may be pending while the instrument's files or terms fail
   */
  Disk(long limit, long share, RandomGenerator random) {
    this.limit = limit;
    this.share = share;
    this.backoff = new Backoff(FIRST_RETRY, LONGEST_RETRY, random);
  }

  /** Whether one more trade may be kept in memory beside what is pending. */
  boolean hasRoom(long pending, boolean termsAreSure) {
    return pending < (works() && termsAreSure ? limit : share);
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

  void failed(IOException failure, Instant now) {
    failed("cannot write to the vault", failure, now);
  }

  void succeeded() {
    trouble = null;
    backoff.succeeded();
  }
}
