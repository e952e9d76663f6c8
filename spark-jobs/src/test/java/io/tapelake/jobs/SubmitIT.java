package io.tapelake.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar as users submit it: to a standalone cluster, compared with a run in this JVM.
 */
final class SubmitIT {

  private static final List<String> TABLES = List.of("bars_1m", "vwap_1m", "trades");

  @TempDir private Path folder;

  @Test
  void clusterWritesWhatALocalRunWrites() throws Exception {
    Path byCluster = folder.resolve("by cluster");
    Path byLocal = folder.resolve("by local");
    SampleVault.write(byCluster);
    SampleVault.write(byLocal);

    Path runtime = Launcher.module().toAbsolutePath().resolve("target/runtime");
    Path work = Files.createDirectory(folder.resolve("cluster"));
    try (LoopbackCluster cluster = LoopbackCluster.start(runtime, work)) {
      submit(byCluster, cluster.url());
      assertThat(cluster.executors()).as("executors of both workers").hasSize(2);
    }
    assertThat(Tapelake.execute(backfill(byLocal, "local[2]"))).isZero();

    assertThat(files(byLocal)).hasSizeGreaterThanOrEqualTo(9);
    assertThat(files(byCluster)).isEqualTo(files(byLocal));
    assertTablesEqual(byCluster, byLocal);
  }

  /** With the first compiler only: the processes are gone before a second one pays. */
  private void submit(Path vault, String master) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(backfill(vault, master)));
    arguments.addAll(List.of("--executor-memory", "512m"));
    arguments.addAll(
        List.of(
            "--conf", "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));
    Launcher launcher = Launcher.in(folder).with("TAPELAKE_JVM", "-XX:TieredStopAtLevel=1");
    Launcher.Outcome outcome = launcher.run(arguments.toArray(String[]::new));
    assertThat(outcome.exitCode()).as("%s: %s", arguments, outcome.errors()).isZero();
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
  private void assertTablesEqual(Path one, Path other) throws Exception {
    List<String> counts = new ArrayList<>();
    for (String table : TABLES) {
      String theirs = "delta.`" + other.resolve("lake").resolve(table) + "`";
      counts.add(
          ("select '%1$s', (select count(*) > 0 from %1$s),"
                  + " (select count(*) from (select * from %1$s except all select * from %2$s)),"
                  + " (select count(*) from (select * from %2$s except all select * from %1$s))")
              .formatted(table, theirs));
    }
    Launcher.Outcome outcome =
        Launcher.in(folder)
            .run(
                "sql",
                "--vault",
                one.toString(),
                "--master",
                "local[2]",
                "--format",
                "csv",
                String.join(" union all ", counts));
    assertThat(outcome.exitCode()).as("%s", outcome.errors()).isZero();
    assertThat(outcome.output().subList(1, outcome.output().size()))
        .containsExactlyInAnyOrderElementsOf(
            TABLES.stream().map(table -> table + ",true,0,0").toList());
  }
}
