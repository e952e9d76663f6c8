package io.tapelake.jobs.derive;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.window.CarriedSums;
import io.tapelake.analytics.window.DayStart;
import io.tapelake.analytics.window.SessionDay;
import io.tapelake.analytics.window.SpanSums;
import io.tapelake.jobs.derive.DerivedUnit.Day;
import io.tapelake.jobs.derive.DerivedUnit.Segment;
import io.tapelake.jobs.export.Export;
import io.tapelake.jobs.lake.PartFile;
import io.tapelake.jobs.measure.MeasuredDay;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.StagedFiles;
import io.tapelake.jobs.store.KeptResults;
import io.tapelake.jobs.table.Derived;
import io.tapelake.jobs.table.DerivedColumns;
import io.tapelake.jobs.table.SessionsTable;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Everything that follows from the minutes with trades, made in Spark's tasks: units of rows, then
 * signals, then exports. The driver carries what goes from day to day, and nothing that there is of
 * each minute.
 */
public final class Derivation {

  private final SparkSession spark;
  private final OutputSettings settings;
  private final StagedFiles staged;
  private final String vaultUri;
  private final String work;
  private final JavaSparkContext context;

  /**
   * A derivation.
   *
   * @param staged the run's files, into which the exports come
   * @param work the folder below the vault for what only this run needs
   */
  public Derivation(SparkSession spark, OutputSettings settings, StagedFiles staged, String work) {
    this.spark = spark;
    this.settings = settings;
    this.staged = staged;
    this.work = work;
    vaultUri = staged.uri("");
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  /**
   * What was made.
   *
   * @param files by table the files that no table knows yet
   * @param exports by instrument the lengths of its exports
   * @param rows by instrument how many minutes have a row
   */
  public record Result(
      Map<Derived, List<WrittenFile>> files,
      Map<String, ExportLengths> exports,
      Map<String, Long> rows) {}

  /** Derives everything of some instruments. */
  public Result derive(List<Units.Tape> tapes) throws IOException {
    Units units = new Units(settings.spans(), tapes);
    List<DerivedUnit> derived = derive(units);
    List<SignalStage.Signals> signals =
        settings.hasAnalytics() ? signals(tapes, derived) : List.of();
    Map<Derived, List<WrittenFile>> files = new EnumMap<>(Derived.class);
    derived.forEach(
        unit ->
            unit.files()
                .forEach(
                    (table, some) ->
                        files.computeIfAbsent(table, key -> new ArrayList<>()).addAll(some)));
    if (settings.hasAnalytics()) {
      List<WrittenFile> found = new ArrayList<>();
      signals.forEach(each -> found.addAll(each.files()));
      files.put(Derived.SIGNALS, found);
      files.put(Derived.SESSIONS, sessions(tapes, signals));
    }
    Map<String, Long> rows = new TreeMap<>();
    derived.forEach(
        unit ->
            unit.days().forEach(day -> rows.merge(day.instrument(), (long) day.rows(), Long::sum)));
    return new Result(files, exports(derived, signals), rows);
  }

  /** What units come to, of which an interrupted backfill may have done some. */
  private List<DerivedUnit> derive(Units units) throws IOException {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    KeptResults kept = new KeptResults(staged, work);
    Map<Unit, DerivedUnit> found =
        kept.find(
            units.units(), Unit::resultName, DerivedUnit.class, each -> isWhole(each, hadoop));
    List<Unit> left = units.units().stream().filter(unit -> !found.containsKey(unit)).toList();
    List<DerivedUnit> derived = new ArrayList<>(found.values());
    derived.addAll(new WindowQuery(spark, settings, vaultUri, work).derive(left, units.limbs()));
    derived.sort(Comparator.comparingInt(DerivedUnit::id));
    return derived;
  }

  private boolean isWhole(DerivedUnit unit, Configuration hadoop) {
    return unit.files().values().stream()
            .flatMap(List::stream)
            .allMatch(file -> KeptResults.isThere(file.path(), file.bytes(), hadoop))
        && unit.scratch().entrySet().stream()
            .allMatch(
                each -> KeptResults.isThere(staged.uri(each.getKey()), each.getValue(), hadoop));
  }

  /** One task a bucket of instruments. */
  private List<SignalStage.Signals> signals(List<Units.Tape> tapes, List<DerivedUnit> derived) {
    Map<String, Integer> buckets = new TreeMap<>();
    tapes.forEach(tape -> buckets.put(tape.instrument(), tape.bucket()));
    Map<Integer, ArrayList<Day>> days = new TreeMap<>();
    derived.forEach(
        unit ->
            unit.days()
                .forEach(
                    day ->
                        days.computeIfAbsent(
                                buckets.get(day.instrument()), key -> new ArrayList<>())
                            .add(day)));
    if (days.isEmpty()) {
      return List.of();
    }
    spark.sparkContext().setJobDescription("signals of %d instruments".formatted(tapes.size()));
    Broadcast<SerializableConfiguration> configuration = configuration();
    SignalStage stage = new SignalStage(settings, vaultUri, work);
    return context
        .parallelize(new ArrayList<>(days.values()), days.size())
        .map(each -> stage.find(each, configuration.value().value()))
        .collect();
  }

  private Map<String, ExportLengths> exports(
      List<DerivedUnit> derived, List<SignalStage.Signals> signals) throws IOException {
    Map<Export, NavigableMap<String, List<Segment>>> segments = new EnumMap<>(Export.class);
    for (Export export : Export.values()) {
      segments.put(export, new TreeMap<>());
    }
    derived.forEach(unit -> unit.segments().forEach(each -> add(segments, each)));
    signals.forEach(each -> each.segments().forEach(segment -> add(segments, segment)));
    List<ExportAssembly> assemblies = new ArrayList<>();
    Map<String, long[]> lengths = new TreeMap<>();
    segments.forEach(
        (export, each) ->
            each.forEach(
                (instrument, some) -> {
                  ExportAssembly assembly = new ExportAssembly(export, instrument, some);
                  assemblies.add(assembly);
                  lengths
                          .computeIfAbsent(instrument, key -> new long[Export.values().length])[
                          export.ordinal()] =
                      assembly.length();
                }));
    if (!assemblies.isEmpty()) {
      spark.sparkContext().setJobDescription("write %d exports".formatted(assemblies.size()));
      Broadcast<SerializableConfiguration> configuration = configuration();
      String root = vaultUri;
      String publication = staged.id();
      List<ExportAssembly.Written> written =
          context
              .parallelize(assemblies, assemblies.size())
              .map(each -> each.write(root, publication, configuration.value().value()))
              .collect();
      for (ExportAssembly.Written each : written) {
        staged.written(each.path(), each.state());
      }
    }
    Map<String, ExportLengths> exports = new TreeMap<>();
    lengths.forEach(
        (instrument, each) ->
            exports.put(instrument, new ExportLengths(each[0], each[1], each[2])));
    return exports;
  }

  private static void add(
      Map<Export, NavigableMap<String, List<Segment>>> segments, Segment segment) {
    segments
        .get(segment.export())
        .computeIfAbsent(segment.instrument(), key -> new ArrayList<>())
        .add(segment);
  }

  /** The days' rows, written here: a few hundred bytes an instrument and day. */
  private List<WrittenFile> sessions(List<Units.Tape> tapes, List<SignalStage.Signals> signals)
      throws IOException {
    Map<String, TreeMap<Long, String>> states = new TreeMap<>();
    signals.forEach(each -> states.putAll(each.states()));
    NavigableMap<Long, List<SessionsTable.Session>> days = new TreeMap<>();
    for (Units.Tape tape : tapes) {
      DayStart start = DayStart.first(settings.anchors().size());
      for (Map.Entry<Long, String> state :
          states.getOrDefault(tape.instrument(), new TreeMap<>()).entrySet()) {
        SessionDay day = day(tape, state.getKey(), start, state.getValue());
        start = day.next();
        days.computeIfAbsent(state.getKey(), key -> new ArrayList<>())
            .add(new SessionsTable.Session(tape.instrument(), day));
      }
    }
    DerivedColumns columns = new DerivedColumns(settings.spans());
    Configuration configuration = spark.sessionState().newHadoopConf();
    List<WrittenFile> files = new ArrayList<>();
    for (Map.Entry<Long, List<SessionsTable.Session>> day : days.entrySet()) {
      try (PartFile file =
          new PartFile(
              configuration,
              vaultUri + "/" + VaultLayout.table(Derived.SESSIONS.table()),
              columns.schema(Derived.SESSIONS),
              day.getKey())) {
        for (Row row : columns.sessionRows(day.getValue())) {
          file.write(row);
        }
        file.finish().ifPresent(files::add);
      }
    }
    return files;
  }

  private SessionDay day(Units.Tape tape, long epochDay, DayStart start, String state) {
    MeasuredDay.Bars bars = tape.bars().get(epochDay);
    return new SessionDay(
        epochDay * DayBars.MINUTES_A_DAY,
        start,
        bars == null ? SpanSums.NONE : bars.own(),
        bars == null ? CarriedSums.none(settings.anchors().size()) : bars.adds(),
        bars == null ? null : bars.close(),
        state);
  }

  private Broadcast<SerializableConfiguration> configuration() {
    return context.broadcast(new SerializableConfiguration(spark.sessionState().newHadoopConf()));
  }
}
