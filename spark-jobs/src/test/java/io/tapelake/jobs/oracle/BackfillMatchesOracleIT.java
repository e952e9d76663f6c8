package io.tapelake.jobs.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a vault holds, a backfill's outputs are the oracle's: files by byte, tables by row. */
final class BackfillMatchesOracleIT {

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> backfillOfARandomVault() {
    return Seeds.each(4, BackfillMatchesOracleIT::check);
  }

  private static void check(long seed) throws IOException {
    Dice dice = new Dice(seed + 2_000_000);
    RandomVault random = RandomVault.of(seed);
    Path vault = Files.createDirectory(folder.resolve("backfill-" + seed));
    random.writeTo(vault);
    Instant asOf = random.asOf(dice);
    if (dice.chance(0.25)) {
      // A backfill replaces whatever an earlier one left, also where that saw more.
      backfill("seed " + seed + ", first", vault, random.config(), asOf.plusSeconds(90_000));
    } else if (dice.chance(0.2)) {
      backfillWithoutTrades("seed " + seed + " as of " + asOf, vault, random.config(), asOf);
      return;
    }
    backfill("seed " + seed + " as of " + asOf, vault, random.config(), asOf);
  }

  private static void backfillWithoutTrades(
      String label, Path vault, OracleConfig config, Instant asOf) throws IOException {
    Expected expected = Oracle.compute(vault, config, asOf);
    Job.succeeds(label, expected, "backfill", vault, config, asOf, "--no-trades");
    Published published = new Published(vault, label + ", windows " + Job.windows(config));
    published.filesEqual(expected);
    published.tablesWithoutTradesEqual(expected);
    published.equalLines("trades", KernelTable.rows(vault, "trades"), List.of());
  }

  private static void backfill(String label, Path vault, OracleConfig config, Instant asOf)
      throws IOException {
    Expected expected = Oracle.compute(vault, config, asOf);
    Job.succeeds(label, expected, "backfill", vault, config, asOf);
    Published published = new Published(vault, label + ", windows " + Job.windows(config));
    published.filesEqual(expected);
    published.tablesEqual(expected);
  }
}
