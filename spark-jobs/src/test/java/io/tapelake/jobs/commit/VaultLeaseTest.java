package io.tapelake.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has a vault by its lease, and when another one may take it. */
final class VaultLeaseTest {

  private static final Duration TERM_AND_CLOCKS = Duration.ofSeconds(120 + 30);

  @TempDir private Path vault;

  private final AtomicInteger lost = new AtomicInteger();
  private Instant now = Instant.parse("2026-01-02T10:00:00Z");

  @Test
  void secondOneLeavesAndSaysWhoHoldsTheVaultUntilWhen() throws IOException {
    try (VaultLease held = take()) {
      assertThat(held).isNotNull();
      now = now.plus(TERM_AND_CLOCKS).minusSeconds(1);
      assertThatThrownBy(this::take)
          .isInstanceOfSatisfying(
              JobException.class,
              refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.BUSY))
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("since 2026-01-02T10:00:00Z")
          .hasMessageContaining("until 2026-01-02T10:02:00Z");
    }
  }

  @Test
  void releasedVaultIsFreeAtOnce() throws IOException {
    for (int i = 0; i < 3; i++) {
      take().close();
    }
    assertThat(leases()).hasSize(1);
  }

  @Test
  void renewedLeaseLastsAndLeavesOneFile() throws IOException {
    try (VaultLease held = take()) {
      for (int i = 0; i < 100; i++) {
        now = now.plusSeconds(100);
        held.renew();
        assertThatThrownBy(this::take).isInstanceOf(JobException.class);
      }
      assertThat(leases()).hasSize(1);
    }
    assertThat(lost).hasValue(0);
  }

  @Test
  void leaseOfACrashedRunExpires() throws IOException {
    take();
    now = now.plus(TERM_AND_CLOCKS);
    take().close();
  }

  @Test
  void lateOneNoticesThatAnotherOneHasTheVault() throws IOException {
    VaultLease late = take();
    now = now.plus(TERM_AND_CLOCKS);
    try (VaultLease other = take()) {
      late.renew();
      assertThat(lost).hasValue(1);
      late.close();
      other.renew();
      assertThat(lost).hasValue(1);
      assertThatThrownBy(this::take).isInstanceOf(JobException.class);
    }
  }

  @Test
  void numbersThatOthersHaveUsedMeanwhileAreNotTakenAgain() throws IOException {
    VaultLease late = take();
    now = now.plus(TERM_AND_CLOCKS);
    VaultLease other = take();
    for (int i = 0; i < 3; i++) {
      other.renew();
    }
    other.close();
    List<String> before = leases();
    late.renew();
    assertThat(lost).hasValue(1);
    assertThat(leases()).isEqualTo(before);
  }

  @Test
  void leaseThatCannotBeRenewedIsLostWhenItExpires() throws IOException {
    VaultLease held = take();
    Path folder = vault.resolve("state/vwap/leases");
    Files.move(folder, vault.resolve("away"));
    Files.writeString(folder, "in the way");
    now = now.plusSeconds(119);
    held.renew();
    assertThat(lost).hasValue(0);
    now = now.plusSeconds(2);
    held.renew();
    assertThat(lost).hasValue(1);
  }

  @Test
  void leaseThatIsBeingWrittenCountsForItsTerm() throws IOException {
    Path torn = Files.createDirectories(vault.resolve("state/vwap/leases")).resolve("7.json");
    Files.writeString(torn, "{\"owner\":\"");
    Files.setLastModifiedTime(torn, FileTime.from(now));
    assertThatThrownBy(this::take).hasMessageContaining("just taking it");
    now = now.plus(TERM_AND_CLOCKS);
    take();
    assertThat(leases()).containsExactly("8.json");
  }

  /** The clock of a run that crashed was ten years ahead: nobody waits as long. */
  @Test
  void leaseOfAClockThatWasAheadLastsATermFromItsWriting() throws IOException {
    Instant right = now;
    now = Instant.parse("2036-01-02T10:00:00Z");
    take();
    Path lease = vault.resolve("state/vwap/leases").resolve(leases().get(0));
    Files.setLastModifiedTime(lease, FileTime.from(right));
    now = right.plus(TERM_AND_CLOCKS).minusSeconds(1);
    assertThatThrownBy(this::take).hasMessageContaining("until 2036-01-02T10:02:00Z");
    now = right.plus(TERM_AND_CLOCKS);
    take().close();
  }

  @Test
  void storeThatWritesOverWhatIsThereIsRefused() {
    Configuration configuration = new Configuration();
    configuration.set("fs.file.impl", Overwriting.class.getName());
    configuration.setBoolean("fs.file.impl.disable.cache", true);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> take(configuration))
          .isInstanceOfSatisfying(
              JobException.class,
              refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContaining("If-None-Match");
    }
  }

  /** A file system that does not do what it is asked for: it makes files over others. */
  static final class Overwriting extends RawLocalFileSystem {

    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path path,
        FsPermission permission,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      return super.create(path, permission, true, bufferSize, replication, blockSize, progress);
    }
  }

  private VaultLease take() {
    return take(new Configuration());
  }

  private VaultLease take(Configuration configuration) {
    InstantSource source = () -> now;
    Clock clock = source.withZone(ZoneOffset.UTC);
    return VaultLease.take(
        vault.toUri().toString().replaceFirst("/$", ""),
        configuration,
        clock,
        lost::incrementAndGet);
  }

  private List<String> leases() throws IOException {
    try (Stream<Path> paths = Files.list(vault.resolve("state/vwap/leases"))) {
      return paths
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  /**
   * A service may try again where the storage is away, and not where a person has to do something.
   */
  @Test
  void aStorageThatFailsIsNoWrongUsage() {
    assertThat(VaultHold.cannotWrite("s3a://v", new IOException("503 Slow Down")).exitCode())
        .isEqualTo(ExitCode.FAILED);
    assertThat(VaultHold.cannotWrite("v", new IOException("No space left on device")).exitCode())
        .isEqualTo(ExitCode.FAILED);
    assertThat(VaultHold.cannotWrite("v", new AccessDeniedException("v")).exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(VaultHold.cannotWrite("v", new IOException("v: Read-only file system")).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }
}
