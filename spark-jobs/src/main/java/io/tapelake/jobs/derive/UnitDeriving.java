package io.tapelake.jobs.derive;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.signal.SignalInput;
import io.tapelake.analytics.window.InstrumentMinutes;
import io.tapelake.analytics.window.InstrumentMinutes.Queried;
import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.PackedBar;
import io.tapelake.analytics.window.SessionProfiles;
import io.tapelake.analytics.window.Spans;
import io.tapelake.jobs.derive.DerivedUnit.Day;
import io.tapelake.jobs.derive.DerivedUnit.Segment;
import io.tapelake.jobs.export.CvdExport;
import io.tapelake.jobs.export.Export;
import io.tapelake.jobs.export.VwapExport;
import io.tapelake.jobs.lake.PartFile;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.table.Derived;
import io.tapelake.jobs.table.DerivedColumns;
import io.tapelake.jobs.table.FigureRow;
import io.tapelake.vault.VaultLayout;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Makes of a unit's minutes, and the sums that a query has put beside them, what is final: files of
 * the tables, segments of the exports, and what the signals will look at.
 */
final class UnitDeriving implements Closeable {

  private static final int UNIT = 0;
  private static final int INSTRUMENT = 1;
  private static final int MINUTE = 2;
  private static final int BAR = 3;
  private static final int FIRST_SUM = 4;

  private final Unit unit;
  private final Spans spans;
  private final Configuration configuration;
  private final String vaultUri;
  private final MinuteSums sums;
  private final DerivedColumns columns;
  private final VwapExport vwapExport;
  private final CvdExport cvdExport;
  private final SignalRecords signalRecords;

  private final ScratchFile vwapLines;
  private final ScratchFile cvdLines;
  private final ScratchFile signalInputs;
  private final Map<Derived, Map<Long, PartFile>> files = new EnumMap<>(Derived.class);
  private final List<Segment> segments = new ArrayList<>();
  private final List<Day> days = new ArrayList<>();

  // The instrument at hand, and its day.
  private int place = -1;
  private Unit.Member member;
  private InstrumentMinutes minutes;
  private long vwapFrom;
  private long cvdFrom;
  private long day = Long.MIN_VALUE;
  private int rowsOfDay;
  private long signalsFrom;
  private final List<MinuteBar> barsOfDay = new ArrayList<>();

  UnitDeriving(
      Unit unit,
      OutputSettings settings,
      MinuteSums sums,
      String vaultUri,
      String work,
      Configuration configuration) {
    this.unit = unit;
    this.sums = sums;
    this.vaultUri = vaultUri;
    this.configuration = configuration;
    spans = settings.spans();
    columns = new DerivedColumns(spans);
    vwapExport = new VwapExport(null, spans.names());
    cvdExport = spans.analytics() ? new CvdExport(null, settings) : null;
    signalRecords = new SignalRecords(SignalStage.windows(settings));
    vwapLines = new ScratchFile(configuration, vaultUri, work, "vwap-" + unit.id());
    cvdLines = new ScratchFile(configuration, vaultUri, work, "cvd-" + unit.id());
    signalInputs = new ScratchFile(configuration, vaultUri, work, "signals-" + unit.id());
  }

  /** The id of the unit that a row of the query belongs to. */
  static int unit(InternalRow row) {
    return row.getInt(UNIT);
  }

  /** The unit that is derived. */
  Unit unit() {
    return unit;
  }

  /** Ends the unit behind its last row; what was made of it. */
  DerivedUnit finish() throws IOException {
    endInstrument();
    Map<Derived, List<WrittenFile>> finished = new EnumMap<>(Derived.class);
    for (Map.Entry<Derived, Map<Long, PartFile>> table : files.entrySet()) {
      List<WrittenFile> each = new ArrayList<>();
      for (PartFile file : table.getValue().values()) {
        file.finish().ifPresent(each::add);
      }
      finished.put(table.getKey(), each);
    }
    close();
    Map<String, Long> scratch = new TreeMap<>();
    for (ScratchFile file : List.of(vwapLines, cvdLines, signalInputs)) {
      if (file.position() > 0) {
        scratch.put(file.path(), file.position());
      }
    }
    return new DerivedUnit(unit.id(), finished, scratch, segments, days);
  }

  /** Takes a row of the unit; they come by instrument and minute. */
  void take(InternalRow row) throws IOException {
    if (row.getInt(INSTRUMENT) != place) {
      endInstrument();
      begin(row.getInt(INSTRUMENT));
    }
    long minute = row.getLong(MINUTE) / MinuteSums.MICROS_A_MINUTE;
    MinuteBar bar = row.isNullAt(BAR) ? null : PackedBar.unpack(row.getBinary(BAR));
    Queried queried = sums.queried(row, FIRST_SUM, unit.decimals());
    if (minute < unit.firstDay() * DayBars.MINUTES_A_DAY) {
      minutes.lookBack(bar, queried);
      return;
    }
    long its = Math.floorDiv(minute, (long) DayBars.MINUTES_A_DAY);
    if (its != day) {
      endDay();
      day = its;
      signalsFrom = signalInputs.position();
    }
    if (bar != null) {
      barsOfDay.add(bar);
    }
    write(minutes.next(minute, bar, queried));
  }

  private void begin(int instrument) {
    place = instrument;
    member = unit.instruments().get(instrument);
    minutes =
        new InstrumentMinutes(
            spans, unit.firstDay() * DayBars.MINUTES_A_DAY, member.start(), member.closeBefore());
    vwapFrom = vwapLines.position();
    cvdFrom = cvdLines.position();
  }

  private void write(MinuteFigures figures) throws IOException {
    Map<Derived, Row> rows = columns.rows(FigureRow.of(member.name(), figures));
    for (Map.Entry<Derived, Row> row : rows.entrySet()) {
      file(row.getKey(), day).write(row.getValue());
    }
    vwapExport.write(rows.get(Derived.VWAP), vwapLines.out());
    if (spans.analytics()) {
      cvdExport.write(rows.get(Derived.FLOW), cvdLines.out());
      signalRecords.write(SignalInput.of(spans, figures), signalInputs.out());
    }
    rowsOfDay++;
  }

  private PartFile file(Derived table, long epochDay) throws IOException {
    Map<Long, PartFile> of = files.computeIfAbsent(table, key -> new TreeMap<>());
    PartFile file = of.get(epochDay);
    if (file == null) {
      String uri = vaultUri + "/" + VaultLayout.table(table.table());
      file = new PartFile(configuration, uri, columns.schema(table), epochDay);
      of.put(epochDay, file);
    }
    return file;
  }

  private void endDay() throws IOException {
    if (rowsOfDay > 0) {
      Unit.Section inputs =
          spans.analytics() ? new Unit.Section(signalInputs.path(), signalsFrom, rowsOfDay) : null;
      days.add(new Day(member.name(), day, rowsOfDay, inputs));
      if (spans.analytics() && !barsOfDay.isEmpty()) {
        long session = day * DayBars.MINUTES_A_DAY;
        for (Row row : columns.profileRows(SessionProfiles.of(member.name(), session, barsOfDay))) {
          file(Derived.PROFILE, day).write(row);
        }
      }
    }
    rowsOfDay = 0;
    barsOfDay.clear();
  }

  private void endInstrument() throws IOException {
    if (member == null) {
      return;
    }
    endDay();
    day = Long.MIN_VALUE;
    add(Export.VWAP, vwapLines, vwapFrom);
    add(Export.CVD, cvdLines, cvdFrom);
    member = null;
  }

  private void add(Export export, ScratchFile lines, long from) {
    if (lines.position() > from) {
      segments.add(new Segment(export, member.name(), lines.path(), from, lines.position()));
    }
  }

  @Override
  public void close() throws IOException {
    vwapLines.close();
    cvdLines.close();
    signalInputs.close();
    for (Map<Long, PartFile> table : files.values()) {
      for (PartFile file : table.values()) {
        file.close();
      }
    }
  }
}
