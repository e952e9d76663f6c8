package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What cannot be written ends a run with 1 and one line; when it can be, the next run mends all.
 *
 * <p>A file in place of a folder also stops those whom permissions do not stop. {@code
 * -Dtapelake.obstacles=all} puts all of them in the way.
 */
final class ObstacleIT {

  private static final String BTC = "BTC-USDT-SWAP";

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> atTheFirstRun() {
    return Stream.of(
            "lake/vwap_1m",
            "lake/bars_1m",
            "state/vwap/next",
            "derived/vwap/okx/perps/" + BTC,
            "quarantine/okx/trades_perps/" + BTC)
        .limit("all".equals(System.getProperty("tapelake.obstacles")) ? Long.MAX_VALUE : 0)
        .map(obstacle -> DynamicTest.dynamicTest(obstacle, () -> check(obstacle, false)));
  }

  @TestFactory
  Stream<DynamicTest> whenALateTradeReplacesTheExport() {
    String obstacle = "state/vwap/next";
    return Stream.of(DynamicTest.dynamicTest(obstacle, () -> check(obstacle, true)));
  }

  /** What tasks cannot write says nothing about the raw files: the outputs from before count. */
  @TestFactory
  Stream<DynamicTest> whenTasksMakeEverythingAnew() {
    return Stream.of("lake/trades/date=", "lake/bars_1m/date=")
        .map(obstacle -> DynamicTest.dynamicTest(obstacle, () -> checkTasks(obstacle)));
  }

  private static void checkTasks(String obstacle) throws IOException {
    Path vault = Files.createTempDirectory(folder, "vault");
    ArrivingTrades trades = new ArrivingTrades(vault, 7);
    for (int i = 0; i < 8; i++) {
      trades.arriveWhole();
    }
    String byTasks =
        Files.writeString(vault.resolve("tasks.properties"), "job.inline-megabytes=0\n").toString();
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    String before = Files.readString(vault.resolve("state/vwap/published.json"));
    String asOf = trades.now().toString();
    Path inTheWay = aside(vault, obstacle);
    Outputs.Ended ended = Outputs.listen("backfill", vault, "--config", byTasks, "--as-of", asOf);
    assertThat(ended.exit()).as(ended.errors()).isEqualTo(1);
    assertThat(ended.errors()).contains("nothing is lost").doesNotContain("cannot be read");
    assertThat(Files.readString(vault.resolve("state/vwap/published.json"))).isEqualTo(before);
    Files.delete(inTheWay);
    Files.move(inTheWay.resolveSibling("aside"), inTheWay);
    assertThat(Outputs.execute("backfill", vault, trades.now(), "--config", byTasks)).isZero();
    Outputs.assertSameAsBackfill(vault, trades.now(), obstacle);
  }

  /** Puts a file in the place of the first folder whose path begins so. */
  private static Path aside(Path vault, String obstacle) throws IOException {
    String prefix = vault.resolve(obstacle).toString();
    try (Stream<Path> found = Files.list(vault.resolve(obstacle).getParent())) {
      Path path =
          found.filter(each -> each.toString().startsWith(prefix)).findFirst().orElseThrow();
      Files.move(path, path.resolveSibling("aside"));
      return Files.writeString(path, "in the way\n");
    }
  }

  private static void check(String obstacle, boolean afterARun) throws IOException {
    Path vault = Files.createTempDirectory(folder, "vault");
    ArrivingTrades trades = new ArrivingTrades(vault, 7);
    for (int i = 0; i < 8; i++) {
      trades.arriveWhole();
      if (i == 3 && afterARun) {
        assertThat(Outputs.execute("run", vault, trades.now())).isZero();
      }
    }
    Path inTheWay = put(vault, obstacle);
    for (int attempt = 1; attempt <= 2; attempt++) {
      assertFailsWithOneLine(vault, trades, obstacle);
    }
    Files.delete(inTheWay);
    assertThat(Outputs.execute("run", vault, trades.now())).as(obstacle).isZero();
    Outputs.assertSameAsBackfill(vault, trades.now(), obstacle);
  }

  private static void assertFailsWithOneLine(Path vault, ArrivingTrades trades, String obstacle) {
    Outputs.Ended ended = Outputs.listenToRun(vault, trades.now());
    assertThat(ended.exit()).as(obstacle).isEqualTo(1);
    assertThat(ended.complaints())
        .as("%s: %s", obstacle, ended.errors())
        .hasSize(1)
        .first()
        .asString()
        .contains("nothing is lost");
    assertThat(ended.errors()).as(obstacle).doesNotContain("\tat io.tapelake");
  }

  private static Path put(Path vault, String obstacle) throws IOException {
    Path path = vault.resolve(obstacle);
    Files.createDirectories(path.getParent());
    Files.deleteIfExists(path); // the empty folder of a run before
    return Files.writeString(path, "in the way\n");
  }
}
