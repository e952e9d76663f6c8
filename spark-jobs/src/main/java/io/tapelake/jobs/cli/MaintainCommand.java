package io.tapelake.jobs.cli;

import io.tapelake.jobs.commit.Maintenance;
import io.tapelake.jobs.commit.Recovery;
import io.tapelake.jobs.commit.VaultHold;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.VaultStore;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code maintain}: keeps the tables small and quick to open. */
@Command(
    name = "maintain",
    description = {
      "Puts small files of the tables together (Delta's OPTIMIZE) and removes files that no version",
      "needs that a table keeps (Delta's VACUUM, by the table's delta.deletedFileRetentionDuration).",
      "Meant for once a night; 'run --every' does it once a day by itself."
    })
public final class MaintainCommand implements Callable<Integer> {

  @Mixin private VaultOptions vault = new VaultOptions();

  @Override
  public Integer call() throws Exception {
    Clock clock = Clock.systemUTC();
    VaultStore store = vault.openVaultWithTrades();
    RunSummary summary = new RunSummary("maintain", clock.instant());
    try (VaultHold hold = vault.lockVault(clock)) {
      maintain(vault, store, hold, clock, summary, System.out);
    }
    return summary.exitCode().code();
  }

  /** Does it and tells about it. */
  static void maintain(
      VaultOptions vault,
      VaultStore store,
      VaultHold hold,
      Clock clock,
      RunSummary summary,
      PrintStream out)
      throws Exception {
    long start = System.nanoTime();
    Recovery.checkForFolders(store, List.of());
    try (SparkStart spark = new SparkStart(vault.master())) {
      boolean isDone = new Maintenance(spark, store, clock).run(hold, summary);
      summary.warnings().forEach(each -> System.err.println("tapelake: warning: " + each));
      out.println(
          isDone
              ? "tables maintained in %d s"
                  .formatted(Duration.ofNanos(System.nanoTime() - start).toSeconds())
              : "there are no tables to maintain");
    }
  }
}
