package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.LogStore;
import io.tapelake.jobs.store.ConditionalLogStore;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A vault on S3, of a server that runs as a process on this machine.
 *
 * <p>{@code -Dtapelake.s3.kills=50 -Dtapelake.s3.freezes=20} kills and stops as many runs, {@code
 * -Dtapelake.s3.seed=N} repeats, {@code -Dtapelake.s3.rounds=100} lets eight contend for a commit
 * as often.
 */
final class S3IT {

  private static final int CONTENDERS = 8;
  private static final int ROUNDS = Integer.getInteger("tapelake.s3.rounds", 5);
  private static final int KILLS = Integer.getInteger("tapelake.s3.kills", 0);
  private static final int FREEZES = Integer.getInteger("tapelake.s3.freezes", 1);
  private static final long SEED = Long.getLong("tapelake.s3.seed", System.nanoTime());

  @TempDir private static Path folder;

  private static S3Server server;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(Files.createDirectory(folder.resolve("server")));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void runsLeaveWhatTheyLeaveOnALocalDisk() throws Exception {
    Path local = Files.createDirectory(folder.resolve("local"));
    RemoteVault vault = new RemoteVault(server.files(), server.uri("vault"), local);
    vault.checkRuns(new ArrivingTrades(local, 20260110), KILLS, FREEZES, SEED);
  }

  @Test
  @EnabledIfSystemProperty(named = "tapelake.cost.days", matches = "\\d+")
  void aNewMinuteMovesAsManyBytesOnALongHistory() throws IOException {
    CostIT.checkBytesMoved(
        server.files(), server.uri("cost"), Files.createDirectory(folder.resolve("cost")));
  }

  /** A large object grows and is cut off without its bytes coming by here. */
  @Test
  void theStoreItselfCopiesWhatALargeObjectHas() throws IOException {
    VaultStore store = VaultStores.open(server.uri("copies"), VaultStores.configuration());
    byte[] bytes = new byte[(6 << 20) + 7];
    new Random(1).nextBytes(bytes);
    int first = bytes.length - 3_000;
    store.append("file", 0, Arrays.copyOf(bytes, first));
    FileSystem.Statistics moved = statistics();
    for (int from = first; from < bytes.length; from += 1_000) {
      store.append("file", from, Arrays.copyOfRange(bytes, from, from + 1_000));
    }
    assertThat(moved.getBytesWritten()).isLessThan(10_000);
    assertThat(moved.getBytesRead()).isZero();
    assertThat(store.read("file")).isEqualTo(bytes);
    for (int length : new int[] {bytes.length - 1, (5 << 20) + 1, 4_000, 0}) {
      store.truncate("file", length);
      assertThat(store.read("file")).isEqualTo(Arrays.copyOf(bytes, length));
    }
    store.append("small", 0, Arrays.copyOf(bytes, 50_000));
    moved = statistics();
    store.move("small", "file");
    assertThat(moved.getBytesWritten() + moved.getBytesRead()).isZero();
    assertThat(store.read("file")).isEqualTo(Arrays.copyOf(bytes, 50_000));
    assertThatThrownBy(() -> store.move("small", "file")).isInstanceOf(IOException.class);
  }

  private static FileSystem.Statistics statistics() {
    FileSystem.clearStatistics();
    return FileSystem.getAllStatistics().stream()
        .filter(each -> each.getScheme().equals("s3a"))
        .findFirst()
        .orElseThrow();
  }

  /** Of many that make the same commit at the same moment, one does, whatever process it is of. */
  @Test
  void oneOfManyMakesACommit() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CONTENDERS);
    CyclicBarrier start = new CyclicBarrier(CONTENDERS);
    for (int round = 0; round < ROUNDS; round++) {
      String commit = server.uri("log/%020d.json".formatted(round));
      List<Future<Boolean>> written = new ArrayList<>();
      for (int i = 0; i < CONTENDERS; i++) {
        String line = "contender " + i;
        Callable<Boolean> contender =
            () -> {
              start.await();
              return writes(commit, line);
            };
        written.add(threads.submit(contender));
      }
      List<String> winners = new ArrayList<>();
      for (int i = 0; i < CONTENDERS; i++) {
        if (written.get(i).get()) {
          winners.add("contender " + i + "\n");
        }
      }
      try (InputStream in = server.files().open(new org.apache.hadoop.fs.Path(commit))) {
        assertThat(winners).containsExactly(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    threads.shutdown();
  }

  private static boolean writes(String commit, String line) throws IOException {
    Configuration configuration = VaultStores.configuration();
    LogStore log = new ConditionalLogStore(configuration);
    try {
      log.write(
          new org.apache.hadoop.fs.Path(commit), List.of(line).iterator(), false, configuration);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }
}
