package io.tapelake.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.oracle.KernelTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar as users submit it: to a standalone cluster, compared with a run in this JVM.
 */
final class SubmitIT {

  private static final List<String> TABLES =
      List.of(
          "bars_1m",
          "vwap_1m",
          "bands_1m",
          "flow_1m",
          "volume_profile",
          "sessions_1d",
          "signals",
          "trades");

  /** What a backfill's stages do, by the first word that is said of each. */
  private static final List<String> STAGES = List.of("derive", "measure", "signals", "write");

  /** Kills: one in each stage of an executor, and behind those one in each of a worker. */
  private static final int KILLS = Integer.getInteger("tapelake.cluster-kills", 1);

  @TempDir private Path folder;

  /**
   * A cluster, in whose tasks all is made and where something is killed meanwhile, and this JVM,
   * where all is made inline, leave the same.
   */
  @TestFactory
  Stream<DynamicTest> clusterWritesWhatALocalRunWrites() throws Exception {
    Path byLocal = folder.resolve("by local");
    SampleVault.write(byLocal);
    assertThat(Tapelake.execute(backfill(byLocal, "local[2]"))).isZero();
    assertThat(files(byLocal)).hasSizeGreaterThanOrEqualTo(9);
    return IntStream.range(0, KILLS)
        .mapToObj(
            kill -> STAGES.get(kill % STAGES.size()) + (kill < STAGES.size() ? "" : ": worker"))
        .map(where -> DynamicTest.dynamicTest(where, () -> checkWithAKill(where, byLocal)));
  }

  private void checkWithAKill(String where, Path byLocal) throws Exception {
    Path byCluster = folder.resolve("100% [c] {#} ü, " + where.replace(":", ","));
    SampleVault.write(byCluster);
    Path runtime = Launcher.module().toAbsolutePath().resolve("target/runtime");
    Path work = Files.createDirectory(folder.resolve("cluster-" + where.replace(": ", "-")));
    Path events = Files.createDirectory(work.resolve("events"));
    try (LoopbackCluster cluster = LoopbackCluster.start(runtime, work)) {
      CompletableFuture<Launcher.Outcome> run =
          CompletableFuture.supplyAsync(() -> submit(byCluster, cluster.url(), events));
      awaitStage(where.split(":")[0], events, run);
      assertThat(where.endsWith("worker") ? cluster.killWorker() : cluster.killExecutor())
          .as("there was something to kill")
          .isTrue();
      Launcher.Outcome outcome = run.get();
      assertThat(outcome.exitCode()).as("%s", outcome).isZero();
      assertThat(cluster.executors()).as("executors of both workers").hasSizeGreaterThan(1);
    }
    assertThat(files(byCluster)).isEqualTo(files(byLocal));
    assertTablesEqual(byCluster, byLocal);
  }

  /** Waits until a stage has begun, as Spark's event log tells. */
  private static void awaitStage(String stage, Path events, CompletableFuture<?> run)
      throws Exception {
    String begun = "\"spark.job.description\":\"" + stage + " ";
    while (!run.isDone()) {
      try (Stream<Path> logs = Files.list(events)) {
        for (Path log : logs.toList()) {
          if (Files.readString(log).contains(begun)) {
            return;
          }
        }
      }
      Thread.sleep(10);
    }
    throw new AssertionError("it ended without a stage that does " + stage + ": " + run.get());
  }

  /** With the first compiler only: the processes are gone before a second one pays. */
  private Launcher.Outcome submit(Path vault, String master, Path events) {
    try {
      Path tasks =
          Files.writeString(events.resolveSibling("tasks.properties"), "job.inline-megabytes=0\n");
      List<String> arguments = new ArrayList<>(List.of(backfill(vault, master)));
      arguments.addAll(List.of("--config", tasks.toString(), "--executor-memory", "512m"));
      arguments.addAll(
          List.of(
              "--conf",
              "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));
      // What a site's defaults may have, and the job cannot do with.
      arguments.addAll(
          List.of(
              "--conf",
              "spark.serializer=org.apache.spark.serializer.KryoSerializer",
              "--conf",
              "spark.sql.sources.v2.bucketing.enabled=false"));
      arguments.addAll(EventLog.options(events));
      return Launcher.in(folder)
          .with("TAPELAKE_JVM", "-XX:TieredStopAtLevel=1")
          .run(arguments.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String[] backfill(Path vault, String master) {
    return new String[] {
      "backfill", "--vault", vault.toString(), "--as-of", SampleVault.AS_OF, "--master", master
    };
  }

  /** Exports, quarantine and cursors. */
  private static SortedMap<String, String> files(Path vault) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    for (String part : List.of("derived", "quarantine", "state/vwap/okx")) {
      try (Stream<Path> paths = Files.walk(vault.resolve(part))) {
        for (Path path : paths.filter(Files::isRegularFile).toList()) {
          String name = vault.relativize(path).toString();
          if (!path.getFileName().toString().startsWith(".")) {
            files.put(name, Files.readString(path, StandardCharsets.UTF_8));
          }
        }
      }
    }
    return files;
  }

  /** Every row of one is a row of the other as often, and there are some. */
  private static void assertTablesEqual(Path one, Path other) throws IOException {
    for (String table : TABLES) {
      assertThat(rows(one, table)).as(table).isNotEmpty().isEqualTo(rows(other, table));
    }
  }

  private static List<String> rows(Path vault, String table) throws IOException {
    return KernelTable.rows(vault, table).stream().sorted().toList();
  }
}
