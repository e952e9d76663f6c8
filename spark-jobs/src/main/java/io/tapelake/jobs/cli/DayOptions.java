package io.tapelake.jobs.cli;

import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.plan.DayRange;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.Option;

/** A range of days on the command line. */
final class DayOptions {

  @Option(names = "--from", paramLabel = "DAY", description = "first UTC day, such as 2025-12-01")
  private String from;

  @Option(names = "--to", paramLabel = "DAY", description = "last UTC day, such as 2025-12-31")
  private String to;

  boolean isGiven() {
    return from != null || to != null;
  }

  /** The range, open at an end that is not given. */
  DayRange range() {
    LocalDate first = day("--from", from, LocalDate.MIN);
    LocalDate last = day("--to", to, LocalDate.MAX);
    if (last.isBefore(first)) {
      throw JobException.usage("--to %s is before --from %s; swap them".formatted(to, from));
    }
    return new DayRange(first, last);
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
