package io.tapelake.jobs.job;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.publish.CursorFiles;
import io.tapelake.jobs.publish.Lake;
import io.tapelake.jobs.publish.RunJournal;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.store.VaultStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings what was read into the tables, the exports, the quarantine and the cursors. After each
 * block of files all of them agree with each other.
 */
final class Publication {

  private final OutputSettings settings;
  private final Lake lake;
  private final RunJournal journal;
  private final CursorFiles cursorFiles;
  private final TapeTables tape;
  private final DerivedRows derived;
  private final Quarantines quarantines;

  /** By instrument the first minute that was open when the run began. */
  private final Map<String, Long> lateBefore = new HashMap<>();

  private final Alerts alerts;

  Publication(
      SparkStart spark,
      VaultStore store,
      OutputSettings settings,
      Lake lake,
      RunJournal journal,
      CursorFiles cursorFiles,
      Alerts alerts) {
    this.settings = settings;
    this.lake = lake;
    this.journal = journal;
    this.cursorFiles = cursorFiles;
    tape = new TapeTables(settings, lake, spark.sliceReader(store));
    this.alerts = alerts;
    derived = new DerivedRows(store, settings, lake, alerts);
    quarantines = new Quarantines(spark, store);
  }

  /**
   * Begins a run.
   *
   * @param cursors by instrument, as runs before have left them
   */
  void begin(Map<String, InstrumentCursor> cursors) {
    lateBefore.clear();
    cursors.forEach((instrument, cursor) -> lateBefore.put(instrument, cursor.openFrom()));
    derived.begin();
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
    boolean writes = changes.stream().anyMatch(Publication::writes);
    start = summary.step("compare", start);
    Map<String, Long> versions = writes ? lake.versions() : Map.of();
    Map<String, ExportLengths> exports = new HashMap<>();
    if (writes) {
      journal.begin(
          summary.started(), versions, changes.stream().map(InstrumentChange::instrument).toList());
      Steps.done(Steps.JOURNAL);
      // The windows are computed while the minutes, and then single trades, are written.
      Background bars = Background.start(() -> tape.writeBars(changes));
      Background trades =
          Background.start(
              () -> {
                bars.await();
                tape.writeTrades(changes);
              });
      try {
        exports = derived.write(changes, bars, summary);
      } finally {
        // Nothing goes on behind a run that failed.
        start = System.nanoTime();
        Background.await(List.of(bars, trades));
      }
      start = summary.step("trades", start);
    }
    List<InstrumentCursor> after = new ArrayList<>();
    for (InstrumentChange change : changes) {
      InstrumentCursor cursor = change.cursor();
      after.add(
          new InstrumentCursor(
              change.instrument(),
              cursor.asOf(),
              settings,
              quarantines.write(change),
              exports.getOrDefault(change.instrument(), cursor.exports())));
    }
    if (writes) {
      alerts.prepare();
      journal.noteCursors(summary.started(), versions, after);
      Steps.done(Steps.CURSORS_NOTED);
      quarantines.adopt(outcomes);
      alerts.adopt();
      journal.finish(after, cursorFiles);
      summary.committed();
    } else {
      cursorFiles.writeAll(after);
    }
    Steps.done(Steps.CURSORS);
    after.forEach(cursor -> cursors.put(cursor.instrument(), cursor));
    changes.forEach(change -> summary.of(change.instrument()).late += change.late());
    summary.step("cursor", start);
  }

  /** Lets the cursors of instruments without news carry the run's as-of. */
  void advance(Map<String, InstrumentCursor> cursors, Instant asOf) throws IOException {
    List<InstrumentCursor> behind = new ArrayList<>();
    for (InstrumentCursor cursor : cursors.values()) {
      if (!cursor.asOf().equals(asOf)) {
        behind.add(
            new InstrumentCursor(
                cursor.instrument(), asOf, settings, cursor.files(), cursor.exports()));
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
          changes.add(
              new InstrumentChange(
                  instrument,
                  before,
                  files,
                  until,
                  settings,
                  lateBefore.getOrDefault(instrument, Long.MIN_VALUE)));
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

  private static boolean writes(InstrumentChange change) {
    return !change.written().isEmpty()
        || !change.replacedBars().isEmpty()
        || !change.rowsDue().isEmpty()
        || change.replacesRows()
        || change.outcomes().stream().anyMatch(Quarantines::changes);
  }
}
