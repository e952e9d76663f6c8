package io.tapelake.collector;

import io.tapelake.collector.history.DayArchiver;
import io.tapelake.collector.settings.UsageException;
import io.tapelake.collector.write.RawFolder;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code archive}: compresses closed days. */
@Command(
    name = "tapelake archive",
    sortOptions = false,
    description = {
      "Compresses days that are over to .jsonl.gz. Each archive is read back and compared byte for"
          + " byte before its plain file goes. Every part of Tapelake reads both forms, late trades"
          + " of archived days included; collector and job need not be stopped.",
    })
final class ArchiveVerb implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private VerbOptions options;

  @Option(
      names = "--older-than",
      paramLabel = "DAYS",
      defaultValue = "7d",
      description = "Days that ended longer ago than this; at least 1d. Default: ${DEFAULT-VALUE}")
  private String olderThan;

  @Option(
      names = "--instruments",
      paramLabel = "A,B",
      split = ",",
      description = "Default: all that have raw files")
  private Set<String> instruments = new TreeSet<>();

  @Option(
      names = "--level",
      paramLabel = "N",
      defaultValue = "6",
      description = "Of compression, 1 to 9. Default: ${DEFAULT-VALUE}")
  private int level;

  private long plainBytes;
  private long storedBytes;
  private int archived;
  private int left;

  @Override
  public Integer call() throws Exception {
    Path vault = options.existingVault();
    if (!olderThan.matches("[1-9]\\d{0,4}d")) {
      throw new UsageException(
          "Cannot use '" + olderThan + "' of --older-than: give days, such as 7d.");
    }
    if (level < 1 || level > 9) {
      throw new UsageException("Cannot use " + level + " of --level: give 1 to 9.");
    }
    long days = Long.parseLong(olderThan.substring(0, olderThan.length() - 1));
    LocalDate before =
        LocalDate.ofInstant(Clock.systemUTC().instant(), ZoneOffset.UTC).minusDays(days);
    DayArchiver archiver = new DayArchiver(vault, level, Clock.systemUTC());
    PrintWriter out = spec.commandLine().getOut();
    long start = System.nanoTime();
    for (String instrument : ChosenDays.of(vault, instruments)) {
      try {
        for (LocalDate day : RawFolder.days(vault, instrument).headSet(before)) {
          archive(archiver, new DayFile(instrument, day), out);
        }
      } catch (IOException e) {
        left++;
        Collector.complain(instrument + " is left as it is: " + VaultFiles.reason(e));
      }
    }
    out.printf(
        "archived %d days: %,d bytes became %,d%s in %.1f s%n",
        archived,
        plainBytes,
        storedBytes,
        storedBytes == 0 ? "" : " (1 : %.1f)".formatted((double) plainBytes / storedBytes),
        (System.nanoTime() - start) / 1e9);
    out.flush();
    return left > 0 ? HistoryVerbs.NEEDS_PERSON : Collector.DONE;
  }

  private void archive(DayArchiver archiver, DayFile day, PrintWriter out) {
    try {
      DayArchiver.Result result = archiver.archive(day);
      switch (result.outcome()) {
        case ARCHIVED -> {
          archived++;
          plainBytes += result.plainBytes();
          storedBytes += result.storedBytes();
          out.printf(
              "%s: %,d bytes became %,d%n",
              day.archivePath(), result.plainBytes(), result.storedBytes());
          out.flush();
        }
        case BUSY ->
            out.printf("%s: being written to or archived; left for the next time%n", day.rawPath());
        default -> {}
      }
    } catch (IOException e) {
      left++;
      Collector.complain(day.rawPath() + " is left as it is: " + e.getMessage());
    }
  }
}
