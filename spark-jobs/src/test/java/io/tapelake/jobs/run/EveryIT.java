package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code run --every}: cycle after cycle in one process, among them one that fails, until SIGTERM.
 *
 * <p>{@code -Dtapelake.cycles=1000} runs as many; what the process takes of memory and time is
 * printed every hundred cycles, as the operating system and the run log tell it.
 */
final class EveryIT {

  private static final int CYCLES = Integer.getInteger("tapelake.cycles", 2);
  private static final int REPORT = 100;
  private static final long SEED = 20260103;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void goesOnUntilItIsToldToStop() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, SEED);
    trades.arriveWhole();
    RunsFollowed runs = new RunsFollowed(vault.resolve("state/vwap/runs.jsonl"));
    try (RunProcess run = RunProcess.start(vault, null, null, "--every", "200ms")) {
      List<Double> seconds = new ArrayList<>();
      int further = 0;
      for (int cycle = 1; cycle <= CYCLES; cycle++) {
        awaitTrades(run, runs, cycle + further);
        if (cycle == 2) {
          failOnce(run, vault, trades);
          further = 1;
          awaitTrades(run, runs, cycle + further);
        }
        seconds.add(runs.newestWithTrades().required("seconds").asDouble());
        if (cycle % REPORT == 0) {
          report(run, cycle, seconds);
        }
        trades.arriveWhole();
      }
      awaitTrades(run, runs, CYCLES + 1 + further);
      loseTheVaultForAMoment(run, vault);
      trades.arriveWhole();
      awaitTrades(run, runs, CYCLES + 2 + further);
      run.signal("TERM");
      assertThat(run.await()).as(run.output()).isZero();
      assertThat(run.output()).contains("the next one tries again");
    }
    // Cycles without news have moved it on.
    Path published = vault.resolve("state/vwap/published.json");
    Instant asOf =
        Instant.parse(JSON.readTree(Files.readString(published)).required("as_of").asText());
    Outputs.assertSameAsBackfill(vault, asOf, "after %d cycles".formatted(CYCLES));
  }

  /** A file where a folder should be fails one cycle and leaves with the next one. */
  private static void failOnce(RunProcess run, Path vault, ArrivingTrades trades)
      throws IOException, InterruptedException {
    Path inTheWay = vault.resolve("state/vwap/next");
    putInTheWay(run, inTheWay, Files::createFile, Files::isRegularFile);
    trades.arriveWhole();
    awaitOutput(run, "the next one tries again");
    Files.delete(inTheWay);
  }

  /** What would be wrong usage at the start, a vault that cannot be written to, comes and goes. */
  private static void loseTheVaultForAMoment(RunProcess run, Path vault)
      throws IOException, InterruptedException {
    Path lock = vault.resolve("state/vwap/run.lock");
    putInTheWay(run, lock, Files::createDirectory, Files::isDirectory);
    awaitOutput(run, "cannot write to");
    Files.delete(lock);
  }

  private interface Making {
    void make(Path path) throws IOException;
  }

  private static void putInTheWay(RunProcess run, Path path, Making what, Predicate<Path> isThere)
      throws IOException, InterruptedException {
    while (!isThere.test(path)) {
      try {
        Files.deleteIfExists(path);
        what.make(path);
      } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
        assertRuns(run); // a cycle is at it
      }
    }
  }

  private static void awaitOutput(RunProcess run, String text)
      throws IOException, InterruptedException {
    while (!run.output().contains(text)) {
      assertRuns(run);
    }
  }

  /** Waits until so many cycles have read trades that no earlier one had. */
  private static void awaitTrades(RunProcess run, RunsFollowed runs, int cycles)
      throws IOException, InterruptedException {
    while (runs.withTrades() < cycles) {
      assertRuns(run);
    }
  }

  private static void assertRuns(RunProcess run) throws IOException, InterruptedException {
    if (run.endsWithin(50)) {
      throw new AssertionError(run.output());
    }
  }

  private static void report(RunProcess run, int cycle, List<Double> seconds) throws IOException {
    List<Double> recent = new ArrayList<>(seconds.subList(cycle - REPORT, cycle));
    recent.sort(null);
    long residentKib =
        Files.readAllLines(Path.of("/proc", Long.toString(run.pid()), "status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElse(0);
    System.out.printf(
        "cycle %d: %d MiB resident, median %.2f s a cycle%n",
        cycle, residentKib >> 10, recent.get(REPORT / 2));
  }
}
