package io.tapelake.jobs.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What one new minute of two instruments costs when a year of minutes lies behind it. */
final class YearOfHistory {

  private static final int DAYS = 365;
  private static final int TRADES_A_DAY = 3000;
  private static final int TRADES_A_MINUTE = 600;
  private static final int CYCLES_A_ROUND = 10;
  private static final long CYCLE_SECONDS_AT_MOST = 60;

  private final Path launcher;
  private final Path dir;
  private final int rounds;

  YearOfHistory(Path launcher, Path dir, int rounds) {
    this.launcher = launcher;
    this.dir = dir;
    this.rounds = rounds;
  }

  /** The lines of the table. */
  List<String> measure() throws IOException, InterruptedException {
    // The new minutes are of the day before yesterday, so that the clock has closed all of them.
    LocalDate first = LocalDate.now(ZoneOffset.UTC).minusDays(2).minusDays(DAYS);
    DataSet data = new DataSet("year-" + first, 2, first, DAYS, TRADES_A_DAY);
    Path vault = dir.resolve(data.name());
    List<String> lines = new ArrayList<>();
    if (!Files.exists(vault.resolve("state/vwap/runs.jsonl"))) {
      Measured history = new Measured("year: backfill", data.trades(), data.writeTo(vault));
      history.ours(ChildProcess.run(command("backfill", vault), vault.resolve("tapelake.log")));
      lines.add(history.line());
    }
    lines.add(oneShot(data, vault));
    lines.add(repeated(data, vault));
    return lines;
  }

  private String oneShot(DataSet data, Path vault) throws IOException, InterruptedException {
    Measured oneShot = new Measured("year: one-shot run", 2L * TRADES_A_MINUTE, 0);
    for (int round = 0; round < rounds; round++) {
      data.appendMinute(vault, nextMinute(vault), TRADES_A_MINUTE);
      oneShot.ours(ChildProcess.run(command("run", vault), vault.resolve("tapelake.log")));
      System.out.println(lastRun(vault).path("step_seconds"));
    }
    return oneShot.line();
  }

  private String repeated(DataSet data, Path vault) throws IOException, InterruptedException {
    Measured cycles = new Measured("year: a cycle of --every", 2L * TRADES_A_MINUTE, 0);
    List<String> command = new ArrayList<>(command("run", vault));
    command.addAll(List.of("--every", "1s"));
    int runs = runs(vault);
    Process process = ChildProcess.start(command, vault.resolve("tapelake.log"));
    try {
      for (int cycle = 0; cycle < rounds * CYCLES_A_ROUND; cycle++) {
        data.appendMinute(vault, nextMinute(vault), TRADES_A_MINUTE);
        runs = awaitCommit(vault, runs);
        cycles.ours(new ChildProcess.Figures(lastRun(vault).path("seconds").asDouble(), 0, 0));
      }
      System.out.println(lastRun(vault).path("step_seconds"));
    } finally {
      ChildProcess.stop(process);
    }
    return cycles.line();
  }

  private static int awaitCommit(Path vault, int before) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + CYCLE_SECONDS_AT_MOST * 1_000_000_000L;
    while (System.nanoTime() < deadline) {
      int runs = runs(vault);
      if (runs > before && lastRun(vault).path("commits").asInt() > 0) {
        return runs;
      }
      Thread.sleep(20);
    }
    throw new IOException("no run in " + CYCLE_SECONDS_AT_MOST + " s: see tapelake.log");
  }

  /** Every minute is appended once, whatever benchmarks there were before. */
  private static int nextMinute(Path vault) throws IOException {
    Path file = vault.resolve("next-minute");
    int minute = Files.exists(file) ? Integer.parseInt(Files.readString(file)) : 0;
    Files.writeString(file, Integer.toString(minute + 1));
    return minute;
  }

  private static int runs(Path vault) throws IOException {
    Path log = vault.resolve("state/vwap/runs.jsonl");
    return Files.readAllLines(log).size();
  }

  private static com.fasterxml.jackson.databind.JsonNode lastRun(Path vault) throws IOException {
    List<String> runs = Files.readAllLines(vault.resolve("state/vwap/runs.jsonl"));
    return new ObjectMapper().readTree(runs.get(runs.size() - 1));
  }

  private List<String> command(String verb, Path vault) {
    List<String> command =
        new ArrayList<>(
            List.of(launcher.toString(), verb, "--vault", vault.toString(), "--no-trades"));
    return command;
  }
}
