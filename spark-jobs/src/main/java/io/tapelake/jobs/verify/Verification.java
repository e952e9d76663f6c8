package io.tapelake.jobs.verify;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.analytics.window.SessionDay;
import io.tapelake.analytics.window.SessionProfiles;
import io.tapelake.jobs.derive.InstrumentRows;
import io.tapelake.jobs.derive.SessionDays;
import io.tapelake.jobs.export.Exports;
import io.tapelake.jobs.increment.Quarantines;
import io.tapelake.jobs.increment.SignalBook;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.QuarantineFile;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.read.SliceResult;
import io.tapelake.jobs.read.SliceTasks;
import io.tapelake.jobs.run.FileReading;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.table.Derived;
import io.tapelake.jobs.table.DerivedBlock;
import io.tapelake.jobs.table.DerivedColumns;
import io.tapelake.jobs.table.FigureRow;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.jobs.table.SessionsTable;
import io.tapelake.jobs.table.StoredSignal;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Computes one instrument's outputs again from the raw files and compares them with the tables, the
 * export, the quarantine and the cursor. Only what the cursor says was consumed is looked at.
 */
public final class Verification {

  /** More differences than this of one kind are counted, not listed. */
  private static final int LISTED = 5;

  /** Whole days whose rows are computed at a time. */
  private static final int MINUTES = 7 * DayBars.MINUTES_A_DAY;

  /** What days before those that are looked at hand on. */
  private static final List<String> CARRYING = List.of(LakeSchema.BARS, Derived.SESSIONS.table());

  /** Files read at a time. */
  private static final int FILES = 64;

  private final VaultStore store;
  private final OutputSettings settings;
  private final InstrumentCursor cursor;
  private final DayRange days;
  private final Lake lake;

  /** Tables that cannot be read, of which nothing else is said. */
  private final Set<String> damaged;

  private final Quarantines quarantines;
  private final FileReading reading;
  private final SliceTasks tasks;
  private final DerivedColumns columns;
  private final ExportComparison exports;

  private final List<DayReport> reports = new ArrayList<>();
  private final List<String> differences = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /** With analytics, from the first rows on. */
  private SessionDays sessions;

  private final NavigableMap<Long, MinuteBar> recent = new TreeMap<>();
  private final Map<String, Long> rowCounts = new TreeMap<>();
  private long lastId = -1;
  private LocalDate lastDay;

  /**
   * A verification of an instrument.
   *
   * @param lake the tables as they count
   * @param damaged names of tables that are known to be damaged; others come to them
   */
  public Verification(
      SparkStart spark,
      VaultStore store,
      Lake lake,
      Set<String> damaged,
      InstrumentCursor cursor,
      DayRange days,
      long sliceBytes)
      throws IOException {
    this.store = store;
    this.cursor = cursor;
    this.days = days;
    settings = cursor.settings();
    this.lake = lake;
    this.damaged = damaged;
    quarantines = new Quarantines(spark, store);
    reading = new FileReading(spark, store, settings, sliceBytes);
    tasks = new SliceTasks(spark, store.uri(""));
    columns = new DerivedColumns(settings.spans());
    exports = new ExportComparison(store, cursor, minutes(), this::differ);
  }

  /**
   * Compares everything; what was found is in {@link #reports} and {@link #differences}.
   *
   * @param unread what is there but cannot be read, of which that is said already
   */
  public void verify(List<FileWork> files, Set<DayFile> unread, RunSummary summary)
      throws IOException {
    ExportLengths lengths = new Exports(store, settings).found(cursor.instrument());
    if (!lengths.equals(cursor.exports())) {
      differ("exports", "have %s bytes, the cursor says %s", lengths, cursor.exports());
    }
    for (LocalDate day : cursor.files().keySet()) {
      if (days.contains(day)
          && !unread.contains(new DayFile(cursor.instrument(), day))
          && files.stream().noneMatch(each -> each.file().day().equals(day))) {
        differ("raw files", "the file of %s is gone", day);
      }
    }
    for (int from = 0; from < files.size(); from += FILES) {
      List<FileWork> block = files.subList(from, Math.min(files.size(), from + FILES));
      long until =
          from + FILES < files.size()
              ? firstMinute(files.get(from + FILES).file().day()) - 1
              : lastMinute();
      verifyBlock(reading.read(block, summary), until);
    }
    exports.end();
    compareCounts();
    findQuarantinesWithoutFile();
  }

  public List<DayReport> reports() {
    return reports;
  }

  public List<String> differences() {
    List<String> all = new ArrayList<>(differences);
    counts.forEach(
        (where, count) -> {
          if (count > LISTED) {
            all.add(
                "%s %s: %d more differences".formatted(cursor.instrument(), where, count - LISTED));
          }
        });
    return all;
  }

  /** Days before the range serve its windows only. */
  private void verifyBlock(List<FileOutcome> outcomes, long until) throws IOException {
    List<FileOutcome> compared =
        outcomes.stream().filter(each -> days.contains(each.work().file().day())).toList();
    for (FileOutcome outcome : outcomes) {
      outcome.bars().forEach(bar -> recent.put(bar.minute(), bar));
    }
    for (FileOutcome outcome : compared) {
      rowCounts.merge(LakeSchema.BARS, (long) outcome.bars().size(), Long::sum);
      compareCursor(outcome);
      compareQuarantine(outcome);
      compareTable(
          LakeSchema.BARS,
          lake.barTexts(cursor.instrument(), outcome.bars()),
          stored(
              LakeSchema.BARS,
              () -> lake.texts(LakeSchema.BARS, cursor.instrument(), day(outcome))));
    }
    compareTrades(compared);
    if (compared.isEmpty()) {
      return;
    }
    long from = Math.max(minutes().from(), firstMinute(outcomes.get(0).work().file().day()));
    long to = Math.min(until, Math.min(minutes().to(), cursor.rowsEnd()));
    while (from <= to) {
      long end =
          Math.min(to, from - Math.floorMod(from, (long) DayBars.MINUTES_A_DAY) + MINUTES - 1);
      compareRows(new MinuteRange(from, end));
      from = end + 1;
    }
    forget(to - settings.spans().lookback());
  }

  /** Forgets minutes before another but for the newest of them, whose close goes before. */
  private void forget(long minute) {
    Long newest = recent.lowerKey(minute);
    if (newest != null) {
      recent.headMap(newest).clear();
    }
  }

  /** The newest day before another, from which it starts; none where all is computed anew. */
  private List<SessionDay> storedBefore(long minute) throws IOException {
    if (days.from().equals(LocalDate.MIN)) {
      return List.of();
    }
    long day = MinuteRange.dayOf(minute).from();
    return lake
        .sessions(Map.of(cursor.instrument(), new MinuteRange(day, day)))
        .get(cursor.instrument())
        .stream()
        .filter(each -> each.day() < day)
        .toList();
  }

  private void compareDays(MinuteRange range) throws IOException {
    String instrument = cursor.instrument();
    List<MinuteRange> all = SessionProfiles.days(range);
    MinuteRange covered = new MinuteRange(all.get(0).from(), all.get(all.size() - 1).to());
    List<SessionsTable.Session> computed =
        sessions.days(covered).stream()
            .map(day -> new SessionsTable.Session(instrument, day))
            .toList();
    rowCounts.merge(Derived.SESSIONS.table(), (long) computed.size(), Long::sum);
    compareTable(
        Derived.SESSIONS.table(),
        Lake.texts(columns.sessionRows(computed)),
        stored(
            Derived.SESSIONS.table(),
            () -> lake.texts(Derived.SESSIONS.table(), instrument, covered)));
  }

  private void compareRows(MinuteRange range) throws IOException {
    String instrument = cursor.instrument();
    if (settings.hasAnalytics()
        && !days.from().equals(LocalDate.MIN)
        && recent.lowerKey(range.from() - settings.spans().lookback()) == null) {
      long before = recent.isEmpty() ? range.from() : recent.firstKey();
      MinuteBar newest = stored(LakeSchema.BARS, () -> lake.newestBarBefore(instrument, before));
      if (newest != null) {
        recent.put(newest.minute(), newest);
      }
    }
    if (!days.from().equals(LocalDate.MIN) && !Collections.disjoint(damaged, CARRYING)) {
      // What comes before these days cannot be known.
      return;
    }
    if (settings.hasAnalytics() && sessions == null) {
      sessions = new SessionDays(settings.analytics(), storedBefore(range.from()));
    }
    DerivedBlock rows = new DerivedBlock(columns, settings.spans());
    InstrumentRows computed = new InstrumentRows(instrument, settings, sessions);
    computed.compute(recent, range, figures -> rows.add(FigureRow.of(instrument, figures)));
    for (Map.Entry<Derived, List<Row>> each : rows.rows().entrySet()) {
      rowCounts.merge(each.getKey().table(), (long) each.getValue().size(), Long::sum);
      compareTable(
          each.getKey().table(),
          Lake.texts(each.getValue()),
          stored(
              each.getKey().table(), () -> lake.texts(each.getKey().table(), instrument, range)));
    }
    if (settings.hasAnalytics()) {
      List<MinuteRange> days = SessionProfiles.days(range);
      compareTable(
          Derived.PROFILE.table(),
          Lake.texts(columns.profileRows(SessionProfiles.of(instrument, recent, range))),
          stored(
              Derived.PROFILE.table(),
              () ->
                  lake.texts(
                      Derived.PROFILE.table(),
                      instrument,
                      new MinuteRange(days.get(0).from(), days.get(days.size() - 1).to()))));
    }
    List<Signal> signals = SignalBook.ordered(computed.signals());
    if (settings.hasAnalytics()) {
      compareDays(range);
      compareTable(
          Derived.SIGNALS.table(),
          Lake.texts(columns.signalRows(SignalBook.standing(signals))),
          stored(Derived.SIGNALS.table(), () -> standing(instrument, range)));
    }
    exports.next(rows, signals);
  }

  private Map<Long, String> standing(String instrument, MinuteRange range) throws IOException {
    return Lake.texts(
        columns.signalRows(
            lake.signals(instrument, List.of(range)).stream()
                .filter(StoredSignal::stands)
                .toList()));
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  /** What a table has; null of one that cannot be read, which is said once. */
  private <T> T stored(String table, Reading<T> reading) {
    if (damaged.contains(table)) {
      return null;
    }
    try {
      return reading.read();
    } catch (IOException | RuntimeException e) {
      damaged.add(table);
      differ(table, "cannot be read: %s", e);
      return null;
    }
  }

  private void compareCursor(FileOutcome outcome) {
    DayFile file = outcome.work().file();
    FileCursor stored = cursor.files().get(file.day());
    FileCursor found = outcome.cursor().withQuarantineBytes(stored.quarantineBytes());
    if (!found.equals(stored)) {
      differ("cursor", "%s: the file gives %s, the cursor says %s", file.day(), found, stored);
    }
  }

  private void compareQuarantine(FileOutcome outcome) throws IOException {
    DayFile file = outcome.work().file();
    byte[] expected = QuarantineFile.encode(file, quarantines.lines(outcome));
    byte[] found =
        store.exists(file.quarantinePath()) ? store.read(file.quarantinePath()) : new byte[0];
    if (!java.util.Arrays.equals(expected, found)) {
      differ(
          "quarantine",
          "%s: has %d bytes, the raw file gives %d",
          file.day(),
          found.length,
          expected.length);
    }
  }

  private void compareTable(String table, Map<Long, String> expected, Map<Long, String> found) {
    if (found == null) {
      return;
    }
    expected.forEach(
        (minute, row) -> {
          String stored = found.get(minute);
          if (!row.equals(stored)) {
            differ(table, "raw files give %s, the table has %s", row, stored);
          }
        });
    found.forEach(
        (minute, row) -> {
          if (!expected.containsKey(minute)) {
            differ(table, "the table has %s, raw files give no such row", row);
          }
        });
  }

  private void compareTrades(List<FileOutcome> outcomes) throws IOException {
    Map<TradeIds.Key, TradeIds.Day> expected = new HashMap<>();
    Map<TradeIds.Key, List<DayReport.IdRange>> gaps = new HashMap<>();
    List<io.tapelake.jobs.plan.Slice> slices =
        outcomes.stream()
            .filter(each -> !each.cursor().broken())
            .flatMap(each -> each.slices().stream().map(SliceResult::slice))
            .toList();
    if (!slices.isEmpty()) {
      Dataset<Row> trades = tasks.trades(slices);
      expected = TradeIds.days(trades);
      gaps = TradeIds.gaps(trades);
    }
    Map<TradeIds.Key, TradeIds.Day> stored =
        settings.trades() && !outcomes.isEmpty()
            ? stored(
                LakeSchema.TRADES,
                () ->
                    TradeIds.days(
                        lake.trades(
                            cursor.instrument(),
                            outcomes.get(0).work().file().day(),
                            outcomes.get(outcomes.size() - 1).work().file().day())))
            : null;
    for (FileOutcome outcome : outcomes) {
      TradeIds.Key key = new TradeIds.Key(cursor.instrument(), outcome.work().file().day());
      TradeIds.Day day = expected.get(key);
      if (stored != null && !Objects.equals(day, stored.get(key))) {
        differ(
            "trades", "%s: raw files give %s, the table has %s", key.day(), day, stored.get(key));
      }
      reports.add(report(outcome, day, gaps.getOrDefault(key, List.of())));
    }
  }

  /** Rows of days without a file are in no comparison of a file's rows. */
  private void compareCounts() {
    rowCounts.forEach(this::compareCount);
    if (settings.trades()) {
      compareCount(LakeSchema.TRADES, reports.stream().mapToLong(DayReport::trades).sum());
    }
  }

  private void compareCount(String table, long expected) {
    Long found = stored(table, () -> lake.countRows(table, cursor.instrument(), days));
    if (found != null && found != expected) {
      differ(table, "raw files give %d rows, the table has %d", expected, found);
    }
  }

  private void findQuarantinesWithoutFile() throws IOException {
    String folder = DayFile.QUARANTINE_ROOT + "/" + cursor.instrument();
    for (VaultStore.Entry entry : store.list(folder)) {
      LocalDate day = DayFile.dayOf(entry.name());
      if (day != null && days.contains(day) && !cursor.files().containsKey(day)) {
        differ("quarantine", "%s: there is no raw file of this day", day);
      }
    }
  }

  private DayReport report(FileOutcome outcome, TradeIds.Day day, List<DayReport.IdRange> gaps) {
    LocalDate date = outcome.work().file().day();
    List<DayReport.IdRange> missing = new ArrayList<>();
    if (day != null && lastDay != null && lastDay.plusDays(1).equals(date)) {
      if (day.first() > lastId + 1) {
        missing.add(new DayReport.IdRange(lastId + 1, day.first() - 1));
      }
    }
    missing.addAll(gaps);
    if (day != null) {
      lastId = day.last();
      lastDay = date;
    }
    List<MinuteBar> bars = outcome.bars();
    long minutes =
        bars.isEmpty() ? 0 : bars.get(bars.size() - 1).minute() - bars.get(0).minute() + 1;
    return new DayReport(
        cursor.instrument(),
        date,
        day == null ? 0 : day.count(),
        outcome.cursor().duplicates(),
        outcome.cursor().refused(),
        day == null ? -1 : day.first(),
        day == null ? -1 : day.last(),
        missing,
        minutes - bars.size());
  }

  private void differ(String where, String what, Object... values) {
    if (counts.merge(where, 1, Integer::sum) <= LISTED) {
      differences.add("%s %s: %s".formatted(cursor.instrument(), where, what.formatted(values)));
    }
  }

  /** Minutes whose rows are compared. */
  private MinuteRange minutes() {
    long from = days.from().equals(LocalDate.MIN) ? Long.MIN_VALUE / 2 : firstMinute(days.from());
    return new MinuteRange(from, lastMinute());
  }

  private long lastMinute() {
    return days.to().equals(LocalDate.MAX)
        ? Long.MAX_VALUE / 2
        : firstMinute(days.to()) + DayBars.MINUTES_A_DAY - 1;
  }

  private static MinuteRange day(FileOutcome outcome) {
    return MinuteRange.ofDay(outcome.work().file().day());
  }

  private static long firstMinute(LocalDate day) {
    return day.toEpochDay() * DayBars.MINUTES_A_DAY;
  }
}
