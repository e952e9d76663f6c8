package io.tapelake.jobs.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Signals are the oracle's, however the vault came to its content. */
final class SignalsMatchOracleIT {

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> signalsOfAGrowingVault() {
    return Seeds.each(1, SignalsMatchOracleIT::checkSignals);
  }

  private static void checkSignals(long seed) throws IOException {
    GrowingVault growing = GrowingVault.of(seed + 4_000, 2);
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
}
