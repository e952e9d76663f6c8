package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.outcome.Steps;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backfill of more files than a block of its work takes: what a block looks back at, the one
 * before it has read. Verification goes through one instrument after the other, not through blocks.
 */
final class ManyFilesIT {

  private static final LocalDate FIRST_DAY = LocalDate.parse("2026-03-01");
  private static final int DAYS = 33;
  private static final List<String> INSTRUMENTS = List.of("A", "B", "C");
  private static final Contract CONTRACT =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);

  /** Minutes of a day's trades: windows reach over midnight. */
  private static final int[] MINUTES = {0, 3, 700, 706, 1_430, 1_439};

  @TempDir private Path vault;

  /** By it all is done in the process, in blocks. */
  private String inline;

  @BeforeEach
  void writeDays() throws IOException {
    inline =
        Files.writeString(vault.resolve("inline.properties"), "job.inline-megabytes=1048576\n")
            .toString();
    for (int day = 0; day < DAYS; day++) {
      for (String instrument : INSTRUMENTS) {
        write(instrument, FIRST_DAY.plusDays(day), day);
      }
    }
  }

  /** Readers see what was there before, until all of it is made anew. */
  @Test
  void aKilledBackfillChangesNothingAndGoesOnWhereItWas() throws Exception {
    Instant asOf = Instant.parse(FIRST_DAY.plusDays(DAYS) + "T00:20:00Z");
    String[] plain = {"--no-analytics", "--no-trades", "--windows", "5m", "--config", inline};
    assertThat(Outputs.execute("backfill", vault, asOf, plain)).isZero();
    SortedMap<String, String> before = whatCounts();
    for (int attempt = 0; attempt < 3; attempt++) {
      try (RunProcess backfill = RunProcess.startBackfill(vault, asOf, Steps.CHECKPOINT, plain)) {
        assertThat(backfill.await()).as(backfill.output()).isEqualTo(RunProcess.KILLED);
      }
      assertThat(whatCounts()).isEqualTo(before);
      if (attempt == 2) {
        spoilWhatIsLeft();
      }
      assertThat(Outputs.execute("run", vault, asOf, "--windows", "1h"))
          .as("wrong usage")
          .isEqualTo(2);
      assertThat(Outputs.execute("run", vault, asOf.minusSeconds(60), plain)).isEqualTo(2);
      String verb = attempt == 1 ? "run" : "backfill";
      Outputs.Ended next = Outputs.listen(verb, vault, with(asOf, plain));
      assertThat(next.exit()).as(next.errors()).isZero();
      assertThat(next.errors())
          .contains(attempt == 1 ? "a run did not finish" : "continuing the backfill");
      assertThat(next.errors().contains("begins from the start")).isEqualTo(attempt == 2);
      assertThat(vault.resolve("state/vwap/next")).isEmptyDirectory();
      SortedMap<String, String> after = whatCounts();
      after.replace("state/vwap/published.json", before.get("state/vwap/published.json"));
      assertThat(after).isEqualTo(before);
      before = whatCounts();
      assertThat(Outputs.execute("verify", vault.toString())).isZero();
    }
  }

  /** Killed behind what its tasks have made, and between two commits: it is made once. */
  @Test
  void aBackfillByTasksGoesOnWithWhatItsTasksHaveDone() throws Exception {
    Instant asOf = Instant.parse(FIRST_DAY.plusDays(DAYS) + "T00:20:00Z");
    String[] byTasks = {"--config", byTasks(), "--windows", "5m"};
    Path copy = vault.resolveSibling(vault.getFileName() + "-whole");
    SortedMap<String, Long> parts = null;
    for (String step : List.of(Steps.DERIVED, Steps.TRADES)) {
      try (RunProcess backfill = RunProcess.startBackfill(vault, asOf, step, byTasks)) {
        assertThat(backfill.await()).as(backfill.output()).isEqualTo(RunProcess.KILLED);
      }
      SortedMap<String, Long> left = parts();
      assertThat(left).as("behind %s", step).isEqualTo(parts == null ? left : parts);
      parts = left;
    }
    Files.writeString(
        Files.createDirectory(vault.resolve("state/vwap/work/backfill-of-another-version"))
            .resolve("measured-0"),
        "left");
    // Days' rows and signals are written again: little beside the rest.
    try (RunProcess backfill = RunProcess.startBackfill(vault, asOf, "nothing", byTasks)) {
      assertThat(backfill.await()).as(backfill.output()).isZero();
      assertThat(backfill.output()).contains("continuing the backfill");
    }
    assertThat(parts()).isNotEmpty().isEqualTo(parts);
    assertThat(vault.resolve("state/vwap/work")).doesNotExist();
    Outputs.assertSameAsBackfill(vault, copy, asOf, "goes on", byTasks);
  }

  /** In blocks and by tasks: the instruments that it does not make anew stay as they are. */
  @Test
  void aBackfillOfSomeInstrumentsGoesOnWhereItWas() throws Exception {
    Instant asOf = Instant.parse(FIRST_DAY.plusDays(DAYS) + "T00:20:00Z");
    String[] all = {"--no-analytics", "--windows", "5m", "--config", inline};
    assertThat(Outputs.execute("backfill", vault, asOf, all)).isZero();
    Instant later = asOf.plusSeconds(60);
    SortedMap<String, String> made = null;
    for (String config : List.of(inline, byTasks())) {
      String[] some = {
        "--no-analytics", "--windows", "5m", "--config", config, "--instruments", "A,B"
      };
      String step = config.equals(inline) ? Steps.CHECKPOINT : Steps.DERIVED;
      try (RunProcess backfill = RunProcess.startBackfill(vault, later, step, some)) {
        assertThat(backfill.await()).as(backfill.output()).isEqualTo(RunProcess.KILLED);
      }
      SortedMap<String, Long> left = parts();
      Outputs.Ended next = Outputs.listen("backfill", vault, with(later, some));
      assertThat(next.exit()).as(next.errors()).isZero();
      assertThat(next.errors())
          .contains("continuing the backfill")
          .doesNotContain("begins from the start");
      if (step.equals(Steps.DERIVED)) {
        assertThat(parts()).as("made once").isEqualTo(left);
      }
      SortedMap<String, String> counts = whatCounts();
      counts.remove("state/vwap/published.json");
      made = made == null ? counts : made;
      assertThat(counts).isEqualTo(made);
    }
    assertThat(Outputs.execute("run", vault, later, all)).isZero();
    Path copy = vault.resolveSibling(vault.getFileName() + "-whole");
    Outputs.assertSameAsBackfill(vault, copy, later, "of some instruments", all);
  }

  private String byTasks() throws IOException {
    return Files.writeString(vault.resolve("tasks.properties"), "job.inline-megabytes=0\n")
        .toString();
  }

  private static String[] with(Instant asOf, String... options) {
    List<String> words = new ArrayList<>(List.of("--as-of", asOf.toString()));
    words.addAll(List.of(options));
    return words.toArray(String[]::new);
  }

  /** The files of the large tables, with when they were written. */
  private SortedMap<String, Long> parts() throws IOException {
    SortedMap<String, Long> parts = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(vault.resolve("lake"))) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = vault.relativize(path).toString();
        if (name.endsWith(".parquet")
            && name.matches("lake/(bars_1m|trades|vwap_1m|flow_1m|volume_profile)/date.*")) {
          parts.put(name, Files.getLastModifiedTime(path).toMillis());
        }
      }
    }
    return parts;
  }

  /** As a full disk or a power cut leaves it. */
  private void spoilWhatIsLeft() throws IOException {
    try (Stream<Path> paths = Files.list(vault.resolve("state/vwap/next"))) {
      Path left = paths.findFirst().orElseThrow();
      byte[] cursors = Files.readAllBytes(left.resolve("cursors.jsonl"));
      Files.write(left.resolve("cursors.jsonl"), Arrays.copyOf(cursors, cursors.length / 2));
      Files.write(left.resolve(".derived~vwap~x.jsonl@0.tmp"), new byte[3]);
    }
  }

  private SortedMap<String, String> whatCounts() throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(vault)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = vault.relativize(path).toString();
        if (name.startsWith("derived/")
            || name.startsWith("state/vwap/okx/")
            || name.equals("state/vwap/published.json")) {
          files.put(name, Files.readString(path));
        }
      }
    }
    return files;
  }

  @Test
  void blocksTogetherAreWhatTheRawFilesGive() throws Exception {
    assertThat(
            Outputs.execute(
                "backfill",
                vault.toString(),
                "--windows",
                "5m,15m",
                "--anchor",
                "amid=2026-03-05T12:00:00Z",
                "--config",
                inline,
                "--as-of",
                FIRST_DAY.plusDays(DAYS) + "T00:20:00Z"))
        .isZero();
    assertThat(vault.resolve("lake/bands_1m/_delta_log/00000000000000000001.json"))
        .as("a second block's commit")
        .exists();
    Outputs.Ended verified = Outputs.listen("verify", vault);
    assertThat(verified.exit()).as(verified.errors()).isZero();
    assertThat(verified.output())
        .contains(
            "verified %d trades of %d day files"
                .formatted(DAYS * INSTRUMENTS.size() * MINUTES.length, DAYS * INSTRUMENTS.size()));
  }

  /** The last of an instrument's files comes in a later block than the others, and fails there. */
  @Test
  void rowsThatWaitForAFileThatCannotBeReadComeWithTheNextRun() throws Exception {
    Path away = vault.resolveSibling(vault.getFileName() + "-away");
    for (int day = 1; day < DAYS; day++) {
      moveDay(vault, away, FIRST_DAY.plusDays(day));
    }
    String[] plain = {"--no-analytics", "--windows", "5m", "--config", inline};
    Instant first = Instant.parse(FIRST_DAY.plusDays(1) + "T00:20:00Z");
    assertThat(Outputs.execute("run", vault, first, plain)).isZero();
    for (int day = 1; day < DAYS; day++) {
      moveDay(away, vault, FIRST_DAY.plusDays(day));
    }
    Instant asOf = Instant.parse(FIRST_DAY.plusDays(DAYS) + "T00:20:00Z");
    Path last = vault.resolve(new DayFile("C", FIRST_DAY.plusDays(DAYS - 1)).rawPath());
    Path torn = last.resolveSibling(last.getFileName() + ".gz");
    Files.write(torn, new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1});
    Files.move(last, vault.resolve("whole"));
    assertThat(Outputs.execute("run", vault, asOf, plain)).isEqualTo(4);
    assertThat(Outputs.listen("verify", vault).errors()).doesNotContain("vwap_1m");
    Files.delete(torn);
    Files.move(vault.resolve("whole"), last);
    assertThat(Outputs.execute("run", vault, asOf, plain)).isZero();
    Outputs.Ended verified = Outputs.listen("verify", vault);
    assertThat(verified.exit()).as(verified.errors()).isZero();
  }

  private static void moveDay(Path from, Path to, LocalDate day) throws IOException {
    for (String instrument : INSTRUMENTS) {
      String path = new DayFile(instrument, day).rawPath();
      Files.createDirectories(to.resolve(path).getParent());
      Files.move(from.resolve(path), to.resolve(path));
    }
  }

  private void write(String instrument, LocalDate day, int number) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < MINUTES.length; i++) {
      Instant time = day.atStartOfDay().plusMinutes(MINUTES[i]).toInstant(ZoneOffset.UTC);
      int id = number * MINUTES.length + i;
      Trade trade =
          new Trade(
              time,
              instrument,
              1 + id,
              id % 3 == 0 ? TakerSide.SELL : TakerSide.BUY,
              BigDecimal.valueOf(100_000 + id * 37L % 101, 2),
              BigDecimal.valueOf(1 + id % 7, 1),
              CONTRACT);
      lines.append(TradeLine.format(trade)).append('\n');
    }
    Path file = vault.resolve(new DayFile(instrument, day).rawPath());
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines);
  }
}
