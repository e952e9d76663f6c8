package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A vault of which a part was restored from an older copy, lost, or exchanged for another vault's,
 * and to which new trades come: whatever it is, a run is right, or stops and names the way out.
 *
 * <p>{@code -Dtapelake.restores=20} tries as many, {@code -Dtapelake.restores.seed=N} repeats.
 */
final class RestoredPartsIT {

  private static final int RESTORES = Integer.getInteger("tapelake.restores", 4);
  private static final long SEED = Long.getLong("tapelake.restores.seed", System.nanoTime());
  private static final int STAGES = 4;
  private static final List<String> PARTS =
      List.of("lake", "state", "derived", "lake/bars_1m", "lake/vwap_1m", "lake/signals");

  @TempDir private Path folder;

  @Test
  void aRunIsRightOrStops() throws Exception {
    Random random = new Random(SEED);
    List<Path> stages = stages();
    Path newest = stages.get(STAGES - 1);
    Path expected = folder.resolve("expected");
    copy(newest.resolve("raw"), expected.resolve("raw"), true);
    assertThat(Outputs.execute("backfill", expected, now)).isZero();
    int right = 0;
    for (int i = 0; i < RESTORES; i++) {
      Path vault = folder.resolve("vault-" + i);
      String what = restore(vault, stages, random);
      String label =
          "%s (-Dtapelake.restores=%d -Dtapelake.restores.seed=%d)".formatted(what, RESTORES, SEED);
      Outputs.Ended ended = Outputs.listenToRun(vault, now);
      if (ended.exit() != 0) {
        assertThat(ended.exit()).as("%s: %s", label, ended.errors()).isEqualTo(4);
        assertThat(ended.errors()).as(label).contains("./tapelake backfill");
        assertThat(Outputs.execute("backfill", vault, now)).as(label).isZero();
      } else {
        right++;
      }
      System.out.printf("%s: exit %d%n", what, ended.exit());
      Outputs.assertSame(vault, expected, label);
      assertThat(Outputs.execute("verify", vault.toString())).as(label).isZero();
      delete(vault);
    }
    System.out.printf("%d restores: %d right at once%n", RESTORES, right);
  }

  private java.time.Instant now;

  /** The vault after each of some runs, and at last with trades that no run has read. */
  private List<Path> stages() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, SEED);
    List<Path> stages = new ArrayList<>();
    for (int stage = 0; stage < STAGES; stage++) {
      for (int piece = 0; piece < 3; piece++) {
        trades.arriveWhole();
      }
      now = trades.now();
      if (stage < STAGES - 1) {
        assertThat(Outputs.execute("run", vault, now)).isZero();
      }
      Path copy = folder.resolve("stage-" + stage);
      copy(vault, copy, true);
      stages.add(copy);
    }
    return stages;
  }

  private static String restore(Path vault, List<Path> stages, Random random) throws Exception {
    boolean keepsTimes = random.nextBoolean();
    copy(stages.get(STAGES - 1), vault, keepsTimes);
    String part = PARTS.get(random.nextInt(PARTS.size()));
    int stage = random.nextInt(STAGES) - 1;
    delete(vault.resolve(part));
    if (stage >= 0 && Files.exists(stages.get(stage).resolve(part))) {
      copy(stages.get(stage).resolve(part), vault.resolve(part), keepsTimes);
    }
    return part + (stage < 0 ? " gone" : " of run " + stage) + (keepsTimes ? "" : ", times anew");
  }

  private static void copy(Path from, Path to, boolean keepsTimes) throws Exception {
    Files.createDirectories(to.getParent());
    run("cp", keepsTimes ? "-a" : "-R", from.toString(), to.toString());
  }

  private static void delete(Path path) throws Exception {
    run("rm", "-rf", path.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
