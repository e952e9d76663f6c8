package io.tapelake.notebooks;

import io.tapelake.jobs.sql.SqlScript;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A program that asks a Spark Connect server for a vault's tables, for {@link NotebookIT}. */
final class ConnectClient {

  private ConnectClient() {}

  /** Arguments: the server's address, the vault, the script that registers the tables. */
  public static void main(String[] args) throws Exception {
    SparkSession.Builder builder = SparkSession.builder().config("spark.api.mode", "connect");
    try (SparkSession spark = builder.remote(args[0]).getOrCreate()) {
      spark.sql("set vault = " + args[1]).collectAsList();
      for (SqlScript.Statement each : SqlScript.split(Files.readString(Path.of(args[2])))) {
        spark.sql(each.text()).collectAsList();
      }
      String query =
          "select inst_id, sum(trade_count_1m) from tapelake.vwap_1m group by inst_id order by 1";
      for (Row row : spark.sql(query).collectAsList()) {
        System.out.println("answer: " + row.getString(0) + " " + row.getLong(1));
      }
    }
  }
}
