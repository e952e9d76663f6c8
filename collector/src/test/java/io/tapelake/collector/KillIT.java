package io.tapelake.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link KillTrial}. */
class KillIT {

  @TempDir Path folder;

  @Test
  void killedProcessesLeaveEveryTradeOnce() throws Exception {
    long seed = System.nanoTime() % 1_000_000;
    KillTrial trial = new KillTrial(folder, 45, 1000, 1, seed);
    KillTrial.Result result = trial.run(5, 1);
    assertThat(result.trades()).as("seed %d: %s", seed, result).isGreaterThan(10_000);
    assertThat(result.duplicates()).as("duplicates, seed %d", seed).isZero();
    assertThat(result.wrong()).as("wrong lines, seed %d", seed).isZero();
    assertThat(result.missing()).as("missing, seed %d", seed).isZero();
    assertThat(result.journaled()).as("journaled as missing, seed %d", seed).isZero();
  }
}
