package io.tapelake.jobs.job;

import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.window.RollingWindows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that {@code run} and {@code backfill} share, and how they do a run. */
final class RunOptions {

  @Mixin private VaultOptions vault = new VaultOptions();

  @Option(
      names = "--instruments",
      paramLabel = "A,B",
      description = "instruments that take part (default: every folder found)")
  private String instruments;

  @Option(
      names = "--as-of",
      paramLabel = "INSTANT",
      description =
          "close minutes as of this instant, such as 2025-12-14T21:35:00Z (default: the clock)")
  private String asOf;

  @Option(
      names = "--windows",
      paramLabel = "1h,4h",
      description =
          "rolling windows in minutes, hours or days, from 1m to 7d (default: job.windows)")
  private String windows;

  @Option(names = "--no-trades", description = "do not write the table of single trades")
  private boolean withoutTrades;

  @Option(
      names = "--anchor",
      paramLabel = "NAME=INSTANT",
      description =
          "also give VWAPs that count from this minute, such as cpi=2025-12-10T13:30:00Z; can be"
              + " repeated (default: job.anchors)")
  private List<String> anchors = List.of();

  @Option(
      names = "--no-analytics",
      description = "rolling VWAP alone: no session, bands, flow, profiles and signals")
  private boolean withoutAnalytics;

  @Option(
      names = "--accept-missing",
      description = "take the trades of raw files that are gone out of the outputs")
  private boolean acceptMissing;

  @Option(names = "--summary", paramLabel = "FILE", description = "write the run's figures as JSON")
  private Path summaryFile;

  VaultOptions vault() {
    return vault;
  }

  boolean acceptMissing() {
    return acceptMissing;
  }

  Set<String> instruments() {
    return vault.instruments(instruments);
  }

  Instant asOf() {
    return VaultOptions.instant("--as-of", asOf);
  }

  OutputSettings settings() {
    Map<String, String> said = new TreeMap<>();
    if (windows != null) {
      said.put(JobProperties.WINDOWS, windows);
    }
    if (withoutTrades) {
      said.put(JobProperties.TRADES, "false");
    }
    if (withoutAnalytics) {
      said.put(JobProperties.ANALYTICS, "false");
    }
    if (!anchors.isEmpty() || withoutAnalytics) {
      said.put(JobProperties.ANCHORS, String.join(",", anchors));
    }
    return vault.properties().with(said).outputSettings();
  }

  /** Does one run under the vault's lock and tells about it. */
  ExitCode run(String verb, RunRequest request, Clock clock, Progress progress) throws Exception {
    OutputSettings settings = settings();
    long sliceBytes = vault.properties().sliceBytes();
    VaultStore store = vault.openVaultWithTrades();
    checkSummaryFile();
    try (AutoCloseable lock = vault.lockVault(clock);
        SparkStart spark = new SparkStart(vault.master(), session -> rehearse(session, settings))) {
      RunSummary summary =
          new VwapJob(spark, store, settings, sliceBytes, clock, progress).run(verb, request);
      tell(summary);
      new RunLog(store).add(summary);
      return summary.exitCode();
    }
  }

  private static void rehearse(SparkSession session, OutputSettings settings) {
    new RollingWindows(() -> session, settings.windows()).rehearse();
  }

  private void checkSummaryFile() {
    if (summaryFile != null && summaryFile.toAbsolutePath().getParent() != null) {
      if (!Files.isDirectory(summaryFile.toAbsolutePath().getParent())) {
        throw JobException.usage(
            "--summary %s: there is no such folder; make it first".formatted(summaryFile));
      }
    }
  }

  private void tell(RunSummary summary) throws IOException {
    summary.warnings().forEach(warning -> System.err.println("tapelake: warning: " + warning));
    System.out.print(summary.text());
    if (summaryFile != null) {
      Files.writeString(summaryFile, summary.json() + "\n");
    }
    summary.problems().forEach(problem -> System.err.println("tapelake: " + problem));
  }
}
