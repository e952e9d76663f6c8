package io.tapelake.jobs.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Signals and whole days are the oracle's, however the vault came to its content. */
final class SignalsMatchOracleIT {

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> signalsOfAGrowingVault() {
    return Seeds.each(1, SignalsMatchOracleIT::checkSignals);
  }

  @TestFactory
  Stream<DynamicTest> days() {
    return Seeds.each(1, SignalsMatchOracleIT::checkDays);
  }

  private static void checkSignals(long seed) throws IOException {
    GrowingVault growing = GrowingVault.of(seed + 4_000, 4);
    Path vault = Files.createDirectory(folder.resolve("signals-" + seed));
    OracleConfig config = growing.config().withAnalytics();
    for (GrowingVault.Step step : growing.steps()) {
      step.writeTo(vault);
      Expected expected = Oracle.compute(vault, config, step.asOf());
      String label = "seed %d as of %s".formatted(seed, step.asOf());
      Job.succeeds(label, expected, "run", vault, config, step.asOf());
      new Published(vault, label).signalsEqual(expected);
    }
  }

  private static void checkDays(long seed) throws IOException {
    RandomVault random = RandomVault.of(seed + 5_000, "1h,4h");
    Path vault = Files.createDirectory(folder.resolve("days-" + seed));
    random.writeTo(vault);
    OracleConfig config = random.config().withAnalytics();
    Instant asOf = random.times().last().plusSeconds(100);
    Expected expected = Oracle.compute(vault, config, asOf);
    Job.succeeds("seed " + seed, expected, "backfill", vault, config, asOf);
    new Published(vault, "seed " + seed).daysEqual(expected);
  }
}
