package io.tapelake.jobs.job;

import io.tapelake.jobs.minute.MinuteBar;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.jobs.publish.CursorFiles;
import io.tapelake.jobs.publish.Lake;
import io.tapelake.jobs.publish.LakeSchema;
import io.tapelake.jobs.publish.QuarantineFile;
import io.tapelake.jobs.publish.RunJournal;
import io.tapelake.jobs.publish.VwapExport;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.read.RawFileBytes;
import io.tapelake.jobs.read.RefusedLine;
import io.tapelake.jobs.read.SliceReader;
import io.tapelake.jobs.read.SliceResult;
import io.tapelake.jobs.read.SliceScan;
import io.tapelake.jobs.read.SliceTasks;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.window.MinuteRange;
import io.tapelake.jobs.window.RollingWindows;
import io.tapelake.jobs.window.VwapRow;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Brings what was read into the tables, the exports, the quarantine and the cursors, in that order.
 * After each block of files all of them agree with each other.
 */
final class Publication {

  /** Raw bytes whose trades go into one file of the table of trades. */
  private static final long TRADE_FILE_BYTES = 512L << 20;

  private final Supplier<SparkSession> spark;
  private final VaultStore store;
  private final OutputSettings settings;
  private final Lake lake;
  private final RunJournal journal;
  private final CursorFiles cursorFiles;
  private final SliceTasks tasks;
  private final SliceReader slices;
  private final VwapExport export;
  private final QuarantineFile quarantine;

  Publication(
      SparkStart spark,
      VaultStore store,
      OutputSettings settings,
      Lake lake,
      RunJournal journal,
      CursorFiles cursorFiles) {
    this.spark = spark;
    this.store = store;
    this.settings = settings;
    this.lake = lake;
    this.journal = journal;
    this.cursorFiles = cursorFiles;
    tasks = new SliceTasks(spark, store.uri(""));
    slices = spark.sliceReader(store);
    export = new VwapExport(store, settings.windows());
    quarantine = new QuarantineFile(store);
  }

  /**
   * Publishes a block.
   *
   * @param outcomes what its files came to
   * @param growing instruments that rows are due for without any reading
   * @param later instruments of which more files come in later blocks
   * @param asOf the run's as-of
   * @param cursors by instrument; replaced by what they are afterwards
   */
  void publish(
      List<FileOutcome> outcomes,
      Set<String> growing,
      Set<String> later,
      Instant asOf,
      Map<String, InstrumentCursor> cursors,
      RunSummary summary)
      throws IOException {
    long start = System.nanoTime();
    List<InstrumentChange> changes = changes(outcomes, growing, later, asOf, cursors);
    compareWithTable(changes);
    boolean writes =
        changes.stream().anyMatch(change -> writes(change) || !change.rowsDue().isEmpty());
    start = step(summary, "compare", start);
    Map<String, Long> versions = writes ? lake.versions() : Map.of();
    List<VwapRow> rows = List.of();
    if (writes) {
      journal.begin(
          summary.started(), versions, changes.stream().map(InstrumentChange::instrument).toList());
      Steps.done(Steps.JOURNAL);
      // Spark computes the windows while the driver writes the minutes.
      Future<Void> bars = async(() -> writeBars(changes));
      try {
        rows = rollingRows(changes);
        start = step(summary, "windows", start);
      } finally {
        // Nothing goes on behind a run that failed.
        await(bars);
      }
      start = step(summary, "bars", start);
      writeTrades(changes);
      start = step(summary, "trades", start);
      writeVwap(changes, rows);
      start = step(summary, "vwap", start);
    }
    List<InstrumentCursor> after = writeFiles(changes, rows);
    start = step(summary, "files", start);
    if (writes) {
      journal.noteCursors(summary.started(), versions, after);
      Steps.done(Steps.CURSORS_NOTED);
      adoptQuarantines(outcomes);
      journal.finish(after, cursorFiles);
      summary.committed();
    } else {
      cursorFiles.writeAll(after);
    }
    Steps.done(Steps.CURSORS);
    after.forEach(cursor -> cursors.put(cursor.instrument(), cursor));
    note(changes, rows, summary);
    step(summary, "cursor", start);
  }

  private interface Work {
    void run() throws IOException;
  }

  private static Future<Void> async(Work work) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread thread = new Thread(task, "publish");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static void await(Future<Void> work) throws IOException {
    try {
      work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while writing");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    }
  }

  /** Lets the cursors of instruments without news carry the run's as-of. */
  void advance(Map<String, InstrumentCursor> cursors, Instant asOf) throws IOException {
    List<InstrumentCursor> behind = new ArrayList<>();
    for (InstrumentCursor cursor : cursors.values()) {
      if (!cursor.asOf().equals(asOf)) {
        behind.add(
            new InstrumentCursor(
                cursor.instrument(), asOf, settings, cursor.files(), cursor.exportBytes()));
      }
    }
    cursorFiles.writeAll(behind);
    behind.forEach(cursor -> cursors.put(cursor.instrument(), cursor));
  }

  private List<InstrumentChange> changes(
      List<FileOutcome> outcomes,
      Set<String> growing,
      Set<String> later,
      Instant asOf,
      Map<String, InstrumentCursor> cursors) {
    Map<String, List<FileOutcome>> byInstrument = new TreeMap<>();
    for (FileOutcome outcome : outcomes) {
      byInstrument
          .computeIfAbsent(outcome.work().file().instrument(), key -> new ArrayList<>())
          .add(outcome);
    }
    Set<String> growingNow = new TreeSet<>(growing);
    growingNow.removeAll(later);
    growingNow.forEach(instrument -> byInstrument.putIfAbsent(instrument, List.of()));
    List<InstrumentChange> changes = new ArrayList<>();
    byInstrument.forEach(
        (instrument, files) -> {
          InstrumentCursor before = cursors.get(instrument);
          // Rows of newly closed minutes wait until all of the instrument's files are read.
          Instant until = before != null && later.contains(instrument) ? before.asOf() : asOf;
          changes.add(new InstrumentChange(instrument, before, files, until, settings));
        });
    return changes;
  }

  private void compareWithTable(List<InstrumentChange> changes) throws IOException {
    Map<String, List<MinuteRange>> needed = new TreeMap<>();
    for (InstrumentChange change : changes) {
      List<MinuteRange> ranges = change.barsNeeded();
      if (!ranges.isEmpty()) {
        needed.put(change.instrument(), ranges);
      }
    }
    Map<String, NavigableMap<Long, MinuteBar>> old = lake.readBars(needed);
    for (InstrumentChange change : changes) {
      change.compare(old.getOrDefault(change.instrument(), new TreeMap<>()));
    }
  }

  private List<VwapRow> rollingRows(List<InstrumentChange> changes) {
    Map<String, NavigableMap<Long, MinuteBar>> bars = new TreeMap<>();
    Map<String, List<MinuteRange>> due = new TreeMap<>();
    for (InstrumentChange change : changes) {
      bars.put(change.instrument(), change.bars());
      due.put(change.instrument(), change.rowsDue());
    }
    return new RollingWindows(spark, settings.windows()).compute(bars, due);
  }

  private boolean writes(InstrumentChange change) {
    return !change.written().isEmpty()
        || !change.replacedBars().isEmpty()
        || !change.rowsReplaced().isEmpty()
        || change.outcomes().stream().anyMatch(Publication::changesQuarantine);
  }

  private static boolean changesQuarantine(FileOutcome outcome) {
    return !outcome.refusedLines().isEmpty()
        || (outcome.work().replaces() && outcome.work().previous().quarantineBytes() > 0);
  }

  private void writeBars(List<InstrumentChange> changes) throws IOException {
    Map<String, Collection<MinuteBar>> written = new TreeMap<>();
    Map<String, List<MinuteRange>> ranges = new TreeMap<>();
    boolean replaces = false;
    for (InstrumentChange change : changes) {
      if (change.written().isEmpty() && change.replacedBars().isEmpty()) {
        continue;
      }
      written.put(change.instrument(), change.written());
      List<MinuteRange> touched = new ArrayList<>(change.writtenRanges());
      touched.addAll(change.replacedBars());
      ranges.put(change.instrument(), MinuteRange.union(touched));
      replaces |= !change.replacedBars().isEmpty();
    }
    if (written.isEmpty()) {
      return;
    }
    if (replaces) {
      lake.replaceBars(written, ranges);
    } else {
      lake.appendBars(written);
    }
    Steps.done(Steps.BARS);
  }

  private void writeTrades(List<InstrumentChange> changes) throws IOException {
    if (!settings.trades()) {
      return;
    }
    List<Slice> added = new ArrayList<>();
    List<Slice> replacing = new ArrayList<>();
    Map<String, List<LocalDate>> replaced = new TreeMap<>();
    for (InstrumentChange change : changes) {
      List<LocalDate> days = change.replacedTradeDays();
      if (!days.isEmpty()) {
        replaced.put(change.instrument(), days);
      }
      for (FileOutcome outcome : change.outcomes()) {
        if (outcome.cursor().broken() || outcome.trades() == 0) {
          continue;
        }
        boolean replaces = days.contains(outcome.work().file().day());
        outcome.slices().stream()
            .map(SliceResult::slice)
            .forEach((replaces ? replacing : added)::add);
      }
    }
    if (!added.isEmpty()) {
      lake.appendTrades(slices.writeTrades(added, VaultLayout.table(LakeSchema.TRADES)));
    }
    if (!replaced.isEmpty()) {
      lake.replaceTrades(tasks.trades(replacing, TRADE_FILE_BYTES), replaced);
    }
    Steps.done(Steps.TRADES);
  }

  private void writeVwap(List<InstrumentChange> changes, List<VwapRow> rows) throws IOException {
    Map<String, List<MinuteRange>> ranges = new TreeMap<>();
    boolean replaces = false;
    for (InstrumentChange change : changes) {
      List<MinuteRange> touched = new ArrayList<>(change.rowsDue());
      touched.addAll(change.rowsReplaced());
      if (!touched.isEmpty()) {
        ranges.put(change.instrument(), MinuteRange.union(touched));
      }
      replaces |= !change.rowsReplaced().isEmpty();
    }
    if (replaces) {
      lake.replaceVwap(rows, ranges);
    } else if (!rows.isEmpty()) {
      lake.appendVwap(rows);
    }
    Steps.done(Steps.VWAP);
  }

  private List<InstrumentCursor> writeFiles(List<InstrumentChange> changes, List<VwapRow> rows)
      throws IOException {
    Map<String, List<VwapRow>> byInstrument = new LinkedHashMap<>();
    for (VwapRow row : rows) {
      byInstrument.computeIfAbsent(row.instrument(), key -> new ArrayList<>()).add(row);
    }
    List<InstrumentCursor> cursors = new ArrayList<>();
    for (InstrumentChange change : changes) {
      long exportBytes =
          writeExport(change, byInstrument.getOrDefault(change.instrument(), List.of()));
      Steps.done(Steps.EXPORT);
      SortedMap<LocalDate, FileCursor> files = new TreeMap<>(change.cursor().files());
      for (FileOutcome outcome : change.outcomes()) {
        long bytes = writeQuarantine(outcome);
        files.computeIfPresent(
            outcome.work().file().day(), (day, file) -> file.withQuarantineBytes(bytes));
        Steps.done(Steps.QUARANTINE);
      }
      cursors.add(
          new InstrumentCursor(
              change.instrument(), change.cursor().asOf(), settings, files, exportBytes));
    }
    return cursors;
  }

  private long writeExport(InstrumentChange change, List<VwapRow> rows) throws IOException {
    List<MinuteRange> replaced = change.rowsReplaced();
    if (!replaced.isEmpty()) {
      List<MinuteRange> touched = new ArrayList<>(replaced);
      touched.addAll(change.rowsDue());
      return export.replace(change.instrument(), rows, MinuteRange.union(touched));
    }
    return rows.isEmpty()
        ? change.cursor().exportBytes()
        : export.append(change.instrument(), change.cursor().exportBytes(), rows);
  }

  private long writeQuarantine(FileOutcome outcome) throws IOException {
    DayFile file = outcome.work().file();
    if (!changesQuarantine(outcome)) {
      return outcome.work().replaces() ? 0 : outcome.work().previous().quarantineBytes();
    }
    List<RefusedLine> lines = outcome.refusedLines();
    if (!outcome.refusedLinesComplete()) {
      lines = new ArrayList<>();
      for (SliceResult slice : outcome.slices()) {
        lines.addAll(
            SliceScan.refusedLines(
                slice.slice(),
                new RawFileBytes(
                    store.uri(slice.slice().path()), spark.get().sessionState().newHadoopConf())));
      }
    }
    return outcome.work().replaces()
        ? quarantine.prepare(file, lines)
        : quarantine.append(file, outcome.work().previous().quarantineBytes(), lines);
  }

  private void adoptQuarantines(List<FileOutcome> outcomes) throws IOException {
    for (FileOutcome outcome : outcomes) {
      if (outcome.work().replaces() && changesQuarantine(outcome)) {
        quarantine.adopt(outcome.work().file());
      }
    }
  }

  private static void note(List<InstrumentChange> changes, List<VwapRow> rows, RunSummary summary) {
    Map<String, InstrumentChange> byInstrument = new LinkedHashMap<>();
    for (InstrumentChange change : changes) {
      byInstrument.put(change.instrument(), change);
      summary.of(change.instrument()).late += change.late();
    }
    for (VwapRow row : rows) {
      InstrumentSummary each = summary.of(row.instrument());
      each.minutesWritten++;
      if (byInstrument.get(row.instrument()).isRevision(row.minute())) {
        each.minutesRevised++;
      }
    }
  }

  private static long step(RunSummary summary, String name, long start) {
    long now = System.nanoTime();
    summary.step(name, Duration.ofNanos(now - start));
    return now;
  }
}
