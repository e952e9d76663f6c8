package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.jobs.commit.VaultLease;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A vault on a file system without locks: HDFS, as a name node and a data node in this process.
 *
 * <p>{@code -Dtapelake.hdfs.rounds=100} lets eight contend for an expired lease as often, {@code
 * -Dtapelake.hdfs.kills=50 -Dtapelake.hdfs.freezes=20} kills and stops as many runs, and {@code
 * -Dtapelake.hdfs.seed=N} repeats.
 */
final class HdfsIT {

  private static final int CONTENDERS = 8;
  private static final int ROUNDS = Integer.getInteger("tapelake.hdfs.rounds", 5);
  private static final int KILLS = Integer.getInteger("tapelake.hdfs.kills", 1);
  private static final int FREEZES = Integer.getInteger("tapelake.hdfs.freezes", 0);
  private static final long SEED = Long.getLong("tapelake.hdfs.seed", System.nanoTime());

  @TempDir private static java.nio.file.Path folder;

  private static MiniDFSCluster cluster;
  private static FileSystem hdfs;

  @BeforeAll
  static void start() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set("dfs.namenode.edits.noeditlogchannelflush", "true");
    configuration.set("fs.hdfs.impl", CountingHdfs.class.getName());
    cluster =
        new MiniDFSCluster.Builder(configuration, folder.resolve("cluster").toFile())
            .numDataNodes(1)
            .build();
    // Hadoop keeps it for all of this process; those that are started do not have the class.
    hdfs = cluster.getFileSystem();
  }

  @AfterAll
  static void stop() {
    cluster.shutdown();
  }

  @Test
  void runsLeaveWhatTheyLeaveOnALocalDisk() throws Exception {
    java.nio.file.Path local = Files.createDirectory(folder.resolve("local"));
    RemoteVault vault = new RemoteVault(hdfs, hdfs.getUri() + "/vault", local);
    vault.checkRuns(new ArrivingTrades(local, 20260104), KILLS, FREEZES, SEED);
  }

  @Test
  @EnabledIfSystemProperty(named = "tapelake.cost.days", matches = "\\d+")
  void aNewMinuteMovesAsManyBytesOnALongHistory() throws IOException {
    CostIT.checkBytesMoved(
        hdfs, hdfs.getUri() + "/cost", Files.createDirectory(folder.resolve("cost")));
  }

  /** HDFS keeps a file for whoever died while it wrote to it. */
  @Test
  void aFileThatWasLeftOpenGrowsFromWhereItCounts() throws IOException {
    VaultStore store = VaultStores.open(hdfs.getUri() + "/left-open", new Configuration());
    store.append("file", 0, bytes("counts\n"));
    try (FileSystem others = FileSystem.newInstance(hdfs.getUri(), new Configuration())) {
      FSDataOutputStream left = others.append(new Path(store.uri("file")));
      left.write(bytes("does not"));
      left.hflush();
      store.append("file", 7, bytes("more\n"));
      assertThat(store.read("file")).isEqualTo(bytes("counts\nmore\n"));
      assertThatThrownBy(
              () -> {
                left.write(bytes("late\n"));
                left.hsync();
              })
          .isInstanceOf(IOException.class);
      assertThat(store.read("file")).isEqualTo(bytes("counts\nmore\n"));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void runOnAVaultThatAnotherOneHoldsLeaves() throws IOException {
    java.nio.file.Path local = Files.createDirectory(folder.resolve("held"));
    new ArrivingTrades(local, 20260105).arriveWhole();
    String remote = hdfs.getUri() + "/held";
    new RemoteVault(hdfs, remote, local).upload();
    try (VaultLease held = take(remote, Clock.systemUTC())) {
      assertThat(held).isNotNull();
      assertThat(Outputs.execute("verify", remote)).isEqualTo(ExitCode.BUSY.code());
    }
    assertThat(Outputs.execute("verify", remote)).isEqualTo(ExitCode.USAGE.code());
  }

  /** Of many that want an expired lease at the same moment, one gets it. */
  @Test
  void oneOfManyTakesAnExpiredLease() throws Exception {
    Clock clock = Clock.systemUTC();
    ExecutorService threads = Executors.newFixedThreadPool(CONTENDERS);
    CyclicBarrier start = new CyclicBarrier(CONTENDERS);
    for (int round = 0; round < ROUNDS; round++) {
      String remote = hdfs.getUri() + "/wanted-" + round;
      // Of a run that crashed: nobody releases it.
      take(remote, Clock.offset(clock, Duration.ofHours(-1)));
      List<Future<Integer>> taken = new ArrayList<>();
      for (int i = 0; i < CONTENDERS; i++) {
        Callable<Integer> contender =
            () -> {
              start.await();
              return takes(remote, clock) ? 1 : 0;
            };
        taken.add(threads.submit(contender));
      }
      int winners = 0;
      for (Future<Integer> each : taken) {
        winners += each.get();
      }
      assertThat(winners).as("round %d", round).isEqualTo(1);
    }
    threads.shutdown();
  }

  private static boolean takes(String root, Clock clock) {
    try {
      take(root, clock);
      return true;
    } catch (JobException e) {
      assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(ExitCode.BUSY);
      return false;
    }
  }

  private static VaultLease take(String root, Clock clock) {
    return VaultLease.take(root, new Configuration(), clock, () -> {});
  }
}
