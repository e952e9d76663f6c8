package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.outcome.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two runs started together: one works, the other one leaves with 75 and says who works.
 *
 * <p>The one that has the vault is stopped until the other one is gone, so that they overlap on any
 * machine. {@code -Dtapelake.pairs=20} starts as many pairs.
 */
final class TwoAtOnceIT {

  private static final int PAIRS = Integer.getInteger("tapelake.pairs", 1);
  private static final long SEED = 20260102;

  @TempDir private Path folder;

  @Test
  void oneWorksAndTheOtherLeaves() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, SEED);
    for (int i = 0; i < PAIRS; i++) {
      trades.arriveWhole();
      pair(vault, trades.now());
    }
    Outputs.assertSameAsBackfill(vault, trades.now(), "after " + PAIRS + " pairs");
  }

  private static void pair(Path vault, Instant asOf) throws Exception {
    Files.deleteIfExists(vault.resolve("state/vwap/run.lock"));
    try (RunProcess one = RunProcess.start(vault, asOf, null);
        RunProcess other = RunProcess.start(vault, asOf, null)) {
      RunProcess holder = holder(vault, one, other);
      RunProcess second = holder == one ? other : one;
      holder.signal("STOP");
      assertThat(second.await()).as(second.output()).isEqualTo(ExitCode.BUSY.code());
      assertThat(second.output())
          .contains("another run holds the vault", "process " + holder.pid());
      holder.signal("CONT");
      assertThat(holder.await()).as(holder.output()).isZero();
    }
  }

  /** The one that wrote its name into the lock's file. */
  private static RunProcess holder(Path vault, RunProcess one, RunProcess other)
      throws IOException, InterruptedException {
    Path lock = vault.resolve("state/vwap/run.lock");
    while (!one.endsWithin(10) && !other.endsWithin(10)) {
      String holder = Files.exists(lock) ? Files.readString(lock) : "";
      for (RunProcess each : new RunProcess[] {one, other}) {
        if (holder.startsWith("process " + each.pid() + " ")) {
          return each;
        }
      }
    }
    throw new AssertionError(
        "a run ended before one held the vault: " + one.output() + other.output());
  }
}
