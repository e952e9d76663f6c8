package io.tapelake.jobs.increment;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.analytics.window.ProfileBucket;
import io.tapelake.analytics.window.SessionDay;
import io.tapelake.analytics.window.SessionProfiles;
import io.tapelake.jobs.derive.InstrumentRows;
import io.tapelake.jobs.derive.SessionDays;
import io.tapelake.jobs.export.Exports;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.outcome.Background;
import io.tapelake.jobs.outcome.InstrumentSummary;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.outcome.Steps;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.table.Derived;
import io.tapelake.jobs.table.DerivedBlock;
import io.tapelake.jobs.table.DerivedColumns;
import io.tapelake.jobs.table.FigureRow;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.jobs.table.SessionsTable;
import io.tapelake.jobs.table.StoredSignal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * The rows that follow from the minutes with trades, and the exports made of them: computed and
 * written block by block, so that a trade that comes a year late needs no more memory than one that
 * comes a minute late.
 */
public final class DerivedRows {

  /** A minute with everything that there is about it takes some 20 kB. */
  private static final int MINUTES_WITH_ANALYTICS = 20_000;

  private static final int MINUTES = 100_000;

  private final OutputSettings settings;
  private final Lake lake;
  private final DerivedColumns columns;
  private final Exports exports;
  private final Alerts alerts;

  /** Writes the minutes with trades meanwhile. */
  private Background writingBars;

  /** Read by blocks before this one. */
  private final RecentBars recent;

  /** By instrument, with analytics. */
  private final Map<String, SessionDays> days = new HashMap<>();

  private final Map<String, List<Signal>> signals = new HashMap<>();
  private final Map<String, ExportLengths> lengths = new HashMap<>();

  /** Instruments whose exports are made anew in the end. */
  private final Set<String> rewritten = new HashSet<>();

  public DerivedRows(VaultStore store, OutputSettings settings, Lake lake, Alerts alerts) {
    this.settings = settings;
    this.lake = lake;
    columns = new DerivedColumns(settings.spans());
    exports = new Exports(store, settings);
    this.alerts = alerts;
    recent = new RecentBars(1 + settings.spans().lookback() / DayBars.MINUTES_A_DAY, mostMinutes());
  }

  /** Forgets what a run before has read: another one may have changed it since. */
  public void begin() {
    recent.clear();
  }

  /**
   * Writes what changes make due.
   *
   * @param bars writes the minutes with trades meanwhile
   * @return the lengths of the exports after it, by instrument
   */
  public Map<String, ExportLengths> write(
      List<InstrumentChange> changes, Background bars, RunSummary summary) throws IOException {
    writingBars = bars;
    days.clear();
    lengths.clear();
    rewritten.clear();
    signals.clear();
    changes.forEach(change -> lengths.put(change.instrument(), change.cursor().exports()));
    if (settings.hasAnalytics()) {
      readDays(changes);
    }
    int lookback = settings.spans().lookback();
    for (List<Stretch> block : Stretch.blocks(changes, mostMinutes(), lookback)) {
      writeBlock(block, summary);
    }
    changes.forEach(recent::keep);
    if (settings.hasAnalytics()) {
      writeSignals(changes);
      writeDays(changes);
    }
    for (String instrument : rewritten) {
      lengths.put(instrument, exports.rewrite(instrument, lake));
      Steps.done(Steps.EXPORT);
    }
    return lengths;
  }

  private int mostMinutes() {
    return settings.hasAnalytics() ? MINUTES_WITH_ANALYTICS : MINUTES;
  }

  private void writeBlock(List<Stretch> block, RunSummary summary) throws IOException {
    long start = System.nanoTime();
    Map<String, NavigableMap<Long, MinuteBar>> bars = bars(block);
    Map<String, List<MinuteRange>> due = due(block);
    DerivedBlock rows = compute(bars, due);
    start = summary.step("windows", start);
    Background tables = Background.start(() -> writeTables(block, rows.rows(), bars));
    tables.awaitBeside(() -> writeExports(block, rows, summary));
    note(block, rows, summary);
    summary.step("rows", start);
  }

  /** Instruments side by side: what one row takes from the last keeps one core busy. */
  private DerivedBlock compute(
      Map<String, NavigableMap<Long, MinuteBar>> bars, Map<String, List<MinuteRange>> due) {
    DerivedBlock all = new DerivedBlock(columns, settings.spans());
    new TreeMap<>(due)
        .entrySet().parallelStream()
            .map(each -> compute(each.getKey(), bars.get(each.getKey()), each.getValue()))
            .toList()
            .forEach(
                made -> {
                  all.add(made.block());
                  signals
                      .computeIfAbsent(made.instrument(), key -> new ArrayList<>())
                      .addAll(made.signals());
                });
    return all;
  }

  private Made compute(
      String instrument, NavigableMap<Long, MinuteBar> bars, List<MinuteRange> ranges) {
    DerivedBlock block = new DerivedBlock(columns, settings.spans());
    InstrumentRows rows = new InstrumentRows(instrument, settings, days.get(instrument));
    for (MinuteRange range : ranges) {
      rows.compute(bars, range, figures -> block.add(FigureRow.of(instrument, figures)));
    }
    return new Made(instrument, block, rows.signals());
  }

  /** The rows of an instrument, and what happened in them. */
  private record Made(String instrument, DerivedBlock block, List<Signal> signals) {}

  /** When all minutes are known: what they gave before and do not give any more is marked. */
  private void writeSignals(List<InstrumentChange> changes) throws IOException {
    List<StoredSignal> written = new ArrayList<>();
    Map<String, List<MinuteRange>> ranges = new TreeMap<>();
    boolean replaces = false;
    for (InstrumentChange change : changes) {
      String instrument = change.instrument();
      if (change.rowsTouched().isEmpty()) {
        continue;
      }
      List<MinuteRange> touched = new ArrayList<>(change.rowsTouched());
      if (change.replacesRows()) {
        touched.addAll(followSignals(change));
        touched = MinuteRange.union(touched);
      }
      List<Signal> now = SignalBook.ordered(signals.getOrDefault(instrument, List.of()));
      ranges.put(instrument, touched);
      List<StoredSignal> before =
          change.replacesRows() ? lake.signals(instrument, touched) : List.of();
      replaces |= !before.isEmpty();
      written.addAll(SignalBook.settle(before, now, change.cursor().asOf()));
      alerts.settle(change, touched, now);
      lengths.put(
          instrument,
          exports.signals(
              instrument,
              lengths.get(instrument),
              now,
              change.replacesRows() ? touched : List.of()));
    }
    if (replaces) {
      lake.replace(Derived.SIGNALS, columns.signalRows(written), ranges);
    } else if (!written.isEmpty() || (!ranges.isEmpty() && !lake.has(Derived.SIGNALS))) {
      lake.append(Derived.SIGNALS, columns.signalRows(written));
    }
    Steps.done(Steps.SIGNALS);
  }

  /**
   * Signals of a day depend on those before it: goes on behind what has changed, day by day, until
   * a day's signals start from where they did before.
   */
  private List<MinuteRange> followSignals(InstrumentChange change) throws IOException {
    String instrument = change.instrument();
    SessionDays known = days.get(instrument);
    List<MinuteRange> followed = new ArrayList<>();
    for (MinuteRange touched : change.rowsTouched()) {
      Long day = known.nextWithOtherSignals(MinuteRange.dayOf(touched.to()).from());
      while (day != null) {
        MinuteRange range =
            new MinuteRange(day, Math.min(MinuteRange.dayOf(day).to(), change.cursor().rowsEnd()));
        Stretch stretch = new Stretch(change, range, range);
        InstrumentRows rows = new InstrumentRows(instrument, settings, known);
        rows.compute(bars(List.of(stretch)).get(instrument), range, figures -> {});
        List<Signal> found = signals.computeIfAbsent(instrument, key -> new ArrayList<>());
        // Of a day with rows of this run some were found from what it started from before.
        found.removeIf(signal -> range.contains(signal.minute()));
        found.addAll(rows.signals());
        followed.add(range);
        day = known.nextWithOtherSignals(day);
      }
    }
    return followed;
  }

  /** What the rows' days start from, as the table has it. */
  private void readDays(List<InstrumentChange> changes) throws IOException {
    Map<String, MinuteRange> known = new TreeMap<>();
    for (InstrumentChange change : changes) {
      if (!change.isNew() && !change.rowsTouched().isEmpty()) {
        long first = MinuteRange.dayOf(change.rowsTouched().get(0).from()).from();
        known.put(
            change.instrument(),
            new MinuteRange(first, Math.max(first, change.lastRowDueBefore())));
      }
    }
    Map<String, List<SessionDay>> stored = lake.sessions(known);
    for (InstrumentChange change : changes) {
      days.put(
          change.instrument(),
          new SessionDays(
              settings.analytics(), stored.getOrDefault(change.instrument(), List.of())));
    }
  }

  /** A day changes with each of its minutes, and what later days start from with it. */
  private void writeDays(List<InstrumentChange> changes) throws IOException {
    List<SessionsTable.Session> rows = new ArrayList<>();
    Map<String, List<MinuteRange>> replaced = new TreeMap<>();
    for (InstrumentChange change : changes) {
      SessionDays known = days.get(change.instrument());
      dropDays(change, known);
      known.settle();
      List<MinuteRange> ranges = new ArrayList<>();
      for (SessionDay day : known.changed()) {
        rows.add(new SessionsTable.Session(change.instrument(), day));
        ranges.add(new MinuteRange(day.day(), day.day()));
      }
      known.gone().forEach(day -> ranges.add(new MinuteRange(day, day)));
      if (!ranges.isEmpty()) {
        replaced.put(change.instrument(), MinuteRange.union(ranges));
      }
    }
    if (!replaced.isEmpty()) {
      lake.replace(Derived.SESSIONS, columns.sessionRows(rows), replaced);
    }
    Steps.done(Steps.SESSIONS);
  }

  /** Takes out the days that have no rows left. */
  private static void dropDays(InstrumentChange change, SessionDays known) {
    for (MinuteRange replaced : change.rowsReplaced()) {
      for (MinuteRange left : replaced.without(change.rowsDue())) {
        for (MinuteRange day : SessionProfiles.days(left)) {
          if (change.rowsDue().stream().noneMatch(due -> due.within(day) != null)) {
            known.remove(day.from());
          }
        }
      }
    }
  }

  /** What the rows of a block look at. */
  private Map<String, NavigableMap<Long, MinuteBar>> bars(List<Stretch> block) throws IOException {
    Map<String, List<MinuteRange>> inTable = new TreeMap<>();
    for (Stretch stretch : block) {
      inTable
          .computeIfAbsent(stretch.instrument(), key -> new ArrayList<>())
          .addAll(stretch.change().barsInTable(view(stretch)));
    }
    inTable.replaceAll((instrument, ranges) -> MinuteRange.union(ranges));
    inTable.values().removeIf(List::isEmpty);
    Map<String, NavigableMap<Long, MinuteBar>> bars = new TreeMap<>();
    inTable.forEach((instrument, ranges) -> bars.put(instrument, recent.bars(instrument, ranges)));
    inTable.replaceAll(recent::unknown);
    inTable.values().removeIf(List::isEmpty);
    lake.readBars(inTable).forEach((instrument, each) -> bars.get(instrument).putAll(each));
    for (Stretch stretch : block) {
      NavigableMap<Long, MinuteBar> of =
          bars.computeIfAbsent(stretch.instrument(), key -> new TreeMap<>());
      of.putAll(stretch.change().freshBars(view(stretch)));
      if (settings.hasAnalytics() && stretch.due() != null) {
        addNewestBefore(stretch, of);
      }
    }
    return bars;
  }

  /** The newest minute before all that rows look at has the close that goes before theirs. */
  private void addNewestBefore(Stretch stretch, NavigableMap<Long, MinuteBar> bars)
      throws IOException {
    long from = view(stretch).from();
    long first = stretch.due().from() - settings.spans().lookback();
    if (!bars.subMap(from, true, first, false).isEmpty()) {
      return;
    }
    MinuteBar newest = stretch.change().newestFreshBefore(from);
    if (!stretch.change().isFirst()) {
      writingBars.await();
      newest = lake.newestBarBefore(stretch.instrument(), from);
    }
    if (newest != null) {
      bars.put(newest.minute(), newest);
    }
  }

  /** The minutes that rows of a stretch look at, from the beginning of a day. */
  private MinuteRange view(Stretch stretch) {
    long from = stretch.range().from() - (stretch.due() == null ? 0 : settings.spans().lookback());
    return new MinuteRange(
        from - Math.floorMod(from, (long) DayBars.MINUTES_A_DAY), stretch.range().to());
  }

  private static Map<String, List<MinuteRange>> due(List<Stretch> block) {
    Map<String, List<MinuteRange>> due = new TreeMap<>();
    for (Stretch stretch : block) {
      if (stretch.due() != null) {
        due.computeIfAbsent(stretch.instrument(), key -> new ArrayList<>()).add(stretch.due());
      }
    }
    return due;
  }

  private void writeTables(
      List<Stretch> block,
      Map<Derived, List<Row>> rows,
      Map<String, NavigableMap<Long, MinuteBar>> bars)
      throws IOException {
    boolean replaces = block.stream().anyMatch(each -> each.change().replacesRows());
    Map<String, List<MinuteRange>> ranges = ranges(block);
    List<Background> writing = new ArrayList<>();
    try {
      if (settings.hasAnalytics()) {
        writing.add(Background.start(() -> writeProfiles(ranges, bars)));
      }
      rows.forEach(
          (table, each) ->
              writing.add(
                  Background.start(
                      () -> {
                        if (replaces) {
                          lake.replace(table, each, ranges);
                        } else if (!each.isEmpty()) {
                          lake.append(table, each);
                        }
                        Steps.done(table.table());
                      })));
    } finally {
      Background.await(writing);
    }
  }

  /** A day's profile changes with each of its minutes, so it is replaced. */
  private void writeProfiles(
      Map<String, List<MinuteRange>> ranges, Map<String, NavigableMap<Long, MinuteBar>> bars)
      throws IOException {
    List<ProfileBucket> profiles = new ArrayList<>();
    Map<String, List<MinuteRange>> replaced = new TreeMap<>();
    ranges.forEach(
        (instrument, each) -> {
          List<MinuteRange> days =
              MinuteRange.union(
                  each.stream().flatMap(range -> SessionProfiles.days(range).stream()).toList());
          replaced.put(instrument, days);
          long last = each.get(each.size() - 1).to();
          days.forEach(
              day ->
                  profiles.addAll(
                      SessionProfiles.of(
                          instrument,
                          bars.get(instrument),
                          new MinuteRange(day.from(), Math.min(day.to(), last)))));
        });
    lake.replace(Derived.PROFILE, columns.profileRows(profiles), replaced);
    Steps.done(Steps.PROFILE);
  }

  private static Map<String, List<MinuteRange>> ranges(List<Stretch> block) {
    Map<String, List<MinuteRange>> ranges = new TreeMap<>();
    block.forEach(
        stretch ->
            ranges
                .computeIfAbsent(stretch.instrument(), key -> new ArrayList<>())
                .add(stretch.range()));
    ranges.replaceAll((instrument, each) -> MinuteRange.union(each));
    return ranges;
  }

  private void writeExports(List<Stretch> block, DerivedBlock rows, RunSummary summary)
      throws IOException {
    long start = System.nanoTime();
    Map<String, List<MinuteRange>> ranges = ranges(block);
    for (String instrument : ranges.keySet()) {
      if (rewritten.contains(instrument)) {
        continue;
      }
      InstrumentChange change =
          block.stream().filter(s -> s.instrument().equals(instrument)).findFirst().get().change();
      List<Row> own = rows.rows(Derived.VWAP, instrument);
      List<Row> ownFlows = rows.rows(Derived.FLOW, instrument);
      ExportLengths before = lengths.get(instrument);
      if (!change.replacesRows()) {
        lengths.put(instrument, exports.append(instrument, before, own, ownFlows));
      } else if (ranges.get(instrument).equals(change.rowsTouched())) {
        lengths.put(
            instrument, exports.replace(instrument, before, own, ownFlows, ranges.get(instrument)));
      } else {
        // It goes through the file once for all blocks, when all of them are in the tables.
        rewritten.add(instrument);
      }
      Steps.done(Steps.EXPORT);
    }
    summary.step("exports", start);
  }

  private static void note(List<Stretch> block, DerivedBlock rows, RunSummary summary) {
    Map<String, InstrumentChange> changes = new TreeMap<>();
    block.forEach(stretch -> changes.put(stretch.instrument(), stretch.change()));
    changes.forEach(
        (instrument, change) -> {
          List<Row> own = rows.rows(Derived.VWAP, instrument);
          InstrumentSummary each = summary.of(instrument);
          long lastBefore = change.lastRowDueBefore();
          each.minutesWritten += own.size();
          // Rows ascend, and where there are no revisions only the first one has to be looked at.
          each.minutesRevised +=
              own.stream().takeWhile(row -> LakeSchema.minute(row) <= lastBefore).count();
        });
  }
}
