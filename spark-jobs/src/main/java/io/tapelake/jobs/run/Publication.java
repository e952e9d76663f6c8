package io.tapelake.jobs.run;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.commit.Publisher;
import io.tapelake.jobs.increment.Alerts;
import io.tapelake.jobs.increment.DerivedRows;
import io.tapelake.jobs.increment.InstrumentChange;
import io.tapelake.jobs.increment.Quarantines;
import io.tapelake.jobs.increment.TapeTables;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.outcome.Background;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.CursorFiles;
import io.tapelake.jobs.published.Published.Backfill;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Brings what was read into the tables, the exports, the quarantine and the cursors. What comes of
 * a block of files counts together.
 */
final class Publication {

  private final OutputSettings settings;
  private final Lake lake;
  private final Publisher publisher;
  private final CursorFiles cursorFiles;
  private final TapeTables tape;
  private final DerivedRows derived;
  private final Quarantines quarantines;

  /** By instrument the first minute that was open when the run began. */
  private final Map<String, Long> lateBefore = new HashMap<>();

  private final Alerts alerts;

  /** A publication of a run, whose files in the store count together. */
  Publication(
      SparkStart spark,
      VaultStore store,
      OutputSettings settings,
      Lake lake,
      Publisher publisher,
      Alerts alerts) {
    this.settings = settings;
    this.lake = lake;
    this.publisher = publisher;
    cursorFiles = new CursorFiles(store);
    tape = new TapeTables(settings, lake, spark.sliceReader(store));
    this.alerts = alerts;
    derived = new DerivedRows(store, settings, lake, alerts);
    quarantines = new Quarantines(spark, store);
  }

  /** Begins a run with the cursors that runs before have left. */
  void begin(Map<String, InstrumentCursor> cursors) {
    lateBefore.clear();
    cursors.forEach((instrument, cursor) -> lateBefore.put(instrument, cursor.openFrom()));
    derived.begin();
  }

  /**
   * Writes what comes of a block, which does not count yet.
   *
   * @param outcomes what its files came to
   * @param growing instruments that rows are due for without any reading
   * @param later instruments whose rows do not go on yet: of which more files come in later blocks,
   *     or cannot be read
   * @param asOf the run's as-of
   * @param cursors by instrument; replaced by what they are afterwards
   * @return those that are others than before
   */
  List<InstrumentCursor> write(
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
    boolean writes = changes.stream().anyMatch(this::writes);
    start = summary.step("compare", start);
    Map<String, ExportLengths> exports = new HashMap<>();
    publisher.begin();
    if (writes) {
      // The windows are computed while the minutes, and then single trades, are written.
      Background bars = Background.start(() -> tape.writeBars(changes));
      Background trades =
          Background.start(
              () -> {
                bars.await();
                tape.writeTrades(changes);
              });
      // Nothing goes on behind a run that failed.
      long[] derivedAt = {0};
      Background.beside(
          List.of(bars, trades),
          () -> {
            exports.putAll(derived.write(changes, bars, summary));
            derivedAt[0] = System.nanoTime();
          });
      start = summary.step("trades", derivedAt[0]);
      summary.committed();
    }
    List<InstrumentCursor> read = new ArrayList<>();
    for (InstrumentChange change : changes) {
      InstrumentCursor cursor = change.cursor();
      InstrumentCursor after =
          new InstrumentCursor(
              change.instrument(),
              cursor.asOf(),
              settings,
              quarantines.write(change),
              exports.getOrDefault(change.instrument(), cursor.exports()));
      cursors.put(after.instrument(), after);
      read.add(after);
      summary.of(change.instrument()).late += change.late();
    }
    summary.step("cursor", start);
    return read;
  }

  /** Lets cursors count, with all that was written for them. */
  void count(Collection<InstrumentCursor> after, Backfill backfill, RunSummary summary)
      throws IOException {
    long start = System.nanoTime();
    cursorFiles.writeAll(after);
    alerts.stage();
    publisher.note(after);
    publisher.publish(backfill);
    summary.step("publish", start);
  }

  /**
   * Lets instruments without news carry the run's as-of, where it says of no row that is not there,
   * and of none that is there that it is not: what could not be read holds up rows, and a clock
   * that was ahead made some.
   */
  void advance(Map<String, InstrumentCursor> cursors, Instant asOf) {
    cursors.replaceAll(
        (instrument, cursor) -> {
          Instant its = InstrumentCursor.asOf(cursor, asOf);
          return cursor.rowsEnd(settings.openFrom(its)) == cursor.rowsEnd()
              ? new InstrumentCursor(instrument, its, settings, cursor.files(), cursor.exports())
              : cursor;
        });
    publisher.note(cursors.values());
  }

  /** Cursors of a block's files alone. */
  static List<InstrumentCursor> ofBlock(
      List<InstrumentCursor> cursors, List<FileOutcome> outcomes) {
    Set<DayFile> read = new TreeSet<>();
    outcomes.forEach(outcome -> read.add(outcome.work().file()));
    List<InstrumentCursor> ofBlock = new ArrayList<>();
    for (InstrumentCursor cursor : cursors) {
      TreeMap<LocalDate, FileCursor> files = new TreeMap<>(cursor.files());
      files.keySet().removeIf(day -> !read.contains(new DayFile(cursor.instrument(), day)));
      ofBlock.add(
          new InstrumentCursor(
              cursor.instrument(), cursor.asOf(), cursor.settings(), files, cursor.exports()));
    }
    return ofBlock;
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
          Instant until =
              before != null && later.contains(instrument)
                  ? before.asOf()
                  : InstrumentCursor.asOf(before, asOf);
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

  private boolean writes(InstrumentChange change) {
    return !change.written().isEmpty()
        || !change.replacedBars().isEmpty()
        || !change.rowsDue().isEmpty()
        || change.replacesRows()
        || settings.trades() && change.replacesTrades()
        || change.outcomes().stream().anyMatch(Quarantines::changes);
  }
}
