package io.tapelake.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.commit.Recovery;
import io.tapelake.jobs.commit.VaultHold;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FoundFile;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.published.CursorFiles;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.SeenFiles;
import io.tapelake.jobs.run.RawFileFinder;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.verify.DayReport;
import io.tapelake.jobs.verify.Verification;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code verify}: computes again and compares. */
@Command(
    name = "verify",
    description = {
      "Computes everything again from the raw files and compares it with tables, export,"
          + " quarantine",
      "and cursor; reports trades, duplicates, refused lines and missing trade ids by day.",
      "Files of tables that are gone or cut are named. Changes nothing, so that it may be only read.",
      "Exit code 0 only when everything agrees, 4 otherwise."
    })
public final class VerifyCommand implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Mixin private VaultOptions vault = new VaultOptions();
  @Mixin private DayOptions days = new DayOptions();

  @Option(
      names = "--instruments",
      paramLabel = "A,B",
      description = "instruments to verify (default: all)")
  private String instruments;

  @Option(names = "--json", description = "print the findings as one line of JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    Clock clock = Clock.systemUTC();
    DayRange range = days.range();
    Set<String> chosen = vault.instruments(instruments);
    VaultStore store = vault.openVaultWithTrades();
    long sliceBytes = vault.properties().sliceBytes();
    try (AutoCloseable hold = vault.holdToRead(clock)) {
      Recovery.checkForFolders(store, List.of());
      Published published = Recovery.whatCounts(store);
      if (published == null || published.settings() == null) {
        throw nothing();
      }
      Recovery.checkForFolders(store, published.files().keySet());
      Set<String> verified = chosen(chosen, published.instruments());
      if (verified.isEmpty()) {
        throw nothing();
      }
      try (SparkStart spark = new SparkStart(vault.master())) {
        spark.begin();
        return verify(
                spark,
                store,
                published,
                verified,
                range,
                sliceBytes,
                clock,
                hold instanceof VaultHold)
            .code();
      }
    } catch (DamagedException e) {
      return tell(List.of(), List.of(e.withWayOut())).code();
    }
  }

  private Set<String> chosen(Set<String> chosen, Set<String> known) {
    // Who says in the configuration what takes part waits for its first trade, as a run does.
    boolean isGiven = instruments != null || Collections.disjoint(chosen, known);
    for (String instrument : chosen) {
      if (isGiven && !known.contains(instrument)) {
        throw JobException.usage(
            "no run has read trades of instrument '%s'; the tables have %s"
                .formatted(instrument, known));
      }
    }
    Set<String> verified = new TreeSet<>(known);
    verified.retainAll(chosen.isEmpty() ? known : chosen);
    return verified;
  }

  private static JobException nothing() {
    return JobException.usage(
        "nothing to verify: no run has been made of this vault; './tapelake run' makes one");
  }

  private ExitCode verify(
      SparkStart spark,
      VaultStore store,
      Published published,
      Set<String> instruments,
      DayRange range,
      long sliceBytes,
      Clock clock,
      boolean isHeld)
      throws IOException {
    RunSummary summary = new RunSummary("verify", clock.instant());
    List<DayReport> reports = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    Map<String, InstrumentCursor> cursors = new TreeMap<>();
    for (String instrument : instruments) {
      try {
        cursors.put(instrument, new CursorFiles(store).read(instrument, published));
      } catch (DamagedException e) {
        differences.add(e.withWayOut());
      }
    }
    if (differences.isEmpty()) {
      checkHas(range, cursors.values());
    }
    RawFileFinder finder = new RawFileFinder(store, new SeenFiles(store), clock.instant());
    List<FoundFile> found = finder.find(cursors.keySet(), cursors);
    differences.addAll(finder.failures(range));
    cursors.keySet().removeAll(finder.unlisted());
    Lake lake = new Lake(spark, store, published.settings());
    lake.ahead(published.tables())
        .forEach(
            (table, version) ->
                differences.add(
                    "%s: has version %d, which no run left that counts; the next run takes it back"
                        .formatted(table, version)));
    if (!isHeld) {
      lake.pin(published.tables());
    }
    Map<String, List<String>> damages = lake.damages(published.tables());
    damages.forEach(
        (table, each) ->
            each.forEach(
                damage ->
                    differences.add(
                        "%s: %s; %s".formatted(table, damage, DamagedException.WAY_OUT))));
    Set<String> damaged = new TreeSet<>(damages.keySet());
    for (InstrumentCursor cursor : cursors.values()) {
      Verification verification =
          new Verification(spark, store, lake, damaged, cursor, range, sliceBytes);
      try {
        verification.verify(works(found, cursor, range), finder.failures().keySet(), summary);
      } catch (IOException | RuntimeException e) {
        // What is damaged for one instrument is told, and the others are verified.
        DamagedException damage = DamagedException.in(e);
        if (damage == null) {
          throw e;
        }
        differences.add(cursor.instrument() + ": " + damage.withWayOut());
      }
      reports.addAll(verification.reports());
      differences.addAll(verification.differences());
    }
    differences.addAll(summary.problems());
    return tell(reports, differences);
  }

  /** Days that nothing was read of agree with nothing. */
  private void checkHas(DayRange range, Collection<InstrumentCursor> cursors) {
    TreeSet<LocalDate> read = new TreeSet<>();
    cursors.forEach(cursor -> read.addAll(cursor.files().keySet()));
    if (days.isGiven() && read.stream().noneMatch(range::contains)) {
      throw JobException.usage(
          read.isEmpty()
              ? "nothing to verify: no run has read a day"
              : "nothing to verify: no run has read a day of that range; the tables go from %s to %s"
                  .formatted(read.first(), read.last()));
    }
  }

  private ExitCode tell(List<DayReport> reports, List<String> differences) {
    if (json) {
      System.out.println(asJson(reports, differences));
    } else {
      reports.forEach(report -> System.out.println(report.text()));
      System.out.printf(
          "verified %,d trades of %d day files: %s%n",
          reports.stream().mapToLong(DayReport::trades).sum(),
          reports.size(),
          differences.isEmpty() ? "everything agrees" : differences.size() + " differences");
    }
    differences.forEach(each -> System.err.println("tapelake: " + each));
    return differences.isEmpty() ? ExitCode.DONE : ExitCode.NEEDS_PERSON;
  }

  /** The consumed part of the files in the range, and of those before it that its windows reach. */
  private static List<FileWork> works(
      List<FoundFile> found, InstrumentCursor cursor, DayRange range) {
    int reach = cursor.settings().spans().lookback() / 1440 + 1;
    LocalDate from =
        range.from().equals(LocalDate.MIN) ? LocalDate.MIN : range.from().minusDays(reach);
    DayRange read = new DayRange(from, range.to());
    List<FileWork> works = new ArrayList<>();
    for (FoundFile file : found) {
      FileCursor consumed = cursor.files().get(file.file().day());
      if (!file.file().instrument().equals(cursor.instrument())
          || !read.contains(file.file().day())
          || file.consumedPart() == FoundFile.ConsumedPart.FAILED
          || consumed == null) {
        continue;
      }
      works.add(
          new FileWork(
              file.file(),
              file.path(),
              Math.min(file.length(), consumed.bytes()),
              file.modified(),
              file.isDivisible() ? FileWork.Mode.REBUILD : FileWork.Mode.REBUILD_WHOLE,
              FileCursor.START,
              // Later than the instrument's, where its rows wait for another file.
              consumed.openMinute(),
              null));
    }
    return works;
  }

  private static String asJson(List<DayReport> reports, List<String> differences) {
    ObjectNode node = JSON.createObjectNode().put("agrees", differences.isEmpty());
    reports.forEach(report -> report.putInto(node.withArray("days").addObject()));
    differences.forEach(node.withArray("differences")::add);
    return node.toString();
  }
}
