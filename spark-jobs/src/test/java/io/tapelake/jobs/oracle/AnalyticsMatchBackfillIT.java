package io.tapelake.jobs.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.Tapelake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * However a vault grew, the analytics are those of one backfill: tables by row, exports by byte.
 * Signals that were taken back on the way may be there in addition.
 */
final class AnalyticsMatchBackfillIT {

  private static final List<String> TABLES =
      List.of("bars_1m", "vwap_1m", "bands_1m", "flow_1m", "sessions_1d", "volume_profile");

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicTest> growingVault() {
    return Seeds.each(
        1, seed -> check("grown", seed + 7002, GrowingVault.of(seed + 7002, steps(seed + 2))));
  }

  @TestFactory
  Stream<DynamicTest> growingVaultWithFilesThatShrink() {
    return Seeds.each(
        1, seed -> check("shrunk", seed + 7500, GrowingVault.withRewrites(seed + 7500, 3)));
  }

  private static int steps(long seed) {
    return new Dice(seed + 3_000_000).between(3, 6);
  }

  private static void check(String kind, long seed, GrowingVault growing) throws IOException {
    Dice dice = new Dice(seed + 4_000_000);
    Path vault = Files.createDirectory(folder.resolve(kind + "-" + seed));
    Instant anchor = growing.steps().get(0).asOf().truncatedTo(ChronoUnit.MINUTES).plusSeconds(600);
    List<String> options =
        List.of(
            "--windows",
            Job.windows(growing.config()),
            "--anchor",
            "early=1960-01-01T00:00:00Z",
            "--anchor",
            "amid=" + anchor);
    Instant asOf = null;
    for (GrowingVault.Step step : growing.steps()) {
      String label = "seed " + seed + ", step " + growing.steps().indexOf(step);
      step.writeTo(vault);
      asOf = step.asOf();
      execute(label, "run", vault, asOf, options);
      if (dice.chance(0.3)) {
        takeOut(label, vault, asOf, options, dice);
      }
      if (dice.chance(0.2)) {
        verify(label, vault);
      }
    }
    Path fresh = vault.resolveSibling(vault.getFileName() + "-backfill");
    VaultCopy.rawFiles(vault, fresh);
    Path tasks =
        Files.writeString(
            fresh.resolveSibling(fresh.getFileName() + ".properties"), "job.inline-megabytes=0\n");
    List<String> byTasks = new ArrayList<>(options);
    byTasks.addAll(List.of("--config", tasks.toString()));
    execute("seed " + seed + ", fresh vault", "backfill", fresh, asOf, byTasks);
    verify("seed " + seed + ", fresh vault", fresh);
    verify("seed " + seed, vault);
    Published grown = new Published(vault, "seed " + seed);
    for (String table : TABLES) {
      grown.equalLines(table, KernelTable.rows(vault, table), KernelTable.rows(fresh, table));
    }
    grown.equalLines("signals", standing(vault), standing(fresh));
    grown.equalFiles(
        "file, backfill against runs,",
        Published.withoutEmpty(grown.files()),
        Published.withoutEmpty(new Published(fresh, "fresh vault, seed " + seed).files()));
  }

  /** A day's file is away for a run, or for good. */
  private static void takeOut(
      String label, Path vault, Instant asOf, List<String> options, Dice dice) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(vault.resolve("raw"))) {
      files = paths.filter(Files::isRegularFile).sorted().toList();
    }
    Path gone = files.get(dice.between(0, files.size() - 1));
    byte[] content = Files.readAllBytes(gone);
    Files.delete(gone);
    List<String> accepting = new ArrayList<>(options);
    accepting.add("--accept-missing");
    execute(label + ", without " + gone.getFileName(), "run", vault, asOf, accepting);
    if (dice.chance(0.5)) {
      Files.write(gone, content);
      execute(label + ", with it again", "run", vault, asOf, options);
    }
  }

  private static List<String> standing(Path vault) throws IOException {
    return KernelTable.rows(vault, "signals").stream()
        .filter(row -> row.contains("withdrawn_as_of=NULL"))
        .toList();
  }

  private static void execute(
      String label, String verb, Path vault, Instant asOf, List<String> options) {
    LocalSpark.session();
    List<String> arguments = new ArrayList<>(List.of(verb, "--vault", vault.toString()));
    arguments.addAll(List.of("--as-of", asOf.toString()));
    arguments.addAll(options);
    assertThat(Tapelake.execute(arguments.toArray(String[]::new)))
        .as("%s: exit code of %s", label, verb)
        .isIn(0, 4);
  }

  /** Nothing may disagree; a file that a broken producer wrote is named, and is no disagreement. */
  private static void verify(String label, Path vault) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(said, true, UTF_8));
    int exit;
    try {
      exit = Tapelake.execute("verify", "--vault", vault.toString(), "--json");
    } finally {
      System.setOut(before);
    }
    List<String> differences = new ArrayList<>();
    JsonNode found = new ObjectMapper().readTree(said.toString(UTF_8));
    found.required("differences").forEach(each -> differences.add(each.asText()));
    assertThat(exit).as("%s: exit code of verify", label).isEqualTo(differences.isEmpty() ? 0 : 4);
    assertThat(differences)
        .as("%s: what verify found", label)
        .allMatch(each -> each.contains(".jsonl is left alone: "));
  }
}
