package io.tapelake.jobs.oracle;

import static org.junit.jupiter.api.Assertions.assertAll;

import io.tapelake.jobs.oracle.OracleConfig.Anchor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every figure of the analytics is the oracle's, however the vault came to its content: exactly
 * where there is no root or logarithm in it, else to a relative error of 1e-12.
 */
final class AnalyticsMatchOracleIT {

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> backfillOfARandomVault() {
    return Seeds.each(1, AnalyticsMatchOracleIT::checkBackfill);
  }

  @TestFactory
  Stream<DynamicTest> growingVault() {
    return Seeds.each(1, AnalyticsMatchOracleIT::checkGrowing);
  }

  private static void checkBackfill(long seed) throws IOException {
    Dice dice = new Dice(seed + 6_000_000);
    RandomVault random = RandomVault.of(seed + 2_000);
    Path vault = Files.createDirectory(folder.resolve("backfill-" + seed));
    random.writeTo(vault);
    OracleConfig config =
        random.config().withAnalytics(anchors(dice, random)).withCvdOrigin(origin(dice, random));
    Instant asOf = random.asOf(dice);
    Expected expected = Oracle.compute(vault, config, asOf);
    String label =
        "seed %d as of %s, windows %s, anchors %s, origin %s"
            .formatted(seed, asOf, Job.windows(config), config.anchors(), config.cvdOrigin());
    Job.succeeds(label, expected, "backfill", vault, config, asOf);
    Published published = new Published(vault, label);
    assertAll(() -> published.tablesEqual(expected), () -> published.filesEqual(expected));
  }

  /** Mostly amid the trades, sometimes before or behind all of them, sometimes none. */
  private static Instant origin(Dice dice, RandomVault random) {
    if (dice.chance(0.2)) {
      return null;
    }
    Instant trade = dice.pick(List.copyOf(random.times())).truncatedTo(ChronoUnit.MINUTES);
    return dice.chance(0.2) ? trade.plusSeconds(86_400L * dice.between(-9, 9)) : trade;
  }

  /** One before everything, one at a trade, one that may lie behind everything. */
  private static Anchor[] anchors(Dice dice, RandomVault random) {
    Instant trade = dice.pick(List.copyOf(random.times())).truncatedTo(ChronoUnit.MINUTES);
    Instant newest = random.times().last().truncatedTo(ChronoUnit.MINUTES);
    return new Anchor[] {
      new Anchor("fomc", trade),
      new Anchor("ever", Instant.parse("1960-01-01T00:00:00Z")),
      new Anchor("cpi2", newest.plusSeconds(60L * dice.between(-90, 2)))
    };
  }

  private static void checkGrowing(long seed) throws IOException {
    Dice dice = new Dice(seed + 7_000_000);
    GrowingVault growing = GrowingVault.of(seed + 3_001, dice.between(3, 5));
    Path vault = Files.createDirectory(folder.resolve("grown-" + seed));
    Instant some = dice.pick(growing.steps()).asOf().truncatedTo(ChronoUnit.MINUTES);
    OracleConfig config =
        growing
            .config()
            .withAnalytics(new Anchor("amid", some.minusSeconds(60L * dice.between(0, 400))))
            .withCvdOrigin(some.minusSeconds(60L * dice.between(-100, 400)));
    Expected expected = null;
    Instant asOf = null;
    for (GrowingVault.Step step : growing.steps()) {
      step.writeTo(vault);
      asOf = step.asOf();
      expected = Oracle.compute(vault, config, asOf);
      String label = "seed %d, step %d".formatted(seed, growing.steps().indexOf(step));
      Job.succeeds(label, expected, "run", vault, config, asOf);
      Published published = new Published(vault, label);
      published.filesEqual(expected);
      if (dice.chance(0.3)) {
        published.tablesEqual(expected);
      }
    }
    Published grown = new Published(vault, "seed " + seed + ", end as of " + asOf);
    grown.tablesEqual(expected);
    Path fresh = vault.resolveSibling(vault.getFileName() + "-backfill");
    VaultCopy.rawFiles(vault, fresh);
    Job.succeeds("fresh vault", expected, "backfill", fresh, config, asOf);
    Published backfilled = new Published(fresh, "fresh vault of seed " + seed);
    backfilled.tablesEqual(expected);
    grown.equalFiles("file, backfill against runs,", grown.files(), backfilled.files());
  }
}
