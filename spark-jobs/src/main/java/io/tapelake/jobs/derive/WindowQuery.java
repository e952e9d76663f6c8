package io.tapelake.jobs.derive;

import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.KeptResults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The rolling windows of all units as one query of Spark's: dense minutes → sums over RANGE frames
 * → rows, files and segments, in the tasks that made the sums.
 */
record WindowQuery(SparkSession spark, OutputSettings settings, String vaultUri, String work) {

  /** Derives all units; each sum needs so many limbs of 48 bits. */
  List<DerivedUnit> derive(List<Unit> units, int[] limbs) {
    if (units.isEmpty()) {
      return List.of();
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    Broadcast<SerializableConfiguration> configuration = context.broadcast(hadoop);
    Map<Integer, Unit> byId = new TreeMap<>();
    units.forEach(unit -> byId.put(unit.id(), unit));
    Broadcast<Map<Integer, Unit>> known = context.broadcast(byId);
    String plan = UUID.randomUUID().toString();
    DenseMinutes.remember(
        plan,
        new DenseMinutes.Plan(units, settings.spans().longestWindow(), limbs, vaultUri, hadoop));
    try {
      spark.sparkContext().setJobDescription("derive the rows of %d units".formatted(units.size()));
      Task task = new Task(settings, new MinuteSums(limbs), vaultUri, work);
      return query(plan, limbs)
          .queryExecution()
          .toRdd()
          .toJavaRDD()
          .mapPartitions(rows -> task.derive(rows, known.value(), configuration.value().value()))
          .collect();
    } finally {
      DenseMinutes.forget(plan);
    }
  }

  /** The sums of each minute's windows; no shuffle and no sort come between source and windows. */
  Dataset<Row> query(String plan, int[] limbs) {
    return spark
        .read()
        .format(DenseMinutes.class.getName())
        .option(DenseMinutes.PLAN, plan)
        .load()
        .selectExpr(new MinuteSums(limbs).select(settings.windows()).toArray(String[]::new));
  }

  /** What a task does with the rows of its units. */
  private record Task(OutputSettings settings, MinuteSums sums, String vaultUri, String work)
      implements java.io.Serializable {

    Iterator<DerivedUnit> derive(
        Iterator<InternalRow> rows, Map<Integer, Unit> known, Configuration configuration)
        throws IOException {
      List<DerivedUnit> derived = new ArrayList<>();
      UnitDeriving deriving = null;
      try {
        while (rows.hasNext()) {
          // Spark uses a row again: it is taken in before the next one is asked for.
          InternalRow row = rows.next();
          int unit = UnitDeriving.unit(row);
          if (deriving == null || deriving.unit().id() != unit) {
            finish(deriving, derived, configuration);
            deriving =
                new UnitDeriving(known.get(unit), settings, sums, vaultUri, work, configuration);
          }
          deriving.take(row);
        }
        finish(deriving, derived, configuration);
      } finally {
        if (deriving != null) {
          deriving.close();
        }
      }
      return derived.iterator();
    }

    private void finish(
        UnitDeriving deriving, List<DerivedUnit> derived, Configuration configuration)
        throws IOException {
      if (deriving != null) {
        DerivedUnit result = deriving.finish();
        KeptResults.keep(vaultUri, configuration, work, deriving.unit().resultName(), result);
        derived.add(result);
      }
    }
  }
}
