package io.tapelake.notebooks;

import io.tapelake.jobs.job.ExitCode;
import io.tapelake.jobs.job.JobException;
import io.tapelake.jobs.job.SparkSessions;
import io.tapelake.jobs.job.VaultOptions;
import io.tapelake.jobs.sql.SqlSession;
import io.tapelake.jobs.store.VaultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code report}: a day as a web page. */
@Command(
    name = "report",
    description = {
      "Writes a UTC day as one HTML page that needs nothing else: figures and charts of each instrument.",
      "Example: ./tapelake report --day 2026-01-02 --output day.html"
    })
final class ReportCommand implements Callable<Integer> {

  @Mixin private VaultOptions options = new VaultOptions();

  @Option(
      names = "--day",
      paramLabel = "YYYY-MM-DD",
      description = "the UTC day (default: the newest in the tables)")
  private String day;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "where the page goes (default: ./tapelake-DAY.html)")
  private Path output;

  @Override
  public Integer call() throws Exception {
    LocalDate asked = day();
    Path folder = output == null ? Path.of("") : output.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder.toAbsolutePath())) {
      throw JobException.usage(
          "--output %s: there is no folder %s".formatted(output, folder.toAbsolutePath()));
    }
    VaultStore store = options.openVault();
    SqlSession session = new SqlSession(SparkSessions.open(options.master()));
    session.open(store);
    session.begin();
    DayFigures figures = new DayFigures(session, options.root());
    LocalDate shown = figures.dayToShow(asked);
    String page = ReportPage.of(shown, options.root(), figures.read(shown));
    Path file = output == null ? Path.of("tapelake-" + shown + ".html") : output;
    write(file, page);
    System.out.println(file.toAbsolutePath().normalize());
    return ExitCode.DONE.code();
  }

  private LocalDate day() {
    try {
      return day == null ? null : LocalDate.parse(day);
    } catch (DateTimeParseException e) {
      throw JobException.usage(
          "--day '%s' is not a day; give one such as 2026-01-02".formatted(day), e);
    }
  }

  private static void write(Path file, String page) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, page);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
