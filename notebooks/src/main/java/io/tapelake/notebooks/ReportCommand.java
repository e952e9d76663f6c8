package io.tapelake.notebooks;

import io.tapelake.jobs.cli.VaultOptions;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.session.SparkSessions;
import io.tapelake.jobs.sql.ResultFile;
import io.tapelake.jobs.sql.SqlSession;
import io.tapelake.jobs.store.VaultStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code report}: a day as a web page. */
@Command(
    name = "report",
    description = {
      "Writes a UTC day, or several, as one HTML page that needs nothing else: figures and a picture of each instrument.",
      "Example: ./tapelake report --day 2026-01-02 --output day.html"
    })
final class ReportCommand implements Callable<Integer> {

  private static final int MOST_DAYS = 31;

  @Mixin private VaultOptions options = new VaultOptions();

  @Option(
      names = "--day",
      paramLabel = "YYYY-MM-DD",
      description = "the UTC day (default: the newest in the tables)")
  private String day;

  @Option(names = "--from", paramLabel = "YYYY-MM-DD", description = "the first of several days")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "YYYY-MM-DD",
      description = "the last of them (default: the newest in the tables)")
  private String to;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "where the page goes (default: ./tapelake-DAY.html)")
  private Path output;

  @Override
  public Integer call() throws Exception {
    if (day != null && (from != null || to != null)) {
      throw JobException.usage("--day and --from, --to exclude each other; leave one out");
    }
    LocalDate first = parse(day == null ? "--from" : "--day", day == null ? from : day);
    LocalDate last = parse("--to", to);
    if (output != null) {
      new ResultFile(output); // before anything is asked
    }
    VaultStore store = options.openVault();
    SqlSession session = new SqlSession(SparkSessions.open(options.master()));
    session.open(store);
    Published published = Published.read(store); // what is in view is not older
    session.begin();
    DayFigures figures = new DayFigures(session, options.root(), published);
    last = last != null ? last : day != null ? first : figures.newestDay();
    first = first == null ? last : first;
    last = to == null && first.isAfter(last) ? first : last; // which has no trades either
    long days = ChronoUnit.DAYS.between(first, last) + 1;
    if (days < 1 || days > MOST_DAYS) {
      throw JobException.usage(
          "--from %s --to %s: give 1 to %d days in their order".formatted(first, last, MOST_DAYS));
    }
    figures.checkHas(first, last);
    String page =
        ReportPage.of(
            first, last, options.root(), Clock.systemUTC().instant(), figures.read(first, last));
    String name = first.equals(last) ? "" + first : first + "-to-" + last;
    Path file = output == null ? Path.of("tapelake-" + name + ".html") : output;
    new ResultFile(file).write(page);
    System.out.println(file.toAbsolutePath().normalize());
    return ExitCode.DONE.code();
  }

  private static LocalDate parse(String option, String day) {
    try {
      return day == null ? null : LocalDate.parse(day);
    } catch (DateTimeParseException e) {
      throw JobException.usage(
          "%s '%s' is not a day; give one such as 2026-01-02".formatted(option, day), e);
    }
  }
}
