package io.tapelake.jobs.job;

import io.tapelake.jobs.alert.AlertFile;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.publish.CursorFiles;
import io.tapelake.jobs.publish.Lake;
import io.tapelake.jobs.publish.QuarantineFile;
import io.tapelake.jobs.publish.RunJournal;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Brings the outputs back to what the cursors say, when a run did not get to its end. */
final class Recovery {

  private final Supplier<SparkSession> spark;
  private final VaultStore store;
  private final Lake lake;
  private final RunJournal journal;
  private final CursorFiles cursorFiles;
  private final Clearing clearing;

  Recovery(
      Supplier<SparkSession> spark,
      VaultStore store,
      Lake lake,
      RunJournal journal,
      CursorFiles cursorFiles,
      Clearing clearing) {
    this.spark = spark;
    this.store = store;
    this.lake = lake;
    this.journal = journal;
    this.cursorFiles = cursorFiles;
    this.clearing = clearing;
  }

  /** Undoes or finishes an unfinished run, and mends exports that are not as they were left. */
  void repair(RunSummary summary) throws IOException {
    RunJournal.Unfinished unfinished = journal.unfinished();
    if (unfinished != null) {
      if (unfinished.clears()) {
        clearing.clear(unfinished.instruments(), unfinished.tables().isEmpty());
        summary.recovered(
            "the backfill of %s did not get further than taking the old outputs out"
                .formatted(unfinished.started()));
      } else if (unfinished.cursors() == null) {
        undo(unfinished);
        summary.recovered(
            "the run of %s did not finish: tables and files are back to where they were before it"
                .formatted(unfinished.started()));
      } else {
        QuarantineFile quarantine = new QuarantineFile(store);
        for (String instrument : unfinished.instruments()) {
          quarantine.adopt(instrument);
        }
        new AlertFile(store).adopt();
        journal.finish(unfinished.cursors(), cursorFiles);
        summary.recovered(
            "the run of %s did not finish: its cursors are written now"
                .formatted(unfinished.started()));
      }
    }
    for (InstrumentCursor cursor : cursorFiles.readAll().values()) {
      mendExports(cursor, summary);
    }
  }

  private void undo(RunJournal.Unfinished unfinished) throws IOException {
    lake.restore(unfinished.tables());
    new AlertFile(store).discard();
    Map<String, InstrumentCursor> cursors = cursorFiles.readAll();
    for (String instrument : unfinished.instruments()) {
      InstrumentCursor cursor = cursors.get(instrument);
      if (cursor == null) {
        Exports.delete(instrument, store);
      } else {
        // It may have been replaced as a whole, so that its length alone does not tell.
        rewriteExports(cursor);
      }
      truncateQuarantine(instrument, cursor);
    }
    journal.finish(java.util.List.of(), cursorFiles);
  }

  private void truncateQuarantine(String instrument, InstrumentCursor cursor) throws IOException {
    QuarantineFile quarantine = new QuarantineFile(store);
    quarantine.discard(instrument);
    for (VaultStore.Entry entry : store.list(DayFile.QUARANTINE_ROOT + "/" + instrument)) {
      LocalDate day = DayFile.dayOf(entry.name());
      if (day == null) {
        continue;
      }
      FileCursor file = cursor == null ? null : cursor.files().get(day);
      quarantine.truncate(new DayFile(instrument, day), file == null ? 0 : file.quarantineBytes());
    }
  }

  private void mendExports(InstrumentCursor cursor, RunSummary summary) throws IOException {
    ExportLengths found = new Exports(store, cursor.settings()).found(cursor.instrument());
    if (!found.equals(cursor.exports())) {
      summary.recovered(
          "the exports of %s have %s bytes where the last run left %s: made anew from the tables"
              .formatted(cursor.instrument(), found, cursor.exports()));
      rewriteExports(cursor);
    }
  }

  private void rewriteExports(InstrumentCursor cursor) throws IOException {
    if (cursor.exports().vwap() == 0) {
      Exports.delete(cursor.instrument(), store);
      return;
    }
    Lake tables = new Lake(spark, store, cursor.settings());
    ExportLengths made = new Exports(store, cursor.settings()).rewrite(cursor.instrument(), tables);
    if (!made.equals(cursor.exports())) {
      throw JobException.needsPerson(
          "the tables do not hold what the last run wrote of %s (%s bytes of exports, not %s);"
                  .formatted(cursor.instrument(), made, cursor.exports())
              + " './tapelake backfill' makes everything anew");
    }
  }
}
