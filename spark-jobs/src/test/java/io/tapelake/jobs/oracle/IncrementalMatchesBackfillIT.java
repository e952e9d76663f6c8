package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
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
    return Seeds.each(1, seed -> check("grown", seed, GrowingVault.of(seed, steps(seed))));
  }

  @TestFactory
  Stream<DynamicTest> growingVaultWithFilesThatShrink() {
    return Seeds.each(
        1, seed -> check("shrunk", seed + 500, GrowingVault.withRewrites(seed + 500, steps(seed))));
  }

  /** Missing files are a person's business; taken out at last, they leave nothing behind. */
  @TestFactory
  Stream<DynamicTest> vaultWithAFileThatVanishes() {
    return Seeds.each(1, seed -> checkVanishing(seed + 900));
  }

  /** What a file published is taken out when too much of it is refused, and comes back. */
  @Test
  void fileThatTurnsBrokenAndBack() throws IOException {
    OracleConfig config = OracleConfig.ofWindows("1h,4h");
    Path vault = folder.resolve("broken");
    Instant start = Instant.parse("2025-12-14T12:00:00Z");
    Draft draft = new RandomTrades(new Dice(1), "BTC-USDT-SWAP", config).list(start, 1).get(0);
    String other = draft.withText("trade_id", "77").withText("price", "3").compact() + "\n";
    Path file = RandomVault.file(vault, "BTC-USDT-SWAP/2025-12-14");
    Files.createDirectories(file.getParent());

    Files.writeString(file, (draft.compact() + "\n").repeat(999) + other);
    runAndCompare("sound", vault, config, start.plusSeconds(100), 0);
    Files.writeString(file, "x\n".repeat(11), StandardOpenOption.APPEND);
    runAndCompare("11 of 1011 lines refused", vault, config, start.plusSeconds(200), 4);
    runAndCompare("still broken", vault, config, start.plusSeconds(300), 4);
    Files.writeString(file, other.repeat(89), StandardOpenOption.APPEND);
    runAndCompare("11 of 1100 lines refused", vault, config, start.plusSeconds(400), 0);
  }

  private static void runAndCompare(
      String label, Path vault, OracleConfig config, Instant asOf, int exitCode)
      throws IOException {
    Expected expected = Oracle.compute(vault, config, asOf);
    assertThat(Job.execute("run", vault, config, asOf)).as(label).isEqualTo(exitCode);
    new Published(vault, label).filesEqual(expected);
    new Published(vault, label).tablesEqual(expected);
  }

  private static int steps(long seed) {
    return new Dice(seed + 3_000_000).between(3, 6);
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
      if (dice.chance(0.2)) {
        backfillSomeDays(label, dice, expected, vault, config, asOf);
        published.filesEqual(expected);
        published.tablesEqual(expected);
      } else if (dice.chance(0.2)) {
        published.tablesEqual(expected);
      }
    }
    Published grown = new Published(vault, "seed " + seed + ", end as of " + asOf);
    grown.tablesEqual(expected);
    repeatsNothing(grown, expected, vault, config, asOf);
    equalsBackfill(grown, expected, vault, config, asOf);
  }

  /** Recomputing days of a vault that is up to date changes nothing. */
  private static void backfillSomeDays(
      String label, Dice dice, Expected expected, Path vault, OracleConfig config, Instant asOf)
      throws IOException {
    List<String> days = RandomVault.days(vault);
    String one = dice.pick(days);
    String other = dice.pick(days);
    boolean ordered = one.compareTo(other) <= 0;
    String from = ordered ? one : other;
    String to = ordered ? other : one;
    // Files of other days are not looked at, so only a broken one in the range is reported.
    boolean broken =
        expected.broken().stream()
            .map(name -> name.substring(name.indexOf('/') + 1))
            .anyMatch(day -> from.compareTo(day) <= 0 && day.compareTo(to) <= 0);
    assertThat(Job.execute("backfill", vault, config, asOf, "--from", from, "--to", to))
        .as("%s, days %s to %s, broken %s", label, from, to, expected.broken())
        .isEqualTo(broken ? 4 : 0);
  }

  private static void checkVanishing(long seed) throws IOException {
    Dice dice = new Dice(seed + 5_000_000);
    RandomVault random = RandomVault.of(seed, "1h,4h");
    OracleConfig config = OracleConfig.ofWindows("1h,4h");
    Path vault = folder.resolve("vanished-" + seed);
    random.writeTo(vault);
    Instant asOf = random.times().last().plusSeconds(100);
    Job.succeeds("seed " + seed, Oracle.compute(vault, config, asOf), "run", vault, config, asOf);
    String gone = dice.pick(List.copyOf(random.files().keySet()));
    Files.delete(RandomVault.file(vault, gone));
    String label = "seed " + seed + " without " + gone;

    assertThat(Job.execute("run", vault, config, asOf)).as(label).isEqualTo(4);

    Expected expected = Oracle.compute(vault, config, asOf);
    Job.succeeds(label, expected, "run", vault, config, asOf, "--accept-missing");
    new Published(vault, label).filesEqual(expected);
    new Published(vault, label).tablesEqual(expected);
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
    Path fresh = vault.resolveSibling(vault.getFileName() + "-backfill");
    VaultCopy.rawFiles(vault, fresh);
    Job.succeeds("fresh vault", expected, "backfill", fresh, config, asOf);
    Published backfilled = new Published(fresh, "fresh vault");
    backfilled.filesEqual(expected);
    backfilled.tablesEqual(expected);
    grown.equalFiles("file, backfill against runs,", grown.files(), backfilled.files());
  }
}
