package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** A vault on a file system without locks, and its twin on a local disk. */
final class RemoteVault {

  private static final List<String> OUTPUTS = List.of("derived", "quarantine", "state/vwap/okx");

  /** Where nothing says when a process dies, and what it writes may be on its way still. */
  private static final int MILLIS_AT_MOST = 15_000;

  private static final int ATTEMPTS = 20;

  private final FileSystem files;
  private final String root;
  private final java.nio.file.Path local;

  /**
   * A vault without outputs.
   *
   * @param root its URI
   * @param local its twin
   */
  RemoteVault(FileSystem files, String root, java.nio.file.Path local) {
    this.files = files;
    this.root = root;
    this.local = local;
  }

  /**
   * Runs with late trades between them, of which some are killed or stopped before one that comes
   * to its end, leave the bytes that runs leave on a local disk. Who is stopped goes on after its
   * successor has published, and changes nothing.
   *
   * @param kills how many, in turn after a step and at a random moment; so are the freezes
   */
  void checkRuns(ArrivingTrades trades, int kills, int freezes, long seed) throws Exception {
    Random random = new Random(seed);
    checkRun(trades);
    for (int i = 0; i < kills; i++) {
      String step = i % 2 == 0 ? KillIT.STEPS.get(i / 2 % KillIT.STEPS.size()) : null;
      repeat(
          "kill %d after %s, seed %d".formatted(i, step, seed), () -> kill(step, random, trades));
    }
    for (int i = 0; i < freezes; i++) {
      String step = i % 2 == 0 ? FreezeIT.STEPS.get(i / 2 % FreezeIT.STEPS.size()) : null;
      repeat(
          "freeze %d after %s, seed %d".formatted(i, step, seed),
          () -> freeze(step, random, trades));
    }
    assertThat(Outputs.execute("verify", root)).isZero();
  }

  /** Not every run comes to every step, and some are done before their moment. */
  private static void repeat(String label, Callable<Boolean> attempt) throws Exception {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (attempt.call()) {
        System.out.println(label);
        return;
      }
    }
    throw new AssertionError(label + ": no run came to it");
  }

  private boolean kill(String step, Random random, ArrivingTrades trades) throws Exception {
    arrive(trades);
    boolean isKilled;
    try (RunProcess run = RunProcess.start(root, trades.now(), step, "--alerts-stdout")) {
      if (step == null && !run.endsWithin(random.nextInt(MILLIS_AT_MOST))) {
        run.kill();
      }
      isKilled = run.await() == RunProcess.KILLED;
      assertThat(isKilled || run.await() == 0).as(run.output()).isTrue();
    }
    letItsLeaseExpire();
    checkRun(trades);
    return isKilled;
  }

  private boolean freeze(String step, Random random, ArrivingTrades trades) throws Exception {
    arrive(trades);
    try (RunProcess run = RunProcess.startFrozenAfter(step, root, trades.now())) {
      if (step == null && !run.endsWithin(random.nextInt(MILLIS_AT_MOST))) {
        run.signal("STOP");
      }
      if (!run.isStopped()) {
        assertThat(run.await()).as(run.output()).isZero();
        checkRun(trades);
        return false;
      }
      letItsLeaseExpire();
      checkRun(trades);
      SortedMap<String, String> before = whatCounts();
      run.signal("CONT");
      assertThat(run.await()).as("%s: %s", step, run.output()).isIn(FreezeIT.ends(step));
      assertThat(whatCounts()).isEqualTo(before);
    }
    checkRun(trades);
    return true;
  }

  /** As if two minutes were over. */
  private void letItsLeaseExpire() throws IOException {
    for (FileStatus lease : files.listStatus(new Path(root, "state/vwap/leases"))) {
      String text = read(lease.getPath());
      String expired = text.replaceFirst("\"expires\":\"[^\"]*", "\"expires\":\"" + Instant.EPOCH);
      try (OutputStream out = files.create(lease.getPath(), true)) {
        out.write(expired.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Outputs, the publication, and the tables' logs. */
  private SortedMap<String, String> whatCounts() throws IOException {
    SortedMap<String, String> counts = new TreeMap<>();
    counts.put("published", found("state/vwap").get("published.json"));
    for (String part : OUTPUTS) {
      counts.putAll(found(part));
    }
    found("lake")
        .forEach(
            (name, text) -> {
              if (name.matches("[^/]+/_delta_log/\\d{20}\\.json")) {
                counts.put(name, text);
              }
            });
    return counts;
  }

  private void arrive(ArrivingTrades trades) throws IOException {
    for (int piece = 0; piece < 4; piece++) {
      trades.arriveWhole();
    }
    upload();
  }

  private void checkRun(ArrivingTrades trades) throws IOException {
    arrive(trades);
    for (String vault : List.of(local.toString(), root)) {
      assertThat(Outputs.execute("run", vault, "--as-of", trades.now().toString()))
          .as(vault)
          .isZero();
    }
    for (String part : OUTPUTS) {
      assertThat(found(part)).isNotEmpty().isEqualTo(expected(part));
    }
  }

  /** Brings the raw files to what the twin has. */
  void upload() throws IOException {
    Path target = new Path(root, "raw");
    files.mkdirs(target.getParent());
    files.delete(target, true);
    files.copyFromLocalFile(false, true, new Path(local.resolve("raw").toUri()), target);
  }

  private SortedMap<String, String> expected(String part) throws IOException {
    SortedMap<String, String> expected = new TreeMap<>();
    java.nio.file.Path folder = local.resolve(part);
    try (Stream<java.nio.file.Path> paths = Files.walk(folder)) {
      for (java.nio.file.Path path : paths.filter(Files::isRegularFile).toList()) {
        expected.put(folder.relativize(path).toString(), Files.readString(path));
      }
    }
    return expected;
  }

  private SortedMap<String, String> found(String part) throws IOException {
    SortedMap<String, String> found = new TreeMap<>();
    Path folder = files.makeQualified(new Path(root, part));
    RemoteIterator<LocatedFileStatus> each = files.listFiles(folder, true);
    while (each.hasNext()) {
      Path path = each.next().getPath();
      found.put(path.toString().substring(folder.toString().length() + 1), read(path));
    }
    return found;
  }

  private String read(Path path) throws IOException {
    try (InputStream in = files.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
