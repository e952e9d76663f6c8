package io.tapelake.jobs.read;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Reads slices in Spark tasks. */
public final class SliceTasks implements SliceReader {

  /** Slices of small files share a task up to this many bytes. */
  private static final long BYTES_A_TASK = 32L << 20;

  /** Opening a file costs about as much as reading so many bytes of it. */
  private static final long OPEN_COST = 256L << 10;

  private final Supplier<SparkSession> spark;
  private final String vaultUri;

  /**
   * A reader of one vault.
   *
   * @param vaultUri the vault's root as a URI without a slash at its end
   */
  public SliceTasks(Supplier<SparkSession> spark, String vaultUri) {
    this.spark = spark;
    this.vaultUri = vaultUri;
  }

  @Override
  public List<SliceRead> scan(List<Slice> slices) {
    if (slices.isEmpty()) {
      return List.of();
    }
    String root = vaultUri;
    spark.get().sparkContext().setJobDescription("read " + slices.size() + " slices of raw files");
    Broadcast<SerializableConfiguration> configuration = configuration();
    return tasks(slices, Slice::length, BYTES_A_TASK)
        .flatMap(task -> scanTask(task, root, configuration.value()).iterator())
        .collect();
  }

  @Override
  public List<List<MinuteBar>> sort(List<UnsortedMinutes> portions) {
    if (portions.isEmpty()) {
      return List.of();
    }
    String root = vaultUri;
    spark
        .get()
        .sparkContext()
        .setJobDescription("sort trades of " + portions.size() + " portions of raw files");
    Broadcast<SerializableConfiguration> configuration = configuration();
    return tasks(portions, UnsortedMinutes::bytes, BYTES_A_TASK)
        .flatMap(task -> sortTask(task, root, configuration.value()).iterator())
        .collect();
  }

  @Override
  public List<WrittenFile> writeTrades(List<Slice> slices, String table) {
    List<ArrayList<Slice>> groups = TradeGroups.of(slices);
    if (groups.isEmpty()) {
      return List.of();
    }
    String root = vaultUri;
    spark.get().sparkContext().setJobDescription("write " + groups.size() + " files of trades");
    Broadcast<SerializableConfiguration> configuration = configuration();
    return context()
        .parallelize(groups, groups.size())
        .flatMap(
            group ->
                TradeGroups.write(group, root, table, configuration.value().value()).stream()
                    .iterator())
        .collect();
  }

  /** The trades of closed minutes that the slices hold, as rows of the table of trades. */
  public Dataset<Row> trades(List<Slice> slices) {
    String root = vaultUri;
    Broadcast<SerializableConfiguration> configuration = configuration();
    JavaRDD<Row> rows =
        tasks(slices, Slice::length, BYTES_A_TASK)
            .flatMap(task -> new TradeRows(task, root, configuration.value()));
    return spark.get().createDataFrame(rows, TradeRows.SCHEMA);
  }

  /** The columns of {@link #trades}. */
  public static StructType tradeSchema() {
    return TradeRows.SCHEMA;
  }

  static RawBytes bytes(Slice slice, String root, SerializableConfiguration configuration)
      throws IOException {
    return new RawFileBytes(root + "/" + slice.path(), configuration.value());
  }

  private static List<SliceRead> scanTask(
      ArrayList<Slice> task, String root, SerializableConfiguration configuration) {
    List<SliceRead> results = new ArrayList<>();
    for (Slice slice : task) {
      results.add(SliceRead.of(() -> SliceScan.scan(slice, bytes(slice, root, configuration))));
    }
    return results;
  }

  private static List<List<MinuteBar>> sortTask(
      ArrayList<UnsortedMinutes> task, String root, SerializableConfiguration configuration)
      throws IOException {
    List<List<MinuteBar>> results = new ArrayList<>();
    for (UnsortedMinutes portion : task) {
      results.add(MinuteSort.sort(portion, bytes(portion.slice(), root, configuration)));
    }
    return results;
  }

  private Broadcast<SerializableConfiguration> configuration() {
    return context()
        .broadcast(new SerializableConfiguration(spark.get().sessionState().newHadoopConf()));
  }

  private <T> JavaRDD<ArrayList<T>> tasks(
      List<T> parts, ToLongFunction<T> length, long bytesATask) {
    List<ArrayList<T>> tasks = new ArrayList<>();
    long left = 0;
    for (T part : parts) {
      long cost = OPEN_COST + Math.min(length.applyAsLong(part), bytesATask);
      if (tasks.isEmpty() || left < cost) {
        tasks.add(new ArrayList<>());
        left = bytesATask + OPEN_COST;
      }
      tasks.get(tasks.size() - 1).add(part);
      left -= cost;
    }
    return context().parallelize(tasks, tasks.size());
  }

  private JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.get().sparkContext());
  }
}
