package io.tapelake.jobs.oracle;

import io.tapelake.jobs.store.LocalFiles;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The one session of the test JVM, and tables read through it. */
public final class LocalSpark {

  private LocalSpark() {}

  public static SparkSession session() {
    SparkSession.Builder builder = SparkSession.builder();
    LocalFiles.SETTINGS.forEach((key, value) -> builder.config("spark.hadoop." + key, value));
    return builder
        .master("local[2]")
        .appName("oracle")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.databricks.delta.snapshotPartitions", "1")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .getOrCreate();
  }

  static Dataset<Row> table(Path vault, String name) {
    return session().read().format("delta").load(vault.resolve("lake").resolve(name).toString());
  }

  /** The rows of a Delta table as text, in no order. */
  static List<String> rows(Path vault, String name) {
    List<String> rows = new ArrayList<>();
    for (Row row : table(vault, name).collectAsList()) {
      rows.add(row(row).toString());
    }
    return rows;
  }

  static TableRow row(Row row) {
    TableRow text = new TableRow();
    for (int i = 0; i < row.length(); i++) {
      Object value = row.get(i);
      if (value instanceof Timestamp timestamp) {
        value = timestamp.toInstant();
      } else if (value instanceof Date date) {
        value = date.toLocalDate();
      }
      text.with(row.schema().fieldNames()[i], value);
    }
    return text;
  }
}
