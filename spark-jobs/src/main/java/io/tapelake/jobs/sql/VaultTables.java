package io.tapelake.jobs.sql;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.delta.tables.DeltaTable;
import io.tapelake.jobs.commit.Recovery;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.Published.TableState;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.types.StructType;

/**
 * A vault's tables in a session: each Delta table as a view of one version under its own name; as a
 * table {@code lake.NAME}, for its history and earlier versions; and what job and collector noted
 * in files.
 */
final class VaultTables {

  /** The schema in which the tables stand with all their versions. */
  static final String SCHEMA = "lake";

  /** The summaries of the last runs. */
  static final String RUNS = "job_runs";

  /** The lines that are in the quarantine. */
  static final String REFUSED = "refused_lines";

  /** What the collector noted of missing trade ids. */
  static final String GAPS = "gap_events";

  /** The versions of all tables. */
  static final String VERSIONS = "table_versions";

  /** What is proven of closed days. */
  static final String COMPLETENESS = "completeness";

  private static final String VERSION_COLUMNS =
      "table_name string, version bigint, timestamp timestamp, operation string";
  private static final String RUN_COLUMNS =
      "verb string, started timestamp, as_of timestamp, exit_code int, recovered boolean,"
          + " commits int, seconds double, bytes_read bigint, trades bigint, duplicates bigint,"
          + " late bigint, refused map<string, bigint>, newest_trade_utc timestamp,"
          + " lag_seconds double, instruments map<string, struct<bytes_read: bigint,"
          + " trades: bigint, duplicates: bigint, refused: bigint, late: bigint,"
          + " minutes_written: bigint, minutes_revised: bigint>>,"
          + " alerts struct<sent: bigint, printed: bigint, pending: bigint, given_up: bigint>,"
          + " step_seconds map<string, double>, warnings array<string>, problems array<string>";
  private static final String REFUSED_COLUMNS =
      "file string, `offset` bigint, reason string, line string";
  private static final String GAP_COLUMNS =
      "time_utc timestamp, event string, ids array<array<bigint>>, cause string";

  private final SparkSession spark;
  private final VaultStore store;
  private final VaultViews views;
  private SortedMap<String, TableState> shown = new TreeMap<>();
  private boolean hasSchema;
  private boolean hasViews;
  private Instant origin;

  /** The tables and folders that cannot be shown, and of which that was said. */
  private final Set<String> leftOut = new TreeSet<>();

  VaultTables(SparkSession spark, VaultStore store) {
    this.spark = spark;
    this.store = store;
    this.views = new VaultViews(spark);
  }

  /** The Delta tables' versions that are in view. */
  SortedMap<String, Long> versions() {
    SortedMap<String, Long> versions = new TreeMap<>();
    shown.forEach((name, table) -> versions.put(name, table.version()));
    return versions;
  }

  Set<String> leftOut() {
    return leftOut;
  }

  /** Makes the views show what the last finished run left. */
  void refresh() throws IOException {
    Published published = Recovery.whatCounts(store);
    SortedMap<String, TableState> found =
        published == null ? new TreeMap<>() : new TreeMap<>(published.tables());
    for (String table : List.copyOf(found.keySet())) {
      TableState state = found.get(table);
      TableState before = shown.get(table);
      if (before != null && !before.id().equals(state.id())) { // made anew: Delta knows the old one
        DeltaLog.invalidateCache(spark, new Path(store.uri(VaultLayout.table(table))));
        hasSchema = false;
      }
      if (!state.equals(before) && !show(table, state.version())) {
        found.remove(table);
      }
    }
    shown.keySet().stream()
        .filter(table -> !found.containsKey(table))
        .forEach(table -> spark.catalog().dropTempView(table));
    hasSchema &= found.keySet().equals(shown.keySet());
    origin = cvdOrigin(published);
    boolean isChanged = !found.equals(shown);
    shown = found;
    if (isChanged && hasViews) {
      // They hold the tables as they were analysed.
      views.show(shown.keySet(), origin);
    }
  }

  /** Shows all that is no table, which takes longer than a small query. */
  void showViews() {
    if (!hasViews) {
      views.show(shown.keySet(), origin);
      showFiles();
      hasViews = true;
    }
  }

  /** From when on the tables' totals count; null for an instrument's first trade. */
  private static Instant cvdOrigin(Published published) {
    OutputSettings settings = published == null ? null : published.settings();
    return settings != null && settings.hasAnalytics() ? settings.analytics().cvdOrigin() : null;
  }

  /** Shows a table as it was at a version; false, and a warning, when it is damaged. */
  private boolean show(String table, long version) throws IOException {
    String folder = VaultLayout.table(table);
    try {
      spark
          .read()
          .format("delta")
          .option("versionAsOf", version)
          .load(store.uri(folder))
          .createOrReplaceTempView(table);
      leftOut.remove(table);
      return true;
    } catch (Exception e) {
      DamagedException damage = DamagedException.damage(folder, e);
      if (leftOut.add(table)) {
        System.err.printf(
            "tapelake: %s; it is left out, %s%n", damage.getMessage(), DamagedException.WAY_OUT);
      }
      return false;
    }
  }

  /** Takes the views away. */
  void drop() {
    shown.keySet().forEach(table -> spark.catalog().dropTempView(table));
    views.drop();
    hasViews = false;
    List.of(RUNS, REFUSED, GAPS, VERSIONS, COMPLETENESS)
        .forEach(view -> spark.catalog().dropTempView(view));
    if (hasSchema) {
      spark.sql("DROP SCHEMA " + SCHEMA + " CASCADE");
    }
  }

  /** Registers {@code lake.NAME}; the tables themselves are left as they are. */
  void registerSchema() {
    if (hasSchema) {
      return;
    }
    spark.sql("CREATE SCHEMA IF NOT EXISTS " + SCHEMA);
    for (String table : shown.keySet()) {
      String name = SCHEMA + "." + quoted(table);
      spark.sql("DROP TABLE IF EXISTS " + name);
      spark.sql(
          "CREATE TABLE %s USING delta LOCATION '%s'"
              .formatted(name, store.uri(VaultLayout.table(table)).replace("'", "\\'")));
    }
    hasSchema = true;
  }

  /** Shows the versions of all tables that can still be read. */
  void showVersions() {
    Dataset<Row> all = spark.createDataFrame(List.of(), StructType.fromDDL(VERSION_COLUMNS));
    for (String table : shown.keySet()) {
      all =
          all.union(
              DeltaTable.forPath(spark, store.uri(VaultLayout.table(table)))
                  .history()
                  .select(lit(table), col("version"), col("timestamp"), col("operation")));
    }
    all.createOrReplaceTempView(VERSIONS);
  }

  /** Shows the files as they are now; looking for them takes longer than a small query. */
  void showFiles() {
    lines(VaultLayout.JOB_STATE, "runs.jsonl", RUN_COLUMNS)
        .where("verb is not null") // a line that a run is just writing
        .drop("path")
        .createOrReplaceTempView(RUNS);
    lines(DayFile.QUARANTINE_ROOT, "????-??-??.jsonl", REFUSED_COLUMNS)
        .selectExpr(
            "element_at(split(path, '/'), -2) as inst_id", "file", "`offset`", "reason", "line")
        .createOrReplaceTempView(REFUSED);
    lines(VaultLayout.COLLECTOR_STATE, "*.gaps.jsonl", GAP_COLUMNS)
        .selectExpr(
            "regexp_extract(path, '([^/]+)\\\\.gaps\\\\.jsonl$', 1) as inst_id",
            "time_utc",
            "event",
            "ids",
            "cause")
        .createOrReplaceTempView(GAPS);
    showCertificates();
  }

  /** What certificates have in common; all of each is in the last column. */
  private void showCertificates() {
    texts(VaultLayout.CERTIFICATES)
        .selectExpr(
            "get_json_object(value, '$.instId') as inst_id",
            "try_cast(get_json_object(value, '$.day') as date) as date",
            "coalesce(try_cast(get_json_object(value, '$.complete') as boolean), false) as complete",
            "from_json(get_json_object(value, '$.incomplete_because'), 'array<string>') as incomplete_because",
            "try_cast(get_json_object(value, '$.trades') as bigint) as trades",
            "try_cast(get_json_object(value, '$.first_id') as bigint) as first_id",
            "try_cast(get_json_object(value, '$.last_id') as bigint) as last_id",
            "try_cast(get_json_object(value, '$.missing_ids') as bigint) as missing_ids",
            "get_json_object(value, '$.channel') as channel",
            "get_json_object(value, '$.grain') as grain",
            "value as certificate",
            "path")
        // A copy, such as one that a synchronising program made, is no second certificate.
        .where(
            "endswith(path, concat('/%s/', inst_id, '/', date, '.json'))"
                .formatted(VaultLayout.CERTIFICATES))
        .drop("path")
        .createOrReplaceTempView(COMPLETENESS);
  }

  private Dataset<Row> texts(String folder) {
    DataFrameReader reader = files("*.json").option("wholetext", "true");
    return found(folder, StructType.fromDDL("value string"), reader::text);
  }

  /** The objects in the JSON files below a folder, with their file's path. */
  private Dataset<Row> lines(String folder, String files, String columns) {
    StructType schema = StructType.fromDDL(columns);
    return found(folder, schema, files(files).schema(schema)::json);
  }

  /** Without rows, and with a warning, where a folder cannot be listed: other views are there. */
  private Dataset<Row> found(
      String folder, StructType schema, Function<String, Dataset<Row>> reading) {
    try {
      if (store.exists(folder)) {
        Dataset<Row> found = reading.apply(store.uri(folder));
        leftOut.remove(folder);
        return found.select(col("*"), col("_metadata.file_path").as("path"));
      }
    } catch (Exception e) {
      if (leftOut.add(folder)) {
        System.err.printf(
            "tapelake: warning: what is noted in %s cannot be read (%s); it is left out%n",
            folder, DamagedException.reason(e));
      }
    }
    return spark.createDataFrame(List.of(), schema.add("path", "string"));
  }

  /** Reads the files of a name below a folder, whose own name is no pattern whatever is in it. */
  private DataFrameReader files(String names) {
    return spark
        .read()
        .option("recursiveFileLookup", "true")
        .option("pathGlobFilter", names)
        .option(DataSource.GLOB_PATHS_KEY(), "false");
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
