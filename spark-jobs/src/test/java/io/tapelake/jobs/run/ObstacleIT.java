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
