package io.tapelake.collector;

import io.tapelake.collector.history.Fetch;
import io.tapelake.collector.history.FetchSettings;
import io.tapelake.collector.history.TermsBook;
import io.tapelake.collector.settings.Setting;
import io.tapelake.collector.settings.Settings;
import io.tapelake.collector.settings.UsageException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fetch}: days of history from the exchange. */
@Command(
    name = "tapelake fetch",
    sortOptions = false,
    description = {
      "Fetches UTC days from OKX: its official files where there are any, daily ones (two days"
          + " after a day is over) and monthly ones, REST history of the last three months for the rest. Trades that the raw"
          + " files hold already are left out. Interrupted, it goes on where it was when it is"
          + " started again. A running collector need not be stopped.",
    })
final class FetchVerb implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private VerbOptions options;

  @Option(names = "--from", paramLabel = "DAY", required = true, description = "First UTC day")
  private LocalDate from;

  @Option(names = "--to", paramLabel = "DAY", required = true, description = "Last UTC day")
  private LocalDate to;

  @Option(
      names = "--instruments",
      paramLabel = "A,B",
      description = "Default: those of the configuration")
  private String instruments;

  @Option(
      names = "--terms",
      paramLabel = "INSTID=ctVal,ctMult,ctType[@SINCE]",
      description =
          "Contract terms of times before the vault's metadata history begins; may be given several"
              + " times")
  private List<String> terms = new ArrayList<>();

  @Option(names = "--rest-url", paramLabel = "URL", description = "The REST interface")
  private String restUrl;

  @Option(names = "--archive-url", paramLabel = "URL", description = "The official files")
  private String archiveUrl;

  @Override
  public Integer call() throws Exception {
    List<String> further = new ArrayList<>();
    // The exchange's names are of capitals; others mean the same.
    VerbOptions.add(
        further,
        "--instruments",
        instruments == null ? null : instruments.toUpperCase(Locale.ROOT));
    VerbOptions.add(further, "--rest-url", restUrl);
    VerbOptions.add(further, "--archive-url", archiveUrl);
    Settings settings = options.settings(further.toArray(String[]::new));
    if (to.isBefore(from)) {
      throw new UsageException("--to " + to + " is before --from " + from + ".");
    }
    Path vault = settings.vault();
    PrintWriter out = spec.commandLine().getOut();
    FetchSettings how =
        new FetchSettings(
            settings.restUrl(),
            settings.archiveUrl(),
            settings.duration(Setting.FETCH_SPACING),
            settings.duration(Setting.REST_HISTORY_SPACING),
            settings.duration(Setting.FETCH_THROTTLED),
            settings.duration(Setting.FETCH_RETRY));
    try (Fetch fetch =
        new Fetch(
            vault,
            how,
            settings.client(),
            new TermsBook(vault, terms),
            Clock.systemUTC(),
            line -> say(out, line))) {
      List<String> troubles = fetch.fetch(settings.instruments(), from, to);
      troubles.forEach(Collector::complain);
      say(
          out,
          "fetched %,d new trades%s"
              .formatted(fetch.added(), fetch.added() > 0 ? "; ./tapelake run takes them up" : ""));
      return troubles.isEmpty() ? Collector.DONE : HistoryVerbs.NEEDS_PERSON;
    }
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
