package io.tapelake.jobs.cli;

import io.tapelake.jobs.alert.AlertSettings;
import io.tapelake.jobs.commit.Maintenance;
import io.tapelake.jobs.commit.Recovery;
import io.tapelake.jobs.commit.VaultHold;
import io.tapelake.jobs.observe.MetricsOptions;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.outcome.Progress;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.run.RunRequest;
import io.tapelake.jobs.run.VwapJob;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.VaultStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that {@code run} and {@code backfill} share, and how they do a run. */
final class RunOptions {

  @Mixin private VaultOptions vault = new VaultOptions();
  @Mixin private MetricsOptions metrics = new MetricsOptions();

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

  MetricsOptions metrics() {
    return metrics;
  }

  VaultOptions vault() {
    return vault;
  }

  boolean acceptMissing() {
    return acceptMissing;
  }

  Set<String> instruments() {
    return vault.instruments(instruments);
  }

  /** Whether it is the configuration that says which instruments take part. */
  boolean takesConfigured() {
    return instruments == null;
  }

  Instant asOf() {
    return VaultOptions.instant("--as-of", asOf);
  }

  /** The configuration with what the command line says. */
  private JobProperties properties(AlertOptions alerts) {
    Map<String, String> said = new TreeMap<>();
    if (windows != null) {
      said.put(JobProperties.WINDOWS, windows);
    }
    if (withoutTrades) {
      said.put(JobProperties.TRADES, "false");
    }
    if (withoutAnalytics) {
      said.put(JobProperties.ANALYTICS, "false");
      said.put(JobProperties.ALERTS_WEBHOOK, "");
      said.put(JobProperties.ALERTS_STDOUT, "false");
    }
    if (!anchors.isEmpty() || withoutAnalytics) {
      said.put(JobProperties.ANCHORS, String.join(",", anchors));
    }
    alerts.addTo(said);
    return vault.properties().with(said);
  }

  /**
   * Does one run under the vault's lock and tells about it.
   *
   * @param alertOptions who is told of new signals; without any for a backfill, which tells nobody
   */
  ExitCode run(
      String verb, RunRequest request, AlertOptions alertOptions, Clock clock, Progress progress)
      throws Exception {
    ExitCode code = ExitCode.FAILED;
    try {
      code = runUnderLock(verb, request, alertOptions, clock, progress);
      return code;
    } catch (JobException e) {
      code = e.exitCode();
      throw e;
    } finally {
      metrics.ended(clock.instant(), code.code());
    }
  }

  private ExitCode runUnderLock(
      String verb, RunRequest request, AlertOptions alertOptions, Clock clock, Progress progress)
      throws Exception {
    JobProperties properties = properties(alertOptions);
    OutputSettings settings = properties.outputSettings();
    AlertSettings alerts = properties.alerts();
    long sliceBytes = properties.sliceBytes();
    long inlineBytes = properties.inlineBytes();
    VaultStore store = vault.openVaultWithTrades();
    checkSummaryFile();
    try (VaultHold hold = vault.lockVault(clock);
        SparkStart spark = new SparkStart(vault.master())) {
      Recovery.checkForFolders(store, List.of());
      RunSummary summary =
          new VwapJob(
                  spark,
                  store,
                  settings,
                  sliceBytes,
                  inlineBytes,
                  request.isBackfill() ? AlertSettings.NONE : alerts,
                  clock,
                  hold,
                  progress)
              .run(verb, request);
      // Who reads alerts from standard output reads nothing else there.
      tell(summary, alerts.stdout() && !request.isBackfill() ? System.err : System.out);
      summary.observe(metrics.metrics());
      log(summary, store);
      return summary.exitCode();
    }
  }

  /** All is done by then, whatever becomes of it. */
  private static void log(RunSummary summary, VaultStore store) {
    try {
      new RunLog(store).add(summary);
    } catch (IOException e) {
      System.err.println("tapelake: warning: the run cannot be noted among the last ones: " + e);
    }
  }

  /** Keeps the tables small once a day. */
  void maintainWhenDue(Clock clock) throws Exception {
    VaultStore store = vault.openVault();
    if (Maintenance.isDue(store, clock)) {
      try (VaultHold hold = vault.lockVault(clock)) {
        RunSummary summary = new RunSummary("maintain", clock.instant());
        // Standard output may be read by a program that waits for alerts.
        MaintainCommand.maintain(vault, store, hold, clock, summary, System.err);
      }
    }
  }

  private void checkSummaryFile() {
    if (summaryFile == null) {
      return;
    }
    if (Files.isDirectory(summaryFile)
        || Files.exists(summaryFile) && !Files.isWritable(summaryFile)) {
      throw JobException.usage(
          "--summary %s is no file that can be written to; name another".formatted(summaryFile));
    }
    Path folder = summaryFile.toAbsolutePath().getParent();
    if (!Files.exists(summaryFile) && !Files.isWritable(folder)) {
      throw JobException.usage(
          Files.isDirectory(folder)
              ? "--summary %s: nobody may write to that folder; name another".formatted(summaryFile)
              : "--summary %s: there is no such folder; make it first".formatted(summaryFile));
    }
  }

  private void tell(RunSummary summary, PrintStream out) {
    summary.warnings().forEach(warning -> System.err.println("tapelake: warning: " + warning));
    out.print(summary.text());
    summary.problems().forEach(problem -> System.err.println("tapelake: " + problem));
    if (summaryFile == null) {
      return;
    }
    try {
      Files.writeString(summaryFile, summary.json() + "\n");
    } catch (IOException e) {
      // All is done by then, as with the log.
      System.err.printf(
          "tapelake: warning: --summary %s cannot be written (%s)%n",
          summaryFile, DamagedException.reason(e));
    }
  }
}
