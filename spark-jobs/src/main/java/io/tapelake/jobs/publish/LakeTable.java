package io.tapelake.jobs.publish;

import io.delta.tables.DeltaTable;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.read.SliceTasks;
import io.tapelake.jobs.read.TradeFile;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** One Delta table of the vault. */
final class LakeTable {

  /** Stands for a table that does not exist. */
  static final long ABSENT = -1;

  /** Example: {@code 00000000000000000012.json}. */
  private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");

  /** What a new table gets; one that exists keeps its own. */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "delta.checkpointInterval", "50",
          "delta.logRetentionDuration", "interval 7 days",
          "delta.deletedFileRetentionDuration", "interval 7 days");

  private final Supplier<SparkSession> spark;
  private final Supplier<Configuration> hadoop;
  private final VaultStore store;
  private final String name;
  private final String folder;

  /** As far as it was looked for: a log of a week of minutes takes its time to list. */
  private long known = ABSENT;

  /** Made when it is needed, as Hadoop's configuration is. */
  private DriverTable onDriver;

  LakeTable(
      Supplier<SparkSession> spark, Supplier<Configuration> hadoop, VaultStore store, String name) {
    this.spark = spark;
    this.hadoop = hadoop;
    this.store = store;
    this.name = name;
    folder = VaultLayout.table(name);
  }

  String name() {
    return name;
  }

  /** The table's version, or {@link #ABSENT}. */
  long version() throws IOException {
    if (known == ABSENT || !store.exists(commit(known)) || store.exists(commit(known + 1))) {
      known = version(store, name);
    }
    return known;
  }

  private String commit(long version) {
    return "%s/_delta_log/%020d.json".formatted(folder, version);
  }

  /** The version of the table of a name, or {@link #ABSENT}. */
  static long version(VaultStore store, String name) throws IOException {
    long version = ABSENT;
    for (String entry : store.names(VaultLayout.table(name) + "/_delta_log")) {
      Matcher commit = COMMIT.matcher(entry);
      if (commit.matches()) {
        version = Math.max(version, Long.parseLong(commit.group(1)));
      }
    }
    return version;
  }

  /** Adds rows that are on the driver; makes the table when there is none. */
  void append(List<Row> rows, StructType schema) throws IOException {
    if (version() == ABSENT) {
      onDriver().create(rows, schema);
    } else {
      onDriver().append(rows);
    }
  }

  /** Takes files of trades in; makes the table when there is none. */
  void append(List<TradeFile> files) throws IOException {
    if (version() == ABSENT) {
      onDriver().createOf(files, SliceTasks.tradeSchema());
    } else {
      onDriver().appendFiles(files);
    }
  }

  /** Takes files of trades in, in place of what some instruments have on some days. */
  void replace(NavigableMap<LocalDate, Set<String>> replaced, List<TradeFile> files)
      throws IOException {
    if (version() == ABSENT) {
      append(files);
    } else {
      onDriver().replaceFiles(replaced, files);
    }
  }

  /** Takes files that are written already in, in place of all rows; makes the table if need be. */
  void replaceAll(List<TradeFile> files, StructType schema) throws IOException {
    if (version() == ABSENT) {
      onDriver().createOf(files, schema);
    } else {
      onDriver().replaceAll(files, schema);
    }
  }

  /** Puts rows that are on the driver in place of those that a filter holds. */
  void replace(MinuteFilter replaced, List<Row> rows, StructType schema) throws IOException {
    if (version() == ABSENT) {
      onDriver().create(rows, schema);
    } else {
      onDriver().replace(replaced, rows);
    }
  }

  /** The rows that a filter holds, in no order; none when there is no table. */
  List<Row> read(MinuteFilter filter) throws IOException {
    return version() == ABSENT ? List.of() : onDriver().reader().read(filter);
  }

  /** How many rows an instrument has from one day to another. */
  long count(String instrument, DayRange days) throws IOException {
    return onDriver().reader().count(instrument, days);
  }

  /**
   * The newest row of an instrument that is older than a minute, or null.
   *
   * @param columns those to read, the first two among them; none for all
   */
  Row newestBefore(String instrument, long minute, List<String> columns) throws IOException {
    return version() == ABSENT
        ? null
        : onDriver().reader().newestBefore(instrument, minute, columns);
  }

  Dataset<Row> read() {
    return spark.get().read().format("delta").load(store.uri(folder));
  }

  /** Takes all rows out and gives the table these columns; null leaves it those it has. */
  void clear(StructType schema) throws IOException {
    if (schema == null) {
      onDriver().clear();
    } else {
      onDriver().clear(schema);
    }
  }

  void deleteWhere(String predicate) {
    describe("delete rows of");
    DeltaTable.forPath(spark.get(), store.uri(folder)).delete(predicate);
  }

  /** Undoes every commit after a version. */
  void restore(long version) throws IOException {
    if (version == ABSENT) {
      store.delete(folder);
      return;
    }
    // Delta's own RESTORE takes many Spark jobs, which makes it the slowest part of a run.
    if (!onDriver().restore(version)) {
      describe("restore");
      DeltaTable.forPath(spark.get(), store.uri(folder)).restoreToVersion(version);
    }
  }

  /** Puts the small files of each day together, from one day on. */
  void compact(LocalDate from) throws IOException {
    if (name.equals(LakeSchema.TRADES)) {
      onDriver().compactTrades(from);
    } else {
      onDriver().compact(from);
    }
  }

  /** Removes data files and log entries that no version needs that is kept. */
  void vacuum(Instant now) throws IOException {
    onDriver().vacuum(now);
  }

  private void describe(String verb) {
    spark.get().sparkContext().setJobDescription(verb + " " + name);
  }

  private DriverTable onDriver() {
    if (onDriver == null) {
      onDriver = new DriverTable(hadoop.get(), store.uri(folder), PROPERTIES);
    }
    return onDriver;
  }
}
