package io.tapelake.jobs.cli;

import io.tapelake.jobs.run.RunRequest;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code backfill}: computes everything, or some days, from the raw files. */
@Command(
    name = "backfill",
    description = {
      "Recomputes tables and exports from the raw files: everything, or a range of days.",
      "Needed once for old data and after a change of windows or other settings. When it was",
      "interrupted, the same command continues where it was."
    })
public final class BackfillCommand implements Callable<Integer> {

  @Mixin private RunOptions options = new RunOptions();
  @Mixin private DayOptions days = new DayOptions();

  @Override
  public Integer call() throws Exception {
    RunRequest request =
        new RunRequest(
            options.instruments(),
            options.takesConfigured(),
            options.asOf(),
            days.isGiven() ? RunRequest.Scope.DAYS : RunRequest.Scope.ALL,
            days.range(),
            options.acceptMissing());
    try (ProgressLines progress = new ProgressLines(System.out, System.console() != null)) {
      return options
          .run("backfill", request, new AlertOptions(), Clock.systemUTC(), progress)
          .code();
    }
  }
}
