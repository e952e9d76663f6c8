package io.tapelake.collector;

import io.tapelake.collector.certify.Certificate;
import io.tapelake.collector.certify.CertificateFiles;
import io.tapelake.collector.certify.DayCertifier;
import io.tapelake.collector.write.RawFolder;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code certify}: what is proven of days that are over. */
@Command(
    name = "tapelake certify",
    sortOptions = false,
    description = {
      "Writes a certificate for each UTC day that is over, certificates/okx/trades_perps/INSTID/DAY.json:"
          + " size and SHA-256 of the raw file, first and last id, which ids are missing and why, where"
          + " they came from, contract terms, and how the day compared with the exchange's official"
          + " file. complete is true only when every trade of the day is proven to be there. The same"
          + " vault gives the same bytes. The collector does this for the days it records, and import"
          + " and fetch for those they change.",
    })
final class CertifyVerb implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private VerbOptions options;
  @Mixin private ChosenDays chosen;

  @Option(
      names = "--check",
      description =
          "Writes nothing: recomputes each certificate from the raw file alone, and ends with exit"
              + " code 4 when one does not hold or is not there")
  private boolean check;

  private int days;
  private int complete;
  private int wrong;
  private int unlisted;

  @Override
  public Integer call() throws Exception {
    Path vault = options.existingVault();
    DayCertifier certifier = new DayCertifier(vault);
    Instant now = Clock.systemUTC().instant();
    PrintWriter out = spec.commandLine().getOut();
    for (String instrument : chosen.instruments(vault)) {
      for (LocalDate date : days(vault, instrument)) {
        DayFile day = new DayFile(instrument, date);
        boolean wanted = !date.isBefore(chosen.from()) && !date.isAfter(chosen.to());
        if (wanted && DayCertifier.isOver(day, now)) {
          days++;
          certify(certifier, day, out);
        }
      }
    }
    out.printf(
        check
            ? "checked the certificates of %,d days: %,d hold, %,d do not%n"
            : "certified %,d days: %,d complete, %,d not%n",
        days,
        check ? days - wrong : complete,
        check ? wrong : days - wrong - complete);
    out.flush();
    return wrong + unlisted > 0 ? HistoryVerbs.NEEDS_PERSON : Collector.DONE;
  }

  /** Days that have a raw file, or a certificate to check. */
  private Set<LocalDate> days(Path vault, String instrument) {
    try {
      Set<LocalDate> found = RawFolder.days(vault, instrument);
      if (check) {
        found.addAll(new CertificateFiles(vault).days(instrument));
      }
      return found;
    } catch (IOException e) {
      unlisted++;
      Collector.complain(instrument + " is left alone: " + VaultFiles.reason(e));
      return Set.of();
    }
  }

  private void certify(DayCertifier certifier, DayFile day, PrintWriter out) {
    try {
      if (check) {
        String problem = certifier.check(day);
        if (problem != null) {
          wrong(day, problem);
        }
      } else {
        Certificate certificate = certifier.certify(day);
        if (certificate == null) {
          wrong(day, "its raw file " + day.rawPath() + " is gone");
          return;
        }
        complete += certificate.isComplete() ? 1 : 0;
        out.println(certificate.text());
        out.flush();
      }
    } catch (IOException e) {
      wrong(day, "it cannot be read: " + e.getMessage());
    }
  }

  private void wrong(DayFile day, String what) {
    wrong++;
    Collector.complain(day.instrument() + " " + day.day() + ": " + what);
  }
}
