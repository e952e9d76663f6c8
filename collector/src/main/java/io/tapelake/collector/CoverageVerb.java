package io.tapelake.collector;

import io.tapelake.collector.history.CoverageReport;
import io.tapelake.collector.history.DayCoverage;
import io.tapelake.collector.history.VaultCoverage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code coverage}: what is there, by instrument and day. */
@Command(
    name = "tapelake coverage",
    sortOptions = false,
    description = {
      "Shows what the raw files hold, by instrument and UTC day: trades, first and last id, missing"
          + " ids, the share that is there, its certificate, where it came from, and its size on the disk. Missing are"
          + " ids between the first and the last of a day, and between a day and the one before."
          + " Trades that no import or fetch has brought are called collected.",
    })
final class CoverageVerb implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private VerbOptions options;

  @Option(names = "--instruments", paramLabel = "A,B", split = ",", description = "Default: all")
  private Set<String> instruments = new TreeSet<>();

  @Option(names = "--from", paramLabel = "DAY", description = "First UTC day. Default: all days")
  private LocalDate from;

  @Option(names = "--to", paramLabel = "DAY", description = "Last UTC day")
  private LocalDate to;

  @Option(names = "--json", description = "A JSON object a day instead of the table")
  private boolean json;

  @Option(names = "--html", paramLabel = "FILE", description = "Writes a calendar of it, too")
  private Path html;

  @Override
  public Integer call() throws Exception {
    Path vault = options.existingVault();
    if (from != null && to != null && to.isBefore(from)) {
      throw new UsageException("--to " + to + " is before --from " + from + ".");
    }
    VaultCoverage coverage = VaultCoverage.of(vault);
    List<DayCoverage> days = new ArrayList<>();
    int code = Collector.DONE;
    for (String instrument : VerbOptions.ofVault(vault, instruments)) {
      try {
        days.addAll(
            coverage.days(
                instrument, from == null ? LocalDate.MIN : from, to == null ? LocalDate.MAX : to));
      } catch (IOException e) {
        Collector.complain(instrument + " cannot be read: " + e.getMessage());
        code = HistoryVerbs.NEEDS_PERSON;
      }
    }
    coverage.remember();
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? CoverageReport.json(days) : CoverageReport.table(days));
    out.flush();
    if (html != null) {
      Files.writeString(html, CoverageReport.html(days));
    }
    return code;
  }
}
