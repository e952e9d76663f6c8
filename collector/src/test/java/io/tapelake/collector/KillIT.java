package io.tapelake.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@link KillTrial}; the long one is {@code -Dkill.seconds=1800 -Dkill.rate=2000
 * -Dkill.speed=1 -Dkill.collector=50 -Dkill.exchange=10}.
 */
class KillIT {

  @TempDir Path folder;

  @Test
  void killedProcessesLeaveEveryTradeOnce() throws Exception {
    long seed = System.nanoTime() % 1_000_000;
    KillTrial trial =
        new KillTrial(
            folder,
            Integer.getInteger("kill.instruments", 3),
            Integer.getInteger("kill.seconds", 25),
            Integer.getInteger("kill.rate", 1000),
            Integer.getInteger("kill.speed", 1),
            seed);
    KillTrial.Result result =
        trial.run(Integer.getInteger("kill.collector", 4), Integer.getInteger("kill.exchange", 1));
    System.out.println("kill: " + result);
    assertThat(result.trades()).as("seed %d: %s", seed, result).isGreaterThan(1_000);
    assertThat(result.duplicates()).as("duplicates, seed %d", seed).isZero();
    assertThat(result.wrong()).as("wrong lines, seed %d", seed).isZero();
    assertThat(result.missing()).as("missing, seed %d", seed).isZero();
    assertThat(result.journaled()).as("journaled as missing, seed %d", seed).isZero();
  }
}
