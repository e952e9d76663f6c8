package io.tapelake.jobs.session;

import io.tapelake.jobs.store.ConditionalLogStore;
import io.tapelake.jobs.store.LocalFiles;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Opens the Spark session of a verb; but for what it needs, spark-submit's settings go before. */
public final class SparkSessions {

  private static final String HEARTBEAT_TIMEOUT = "spark.storage.blockManagerHeartbeatTimeoutMs";

  /** What a cluster's own settings are not to change. */
  private static final Map<String, String> NEEDED =
      Map.of(
          // Spark's Kryo makes no records on Java 17.
          "spark.serializer", "org.apache.spark.serializer.JavaSerializer",
          // A task writes files and keeps its result under its work's name: once, not in a race.
          "spark.speculation", "false",
          // All rows of a unit of days are in one partition, as their source says.
          "spark.sql.sources.v2.bucketing.enabled", "true",
          "spark.sql.requireAllClusterKeysForDistribution", "false");

  private SparkSessions() {}

  /**
   * The session of this process: the active one, or a new one.
   *
   * @param master from the command line, or null for spark-submit's, or all local cores
   */
  public static SparkSession open(String master) {
    SparkConf given = new SparkConf();
    SparkSession.Builder builder = SparkSession.builder().appName("tapelake");
    defaults()
        .forEach(
            (key, value) -> {
              if (!given.contains(key)) {
                builder.config(key, value);
              }
            });
    NEEDED.forEach(builder::config);
    String chosen = master(master);
    if (chosen.startsWith("local")) {
      ofOneProcess(builder, given);
    }
    return builder.master(chosen).getOrCreate();
  }

  /** Driver and executor are one process. */
  private static void ofOneProcess(SparkSession.Builder builder, SparkConf given) {
    if (!given.contains(HEARTBEAT_TIMEOUT)) {
      // A machine that slept for two minutes would otherwise find its executor lost, and a repeated
      // run at its end.
      builder.config(HEARTBEAT_TIMEOUT, "365d");
    }
    // Executors elsewhere may need files before they have our classes.
    LocalFiles.SETTINGS.forEach(
        (key, value) -> {
          if (!given.contains("spark.hadoop." + key)) {
            builder.config("spark.hadoop." + key, value);
          }
        });
  }

  /** The master of a new session: the command line's, spark-submit's, or all local cores. */
  static String master(String given) {
    return given != null ? given : new SparkConf().get("spark.master", "local[*]");
  }

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
    defaults.put(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    defaults.put("spark.delta.logStore.s3a.impl", ConditionalLogStore.class.getName());
    defaults.put("spark.sql.session.timeZone", "UTC");
    // As in the driver: no digits of a locale's own.
    defaults.put("spark.executor.defaultJavaOptions", "-Duser.language=en -Dfile.encoding=UTF-8");
    defaults.put("spark.sql.datetime.java8API.enabled", "true");
    // Delta's answers from the log alone ("select max(date)") are java.sql.Dates, which the above
    // does not take.
    defaults.put("spark.databricks.delta.optimizeMetadataQuery.enabled", "false");
    defaults.put("spark.ui.enabled", "false");
    defaults.put("spark.ui.showConsoleProgress", "false");
    defaults.put("spark.sql.shuffle.partitions", "4");
    defaults.put("spark.sql.adaptive.enabled", "false");
    // VACUUM lists a table's folders in as many tasks: ten thousand of them take minutes a table.
    defaults.put("spark.sql.sources.parallelPartitionDiscovery.parallelism", "32");
    // Windows as a tree of partial sums: a minute costs log(width), not width.
    defaults.put("spark.sql.window.segmentTree.enabled", "true");
    defaults.put("spark.databricks.delta.snapshotPartitions", "1");
    // Trades come day by day: sorting them by day first would take the heap of a whole task.
    defaults.put("spark.sql.maxConcurrentOutputFileWriters", "8");
    defaults.put("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"));
    return defaults;
  }
}
