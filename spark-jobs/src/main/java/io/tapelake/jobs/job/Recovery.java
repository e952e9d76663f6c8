package io.tapelake.jobs.job;

import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.publish.CursorFiles;
import io.tapelake.jobs.publish.Lake;
import io.tapelake.jobs.publish.QuarantineFile;
import io.tapelake.jobs.publish.RunJournal;
import io.tapelake.jobs.publish.VwapExport;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Map;

/** Brings the outputs back to what the cursors say, when a run did not get to its end. */
final class Recovery {

  private final VaultStore store;
  private final Lake lake;
  private final RunJournal journal;
  private final CursorFiles cursorFiles;
  private final Clearing clearing;

  Recovery(
      VaultStore store, Lake lake, RunJournal journal, CursorFiles cursorFiles, Clearing clearing) {
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
        journal.finish(unfinished.cursors(), cursorFiles);
        summary.recovered(
            "the run of %s did not finish: its cursors are written now"
                .formatted(unfinished.started()));
      }
    }
    for (InstrumentCursor cursor : cursorFiles.readAll().values()) {
      mendExport(cursor, summary);
    }
  }

  private void undo(RunJournal.Unfinished unfinished) throws IOException {
    lake.restore(unfinished.tables());
    Map<String, InstrumentCursor> cursors = cursorFiles.readAll();
    for (String instrument : unfinished.instruments()) {
      InstrumentCursor cursor = cursors.get(instrument);
      if (cursor == null) {
        store.delete(VaultLayout.vwapExport(instrument));
      } else {
        // It may have been replaced as a whole, so that its length alone does not tell.
        rewriteExport(cursor);
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

  private void mendExport(InstrumentCursor cursor, RunSummary summary) throws IOException {
    String path = VaultLayout.vwapExport(cursor.instrument());
    long length = Math.max(0, store.length(path));
    if (length == cursor.exportBytes()) {
      return;
    }
    summary.recovered(
        "%s had %d bytes where the last run left %d: made anew from the table"
            .formatted(path, length, cursor.exportBytes()));
    rewriteExport(cursor);
  }

  private void rewriteExport(InstrumentCursor cursor) throws IOException {
    VwapExport export = new VwapExport(store, cursor.settings().windows());
    if (cursor.exportBytes() == 0) {
      store.delete(VaultLayout.vwapExport(cursor.instrument()));
      return;
    }
    long length =
        export.rewrite(
            cursor.instrument(), lake.vwapRows(cursor.instrument(), cursor.settings().windows()));
    if (length != cursor.exportBytes()) {
      throw JobException.needsPerson(
          "the table vwap_1m does not hold what the last run wrote of %s (%d bytes of export, not %d);"
                  .formatted(cursor.instrument(), length, cursor.exportBytes())
              + " './tapelake backfill' makes everything anew");
    }
  }
}
