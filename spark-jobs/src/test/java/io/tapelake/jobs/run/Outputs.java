package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.Tapelake;
import io.tapelake.jobs.oracle.KernelTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the job made of a vault, against what one backfill makes of the same raw files. */
public final class Outputs {

  private Outputs() {}

  /** Exports, quarantine and cursors byte for byte, tables row for row. */
  static void assertSameAsBackfill(Path vault, Instant asOf, String label, String... options)
      throws IOException {
    assertSameAsBackfill(
        vault, vault.resolveSibling(vault.getFileName() + "-backfill"), asOf, label, options);
  }

  static void assertSameAsBackfill(
      Path vault, Path copy, Instant asOf, String label, String... options) throws IOException {
    copyRaw(vault, copy);
    assertThat(execute("backfill", copy, asOf, options)).as("%s: backfill", label).isZero();
    assertSame(vault, copy, label);
  }

  /** Two vaults have the same outputs. */
  static void assertSame(Path vault, Path copy, String label) throws IOException {
    SortedMap<String, String> expected = files(copy);
    assertThat(expected.keySet()).anyMatch(name -> name.startsWith("derived/"));
    assertThat(files(vault)).as("%s: files", label).isEqualTo(expected);
    SortedSet<String> tables = tables(copy);
    assertThat(tables).contains("bars_1m", "vwap_1m");
    assertThat(tables(vault)).as("%s: tables", label).isEqualTo(tables);
    // It also has what was taken back on the way.
    tables.remove("signals");
    for (String table : tables) {
      assertThat(rows(vault, table)).as("%s: %s", label, table).isEqualTo(rows(copy, table));
    }
  }

  private static SortedSet<String> tables(Path vault) throws IOException {
    try (Stream<Path> paths = Files.list(vault.resolve("lake"))) {
      return paths
          .map(path -> path.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /**
   * How a verb ended.
   *
   * @param output what it wrote to standard output
   * @param errors what it wrote to standard error
   */
  public record Ended(int exit, String output, String errors) {

    /** What was wrong: the lines that are Tapelake's own. */
    List<String> complaints() {
      return errors.lines().filter(line -> line.startsWith("tapelake: ")).toList();
    }
  }

  /** Runs {@code run} in this JVM and listens to what it says. */
  static Ended listenToRun(Path vault, Instant asOf) {
    return listen("run", vault, "--as-of", asOf.toString());
  }

  /** Runs a verb in this JVM and listens to what it says. */
  public static Ended listen(String verb, Path vault, String... options) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream outputBefore = System.out;
    PrintStream errorsBefore = System.err;
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      int exit = execute(verb, vault.toString(), options);
      return new Ended(
          exit, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outputBefore);
      System.setErr(errorsBefore);
    }
  }

  /** Runs a verb in this JVM. */
  public static int execute(String verb, Path vault, Instant asOf, String... options) {
    List<String> words = new ArrayList<>(List.of("--as-of", asOf.toString()));
    words.addAll(List.of(options));
    return execute(verb, vault.toString(), words.toArray(String[]::new));
  }

  /** Runs a verb in this JVM, on a vault by its folder or URI. */
  public static int execute(String verb, String vault, String... options) {
    List<String> words = new ArrayList<>(List.of(verb, "--vault", vault, "--master", "local[2]"));
    words.addAll(List.of(options));
    return Tapelake.execute(words.toArray(String[]::new));
  }

  static void copyRaw(Path vault, Path copy) throws IOException {
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

  private static List<String> rows(Path vault, String table) throws IOException {
    return new KernelTable(vault, table).rows().stream().sorted().toList();
  }
}
