package io.tapelake.jobs.increment;

import io.tapelake.jobs.outcome.Steps;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.published.QuarantineFile;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.read.RawFileBytes;
import io.tapelake.jobs.read.RefusedLine;
import io.tapelake.jobs.read.SliceScan;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Brings what was refused of some files into the quarantine. */
public final class Quarantines {

  private final Supplier<SparkSession> spark;
  private final VaultStore store;
  private final QuarantineFile quarantine;

  public Quarantines(Supplier<SparkSession> spark, VaultStore store) {
    this.spark = spark;
    this.store = store;
    quarantine = new QuarantineFile(store);
  }

  public static boolean changes(FileOutcome outcome) {
    return !outcome.refusedLines().isEmpty()
        || (outcome.work().replaces() && outcome.work().previous().quarantineBytes() > 0);
  }

  /** All that was refused of a file; the part that was read now where it only grew. */
  public List<RefusedLine> lines(FileOutcome outcome) throws IOException {
    return SliceScan.refusedLines(
        outcome,
        slice ->
            new RawFileBytes(store.uri(slice.path()), spark.get().sessionState().newHadoopConf()));
  }

  /** Writes what an instrument's files have refused; the files' cursors after it. */
  public SortedMap<LocalDate, FileCursor> write(InstrumentChange change) throws IOException {
    SortedMap<LocalDate, FileCursor> files = new TreeMap<>(change.cursor().files());
    for (FileOutcome outcome : change.outcomes()) {
      long bytes = write(outcome);
      files.computeIfPresent(
          outcome.work().file().day(), (day, file) -> file.withQuarantineBytes(bytes));
      Steps.done(Steps.QUARANTINE);
    }
    return files;
  }

  private long write(FileOutcome outcome) throws IOException {
    DayFile file = outcome.work().file();
    if (!changes(outcome)) {
      return outcome.work().replaces() ? 0 : outcome.work().previous().quarantineBytes();
    }
    List<RefusedLine> lines = lines(outcome);
    return outcome.work().replaces()
        ? quarantine.replace(file, lines)
        : quarantine.append(file, outcome.work().previous().quarantineBytes(), lines);
  }
}
