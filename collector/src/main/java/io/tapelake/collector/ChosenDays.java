package io.tapelake.collector;

import io.tapelake.collector.settings.UsageException;
import io.tapelake.collector.write.RawFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** Which instruments and days of a vault a verb is to look at. */
final class ChosenDays {

  @Option(names = "--instruments", paramLabel = "A,B", split = ",", description = "Default: all")
  private Set<String> instruments = new TreeSet<>();

  @Option(names = "--from", paramLabel = "DAY", description = "First UTC day. Default: all days")
  private LocalDate from;

  @Option(names = "--to", paramLabel = "DAY", description = "Last UTC day")
  private LocalDate to;

  /**
   * The instruments that were asked for.
   *
   * @throws UsageException when the vault has no raw files of one, or the days are none
   */
  Set<String> instruments(Path vault) throws IOException, UsageException {
    if (from != null && to != null && to.isBefore(from)) {
      throw new UsageException("--to " + to + " is before --from " + from + ".");
    }
    return of(vault, instruments);
  }

  LocalDate from() {
    return from == null ? LocalDate.MIN : from;
  }

  LocalDate to() {
    return to == null ? LocalDate.MAX : to;
  }

  /**
   * The instruments of a vault that were asked for, all of them when none was. The exchange's names
   * are of capitals; others mean the same.
   *
   * @throws UsageException when the vault has no raw files of one: a slip, most likely
   */
  static Set<String> of(Path vault, Set<String> asked) throws IOException, UsageException {
    Set<String> there = RawFolder.instruments(vault);
    Set<String> chosen = new TreeSet<>(asked.isEmpty() ? there : Set.of());
    for (String name : asked) {
      String found = there.contains(name) ? name : name.toUpperCase(Locale.ROOT);
      if (!there.contains(found)) {
        throw new UsageException(
            "The vault %s has no raw files of '%s'; it has those of %s. Correct --instruments."
                .formatted(vault, name, there.isEmpty() ? "nobody" : String.join(", ", there)));
      }
      chosen.add(found);
    }
    return chosen;
  }
}
