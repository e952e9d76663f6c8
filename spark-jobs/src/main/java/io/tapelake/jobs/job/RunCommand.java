package io.tapelake.jobs.job;

import io.tapelake.jobs.plan.DayRange;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code run}: takes up what is new. */
@Command(
    name = "run",
    description = {
      "Reads the trades that are new since the last run and brings tables and exports up to date.",
      "Meant for a schedule: it costs what the new data costs, and can be stopped at any moment."
    })
public final class RunCommand implements Callable<Integer> {

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    RunRequest request =
        new RunRequest(
            options.instruments(),
            options.asOf(),
            RunRequest.Scope.NEW,
            DayRange.NONE,
            options.acceptMissing());
    return options.run("run", request, Clock.systemUTC(), Progress.SILENT).code();
  }
}
