package io.tapelake.jobs.run;

import io.tapelake.jobs.derive.Derivation;
import io.tapelake.jobs.derive.Units;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.measure.DayGroup;
import io.tapelake.jobs.measure.DayMeasuring;
import io.tapelake.jobs.measure.MeasuredDay;
import io.tapelake.jobs.measure.MeasuredGroup;
import io.tapelake.jobs.outcome.InstrumentSummary;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.outcome.Steps;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.StagedFiles;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.KeptResults;
import io.tapelake.jobs.table.Derived;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Makes the outputs of instruments that have none, in Spark's tasks: raw files → minutes and trades
 * → rows, signals and exports → one commit a table → cursors. The driver plans and commits; nothing
 * on it grows with trades or minutes.
 *
 * @param folder below the vault, for what tasks hand on, and for what they came to
 */
record Rebuild(
    SparkStart spark,
    StagedFiles staged,
    OutputSettings settings,
    Lake lake,
    FileReading reading,
    String folder) {

  /** Instruments that share files. */
  private static final int MOST_OF_A_BUCKET = 32;

  /** An instrument with larger day files has files of its own. */
  private static final long HEAVY_BYTES = 128L << 20;

  /**
   * Makes the outputs, which do not count yet.
   *
   * @param work the raw files
   * @param isAll whether the tables have no other instruments
   * @param cursors by instrument; filled with what they are afterwards
   * @return the files whose results an interrupted backfill has left: nobody looked at them now
   */
  List<FileWork> run(
      List<FileWork> work,
      Instant asOf,
      boolean isAll,
      Map<String, InstrumentCursor> cursors,
      RunSummary summary)
      throws IOException {
    long start = System.nanoTime();
    List<FileWork> taken = new ArrayList<>();
    List<MeasuredGroup> measured = measure(groups(work), taken);
    start = summary.step("read", start);
    Map<String, InstrumentCursor> read = cursors(measured, asOf, summary);
    noteFailed(work, measured, summary);
    Derivation.Result derived =
        new Derivation(spark.get(), settings, staged, folder).derive(tapes(measured, read));
    Steps.done(Steps.DERIVED);
    start = summary.step("rows", start);
    write(measured, derived, isAll, summary);
    for (InstrumentCursor cursor : read.values()) {
      cursors.put(
          cursor.instrument(),
          new InstrumentCursor(
              cursor.instrument(),
              asOf,
              settings,
              cursor.files(),
              derived.exports().getOrDefault(cursor.instrument(), ExportLengths.NONE)));
    }
    summary.step("commit", start);
    return taken;
  }

  private void noteFailed(List<FileWork> work, List<MeasuredGroup> measured, RunSummary summary) {
    Map<DayFile, FileWork> byFile = new TreeMap<>();
    work.forEach(each -> byFile.put(each.file(), each));
    for (MeasuredGroup group : measured) {
      for (MeasuredDay day : group.days()) {
        if (day.cursor() == null) {
          reading.failInTask(byFile.get(day.file()), day.problem(), summary);
        }
      }
    }
  }

  /** The files of each day by bucket, large groups first: they end last otherwise. */
  private static List<DayGroup> groups(List<FileWork> work) {
    Map<String, Integer> buckets = buckets(work);
    Map<List<Long>, List<FileWork>> byGroup = new LinkedHashMap<>();
    List<FileWork> ordered = new ArrayList<>(work);
    ordered.sort(Comparator.comparing(FileWork::file));
    for (FileWork file : ordered) {
      long bucket = buckets.get(file.file().instrument());
      byGroup
          .computeIfAbsent(
              List.of(file.file().day().toEpochDay(), bucket), key -> new ArrayList<>())
          .add(file);
    }
    List<DayGroup> groups = new ArrayList<>();
    byGroup.forEach(
        (key, files) -> groups.add(new DayGroup(key.get(1).intValue(), key.get(0), files)));
    groups.sort(Comparator.comparingLong((DayGroup group) -> -bytes(group)));
    return groups;
  }

  private static long bytes(DayGroup group) {
    return group.files().stream().mapToLong(FileWork::estimate).sum();
  }

  /** By instrument its bucket: heavy ones for themselves, the others in as few as are of a size. */
  static Map<String, Integer> buckets(List<FileWork> work) {
    SortedMap<String, Long> largest = new TreeMap<>();
    work.forEach(file -> largest.merge(file.file().instrument(), file.estimate(), Math::max));
    Map<String, Integer> buckets = new TreeMap<>();
    List<String> light = new ArrayList<>();
    int next = 0;
    for (Map.Entry<String, Long> each : largest.entrySet()) {
      if (each.getValue() >= HEAVY_BYTES) {
        buckets.put(each.getKey(), next++);
      } else {
        light.add(each.getKey());
      }
    }
    int count = (light.size() + MOST_OF_A_BUCKET - 1) / MOST_OF_A_BUCKET;
    for (int i = 0; i < light.size(); i++) {
      buckets.put(light.get(i), next + i * count / light.size());
    }
    return buckets;
  }

  private List<MeasuredGroup> measure(List<DayGroup> groups, List<FileWork> taken)
      throws IOException {
    SparkSession session = spark.get();
    Configuration hadoop = session.sessionState().newHadoopConf();
    KeptResults kept = new KeptResults(staged, folder);
    Map<DayGroup, MeasuredGroup> found =
        kept.find(groups, Rebuild::name, MeasuredGroup.class, each -> isWhole(each, hadoop));
    found.keySet().forEach(group -> taken.addAll(group.files()));
    List<DayGroup> left = groups.stream().filter(group -> !found.containsKey(group)).toList();
    List<MeasuredGroup> measured = new ArrayList<>(found.values());
    if (!left.isEmpty()) {
      measured.addAll(measure(left, session));
    }
    measured.sort(
        Comparator.comparingLong(MeasuredGroup::epochDay).thenComparingInt(MeasuredGroup::bucket));
    return measured;
  }

  private static String name(DayGroup group) {
    return KeptResults.name("measured", group);
  }

  private boolean isWhole(MeasuredGroup group, Configuration hadoop) {
    return Stream.of(group.bars(), group.trades())
            .filter(Objects::nonNull)
            .allMatch(file -> KeptResults.isThere(file.path(), file.bytes(), hadoop))
        && (group.rows() == null
            || KeptResults.isThere(staged.uri(group.rows()), group.rowsBytes(), hadoop));
  }

  private List<MeasuredGroup> measure(List<DayGroup> groups, SparkSession session) {
    session.sparkContext().setJobDescription("measure %d groups of files".formatted(groups.size()));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Broadcast<SerializableConfiguration> configuration =
        context.broadcast(new SerializableConfiguration(session.sessionState().newHadoopConf()));
    OutputSettings of = settings;
    String root = staged.uri("");
    String publication = staged.id();
    String work = folder;
    return context
        .parallelize(groups, groups.size())
        .map(
            group -> {
              Configuration its = configuration.value().value();
              MeasuredGroup measured =
                  new DayMeasuring(group, of, root, publication, work, its).measure();
              // What is wrong with a file may be mended when the backfill goes on, and refused
              // lines are staged in this run's folder.
              if (measured.isSound()) {
                KeptResults.keep(root, its, work, name(group), measured);
              }
              return measured;
            })
        .collect();
  }

  /** The cursors but for the lengths of exports, and what there is to say about the files. */
  private Map<String, InstrumentCursor> cursors(
      List<MeasuredGroup> measured, Instant asOf, RunSummary summary) {
    Map<String, SortedMap<LocalDate, FileCursor>> files = new TreeMap<>();
    for (MeasuredGroup group : measured) {
      for (MeasuredDay day : group.days()) {
        String instrument = day.file().instrument();
        InstrumentSummary each = summary.of(instrument);
        each.bytesRead += day.bytesRead();
        each.duplicates += day.duplicates();
        day.refused().forEach((reason, count) -> each.refused.merge(reason, count, Long::sum));
        if (day.cursor() != null) {
          if (day.problem() != null) {
            summary.problem(day.problem());
          }
          each.trades += day.cursor().trades();
          files
              .computeIfAbsent(instrument, key -> new TreeMap<>())
              .put(day.file().day(), day.cursor());
        }
      }
    }
    Map<String, InstrumentCursor> cursors = new TreeMap<>();
    files.forEach(
        (instrument, each) ->
            cursors.put(
                instrument,
                new InstrumentCursor(instrument, asOf, settings, each, ExportLengths.NONE)));
    return cursors;
  }

  private static List<Units.Tape> tapes(
      List<MeasuredGroup> measured, Map<String, InstrumentCursor> cursors) {
    Map<String, Units.Tape> tapes = new TreeMap<>();
    for (MeasuredGroup group : measured) {
      for (MeasuredDay day : group.days()) {
        if (day.bars() != null) {
          Units.Tape tape =
              tapes.computeIfAbsent(
                  day.file().instrument(),
                  name ->
                      new Units.Tape(
                          name,
                          group.bucket(),
                          new TreeMap<>(),
                          new TreeMap<>(),
                          cursors.get(name).rowsEnd()));
          tape.bars().put(group.epochDay(), day.bars());
          tape.rows().put(group.epochDay(), group.rows());
        }
      }
    }
    return List.copyOf(tapes.values());
  }

  private void write(
      List<MeasuredGroup> measured, Derivation.Result derived, boolean isAll, RunSummary summary)
      throws IOException {
    for (Map.Entry<String, List<WrittenFile>> table : files(measured, derived).entrySet()) {
      lake.takeIn(table.getKey(), table.getValue(), isAll);
      Steps.done(table.getKey());
    }
    for (MeasuredGroup group : measured) {
      for (MeasuredDay day : group.days()) {
        if (day.cursor() != null && day.cursor().quarantineBytes() > 0) {
          staged.written(
              day.file().quarantinePath(),
              new Published.FileState(day.cursor().quarantineBytes(), 0));
        }
      }
    }
    if (!derived.rows().isEmpty()) {
      summary.committed();
    }
    derived.rows().forEach((instrument, rows) -> summary.of(instrument).minutesWritten += rows);
  }

  /** By table what it consists of from now on; without tables that nothing goes into. */
  private Map<String, List<WrittenFile>> files(
      List<MeasuredGroup> measured, Derivation.Result derived) {
    Map<String, List<WrittenFile>> files = new LinkedHashMap<>();
    for (MeasuredGroup group : measured) {
      add(files, LakeSchema.BARS, group.bars());
      add(files, LakeSchema.TRADES, group.trades());
    }
    if (!derived.files().getOrDefault(Derived.VWAP, List.of()).isEmpty()) {
      derived.files().forEach((table, each) -> files.put(table.table(), each));
    }
    return files;
  }

  private static void add(Map<String, List<WrittenFile>> files, String table, WrittenFile file) {
    if (file != null) {
      files.computeIfAbsent(table, key -> new ArrayList<>()).add(file);
    }
  }
}
