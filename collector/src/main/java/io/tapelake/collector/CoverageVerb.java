package io.tapelake.collector;

import io.tapelake.collector.inventory.CoverageReport;
import io.tapelake.collector.inventory.DayCoverage;
import io.tapelake.collector.inventory.VaultCoverage;
import io.tapelake.collector.write.VaultFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  @Mixin private ChosenDays chosen;

  @Option(names = "--json", description = "A JSON object a day instead of the table")
  private boolean json;

  @Option(names = "--html", paramLabel = "FILE", description = "Writes a calendar of it, too")
  private Path html;

  @Override
  public Integer call() throws Exception {
    Path vault = options.existingVault();
    VaultCoverage coverage = VaultCoverage.of(vault);
    List<DayCoverage> days = new ArrayList<>();
    int code = Collector.DONE;
    for (String instrument : chosen.instruments(vault)) {
      try {
        days.addAll(coverage.days(instrument, chosen.from(), chosen.to()));
      } catch (IOException e) {
        Collector.complain(instrument + " cannot be read: " + e.getMessage());
        code = HistoryVerbs.NEEDS_PERSON;
      }
    }
    for (String unreadable : coverage.unreadable()) {
      Collector.complain(unreadable);
      code = HistoryVerbs.NEEDS_PERSON;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? CoverageReport.json(days) : CoverageReport.table(days));
    out.flush();
    if (html != null) {
      Files.writeString(html, CoverageReport.html(days));
    }
    try {
      coverage.remember();
    } catch (IOException e) {
      // A vault that may only be read is read again the next time.
      Collector.complain("What was read is not kept: " + VaultFiles.reason(e));
    }
    return code;
  }
}
