package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.outcome.Steps;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** A vault on a file system without locks, and its twin on a local disk. */
final class RemoteVault {

  private static final List<String> OUTPUTS = List.of("derived", "quarantine", "state/vwap/okx");

  /** The most telling first, since a short form does not get to the others. */
  private static final List<String> STEPS =
      List.of(
          Steps.PUBLISHED,
          Steps.FLOW,
          Steps.SEALED,
          Steps.VWAP,
          Steps.EXPORT,
          Steps.BEGUN,
          Steps.PROFILE,
          Steps.BARS,
          Steps.TRADES,
          Steps.QUARANTINE,
          Steps.ADOPTED);

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

  /** Some steps to kill runs at. */
  static List<String> steps(int count) {
    return IntStream.range(0, count).mapToObj(i -> STEPS.get(i % STEPS.size())).toList();
  }

  /**
   * Runs with late trades between them, of which some are killed first, leave the bytes that runs
   * leave on a local disk.
   *
   * @param steps at which a run is killed before the one that comes to its end
   */
  void checkRuns(ArrivingTrades trades, List<String> steps) throws Exception {
    checkRun(trades);
    for (String step : steps) {
      arrive(trades);
      try (RunProcess killed = RunProcess.start(root, trades.now(), step)) {
        assertThat(killed.await()).as("%s: %s", step, killed.output()).isIn(0, RunProcess.KILLED);
      }
      // As if two minutes were over, when its lease has expired.
      files.delete(new Path(root, "state/vwap/leases"), true);
      checkRun(trades);
    }
    assertThat(Outputs.execute("verify", root)).isZero();
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
      try (InputStream in = files.open(path)) {
        found.put(
            path.toString().substring(folder.toString().length() + 1),
            new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return found;
  }
}
