package io.tapelake.jobs.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FoundFile;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.publish.CursorFiles;
import io.tapelake.jobs.store.VaultStore;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
      "Changes nothing. Exit code 0 only when everything agrees, 4 otherwise."
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
    try (AutoCloseable lock = vault.lockVault(clock)) {
      Map<String, InstrumentCursor> cursors = new TreeMap<>(new CursorFiles(store).readAll());
      if (!chosen.isEmpty()) {
        cursors.keySet().retainAll(chosen);
      }
      if (cursors.isEmpty()) {
        throw JobException.usage(
            "nothing to verify: no run has been made of this vault; './tapelake run' makes one");
      }
      try (SparkStart spark = new SparkStart(vault.master(), session -> {})) {
        spark.begin();
        return verify(spark, store, cursors, range, sliceBytes, clock).code();
      }
    }
  }

  private ExitCode verify(
      SparkStart spark,
      VaultStore store,
      Map<String, InstrumentCursor> cursors,
      DayRange range,
      long sliceBytes,
      Clock clock)
      throws IOException {
    RunSummary summary = new RunSummary("verify", clock.instant());
    List<FoundFile> found = new RawFileFinder(store).find(cursors.keySet(), cursors);
    List<DayReport> reports = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    for (InstrumentCursor cursor : cursors.values()) {
      Verification verification = new Verification(spark, store, cursor, range, sliceBytes);
      verification.verify(works(found, cursor, range), summary);
      reports.addAll(verification.reports());
      differences.addAll(verification.differences());
    }
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
              cursor.openFrom(),
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
