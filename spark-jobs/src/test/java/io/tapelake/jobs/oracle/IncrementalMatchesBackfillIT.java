package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * However a vault came to its content, and whenever the job ran in between, what is published is
 * what one backfill publishes, and what the oracle says.
 */
final class IncrementalMatchesBackfillIT {

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> growingVault() {
    return Seeds.each(3, seed -> check("grown", seed, GrowingVault.of(seed, steps(seed))));
  }

  @TestFactory
  Stream<DynamicTest> growingVaultWithFilesThatShrink() {
    return Seeds.each(
        2, seed -> check("shrunk", seed + 500, GrowingVault.withRewrites(seed + 500, steps(seed))));
  }

  private static int steps(long seed) {
    return new Dice(seed + 3_000_000).between(3, 7);
  }

  private static void check(String kind, long seed, GrowingVault growing) throws IOException {
    Dice dice = new Dice(seed + 4_000_000);
    Path vault = Files.createDirectory(folder.resolve(kind + "-" + seed));
    OracleConfig config = growing.config();
    Expected expected = null;
    Instant asOf = null;
    for (GrowingVault.Step step : growing.steps()) {
      String label = "seed " + seed + ", step " + growing.steps().indexOf(step);
      if (asOf != null && dice.chance(0.1)) {
        refusesToGoBack(label, vault, config, asOf);
      }
      step.writeTo(vault);
      asOf = step.asOf();
      expected = Oracle.compute(vault, config, asOf);
      String verb = dice.chance(0.15) ? "backfill" : "run";
      Job.succeeds(label, expected, verb, vault, config, asOf);
      Published published = new Published(vault, label + ", " + verb + " as of " + asOf);
      published.filesEqual(expected);
      if (dice.chance(0.3)) {
        published.tablesEqual(expected);
      }
    }
    Published grown = new Published(vault, "seed " + seed + ", end as of " + asOf);
    grown.tablesEqual(expected);
    repeatsNothing(grown, expected, vault, config, asOf);
    equalsBackfill(grown, expected, vault, config, asOf);
  }

  private static void refusesToGoBack(String label, Path vault, OracleConfig config, Instant asOf)
      throws IOException {
    Published published = new Published(vault, label);
    var before = published.files();
    assertThat(Job.execute("run", vault, config, asOf.minusSeconds(61))).as(label).isEqualTo(2);
    published.equalFiles("file after a refused run", published.files(), before);
  }

  /** A second run on the same bytes and as-of commits nothing and leaves every file. */
  private static void repeatsNothing(
      Published published, Expected expected, Path vault, OracleConfig config, Instant asOf)
      throws IOException {
    List<String> commits = published.commits();
    var files = published.files();
    Job.succeeds("again", expected, "run", vault, config, asOf);
    assertThat(published.commits()).as("commits of a run without new data").isEqualTo(commits);
    published.equalFiles("file after a run without new data", published.files(), files);
  }

  /** A fresh vault with the same raw files, backfilled once: the same, cursors included. */
  private static void equalsBackfill(
      Published grown, Expected expected, Path vault, OracleConfig config, Instant asOf)
      throws IOException {
    Path fresh = Files.createDirectory(vault.resolveSibling(vault.getFileName() + "-backfill"));
    Path raw = vault.resolve(RandomVault.RAW);
    try (Stream<Path> paths = Files.walk(raw)) {
      for (Path path : paths.toList()) {
        Path copy = fresh.resolve(RandomVault.RAW).resolve(raw.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
    Job.succeeds("fresh vault", expected, "backfill", fresh, config, asOf);
    Published backfilled = new Published(fresh, "fresh vault");
    backfilled.filesEqual(expected);
    backfilled.tablesEqual(expected);
    grown.equalFiles("file, backfill against runs,", grown.files(), backfilled.files());
  }
}
