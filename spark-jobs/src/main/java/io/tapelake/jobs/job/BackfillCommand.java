package io.tapelake.jobs.job;

import io.tapelake.jobs.plan.DayRange;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backfill}: computes everything, or some days, from the raw files. */
@Command(
    name = "backfill",
    description = {
      "Recomputes tables and exports from the raw files: everything, or a range of days.",
      "Needed once for old data and after a change of windows or other settings."
    })
public final class BackfillCommand implements Callable<Integer> {

  @Mixin private RunOptions options = new RunOptions();

  @Option(names = "--from", paramLabel = "DAY", description = "first UTC day, such as 2025-12-01")
  private String from;

  @Option(names = "--to", paramLabel = "DAY", description = "last UTC day, such as 2025-12-31")
  private String to;

  @Override
  public Integer call() throws Exception {
    LocalDate first = day("--from", from, LocalDate.MIN);
    LocalDate last = day("--to", to, LocalDate.MAX);
    if (last.isBefore(first)) {
      throw JobException.usage("--to %s is before --from %s; swap them".formatted(to, from));
    }
    boolean all = from == null && to == null;
    RunRequest request =
        new RunRequest(
            options.instruments(),
            options.asOf(),
            all ? RunRequest.Scope.ALL : RunRequest.Scope.DAYS,
            new DayRange(first, last),
            options.acceptMissing());
    return options.run("backfill", request, Clock.systemUTC(), Progress.SILENT).code();
  }

  private static LocalDate day(String option, String text, LocalDate absent) {
    try {
      return text == null ? absent : LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw JobException.usage(
          "%s '%s' is not a day; give one such as 2025-12-31".formatted(option, text), e);
    }
  }
}
