package io.tapelake.jobs.cli;

import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.outcome.Progress;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.run.RunRequest;
import io.tapelake.vault.DurationText;
import java.io.Closeable;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code run}: takes up what is new. */
@Command(
    name = "run",
    description = {
      "Reads the trades that are new since the last run and brings tables and exports up to date.",
      "Meant for a schedule: it costs what the new data costs, and can be stopped at any moment."
    })
public final class RunCommand implements Callable<Integer> {

  @Mixin private RunOptions options = new RunOptions();
  @Mixin private AlertOptions alerts = new AlertOptions();

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "keep one session and run again at this interval, such as 60s, until SIGTERM")
  private String every;

  @Option(
      names = "--observe-port",
      paramLabel = "N",
      defaultValue = "9465",
      description =
          "with --every: loopback port of /metrics; 0 picks one, -1 means none (default:"
              + " ${DEFAULT-VALUE})")
  private int observePort;

  @Override
  public Integer call() throws Exception {
    RunRequest request =
        new RunRequest(
            options.instruments(),
            options.takesConfigured(),
            options.asOf(),
            RunRequest.Scope.NEW,
            DayRange.NONE,
            options.acceptMissing());
    if (every == null) {
      return runOnce(request).code();
    }
    if (request.asOf() != null) {
      throw JobException.usage("--every and --as-of exclude each other; leave one of them out");
    }
    RepeatedRun repeated = new RepeatedRun(interval());
    try (Closeable served = options.metrics().serve(observePort)) {
      return repeated.repeat(() -> runAndMaintain(request)).code();
    }
  }

  private ExitCode runOnce(RunRequest request) throws Exception {
    return options.run("run", request, alerts, Clock.systemUTC(), Progress.SILENT);
  }

  private ExitCode runAndMaintain(RunRequest request) throws Exception {
    ExitCode code = runOnce(request);
    options.maintainWhenDue(Clock.systemUTC());
    return code;
  }

  private Duration interval() {
    try {
      Duration interval = DurationText.parse(every);
      if (interval.isZero()) {
        throw JobException.usage("--every 0 would never rest; give a duration such as 60s");
      }
      return interval;
    } catch (IllegalArgumentException e) {
      throw JobException.usage("--every " + e.getMessage(), e);
    }
  }
}
