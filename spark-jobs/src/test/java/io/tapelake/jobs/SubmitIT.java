package io.tapelake.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar as users submit it: to a standalone cluster, compared with a local run. */
final class SubmitIT {

  @TempDir private Path folder;

  @Test
  void clusterWritesWhatALocalRunWrites() throws Exception {
    Path runtime = Launcher.module().toAbsolutePath().resolve("target/runtime");
    Path work = Files.createDirectory(folder.resolve("cluster"));
    try (LoopbackCluster cluster = LoopbackCluster.start(runtime, work)) {
      Launcher.Outcome outcome =
          Launcher.in(folder)
              .run(
                  "run",
                  "--master",
                  cluster.url(),
                  "--executor-memory",
                  "512m",
                  "--vault",
                  "/tmp/tv");
      assertThat(outcome.exitCode()).as("%s", outcome.errors()).isZero();
      System.out.println(outcome.errors());
      assertThat(cluster.executors()).hasSize(2);
    }
  }
}
