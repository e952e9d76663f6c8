package io.tapelake.jobs.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.Tapelake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What the job made of a vault, against what one backfill makes of the same raw files. */
final class Outputs {

  private static final List<String> TABLES =
      List.of("bars_1m", "vwap_1m", "bands_1m", "flow_1m", "volume_profile", "trades");

  private Outputs() {}

  /** Exports, quarantine and cursors byte for byte, tables row for row. */
  static void assertSameAsBackfill(Path vault, Instant asOf, String label) throws IOException {
    assertSameAsBackfill(
        vault, vault.resolveSibling(vault.getFileName() + "-backfill"), asOf, label);
  }

  static void assertSameAsBackfill(Path vault, Path copy, Instant asOf, String label)
      throws IOException {
    copyRaw(vault, copy);
    assertThat(execute("backfill", copy, asOf)).as("%s: backfill", label).isZero();
    SortedMap<String, String> expected = files(copy);
    assertThat(expected.keySet()).anyMatch(name -> name.startsWith("derived/"));
    assertThat(files(vault)).as("%s: files", label).isEqualTo(expected);
    for (String table : TABLES) {
      assertThat(rows(vault, table)).as("%s: %s", label, table).isEqualTo(rows(copy, table));
    }
  }

  /**
   * How a verb ended.
   *
   * @param errors what it wrote to standard error
   */
  record Ended(int exit, String errors) {

    /** What was wrong: the lines that are Tapelake's own. */
    List<String> complaints() {
      return errors.lines().filter(line -> line.startsWith("tapelake: ")).toList();
    }
  }

  /** Runs {@code run} in this JVM and listens to its complaints. */
  static Ended listenToRun(Path vault, Instant asOf) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      int exit = execute("run", vault, asOf);
      return new Ended(exit, errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
  }

  /** Runs a verb in this JVM. */
  static int execute(String verb, Path vault, Instant asOf) {
    return Tapelake.execute(
        verb, "--vault", vault.toString(), "--as-of", asOf.toString(), "--master", "local[2]");
  }

  private static void copyRaw(Path vault, Path copy) throws IOException {
    try (Stream<Path> paths = Files.walk(vault.resolve("raw"))) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(vault.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target);
      }
    }
  }

  private static SortedMap<String, String> files(Path vault) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    for (String part : List.of("derived", "quarantine", "state/vwap/okx")) {
      Path folder = vault.resolve(part);
      if (!Files.exists(folder)) {
        continue;
      }
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.filter(Files::isRegularFile).toList()) {
          // A crash may leave a temporary file, which the next one replaces.
          if (!path.getFileName().toString().startsWith(".")) {
            files.put(vault.relativize(path).toString(), Files.readString(path));
          }
        }
      }
    }
    return files;
  }

  private static List<String> rows(Path vault, String table) {
    String path = vault.resolve("lake").resolve(table).toString();
    return SparkSession.active().read().format("delta").load(path).collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }
}
