package io.tapelake.jobs.job;

import io.tapelake.jobs.publish.LakeSchema;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sql}: asks the tables. */
@Command(
    name = "sql",
    description = {
      "Runs Spark SQL with the vault's tables in view: bars_1m, vwap_1m, trades.",
      "Example: ./tapelake sql \"select minute, vwap_1h from vwap_1m order by minute desc limit 5\""
    })
public final class SqlCommand implements Callable<Integer> {

  @Mixin private VaultOptions options = new VaultOptions();

  @Parameters(paramLabel = "QUERY", description = "one SQL statement")
  private String query;

  @Option(
      names = "--format",
      paramLabel = "table|csv|jsonl",
      defaultValue = "table",
      description = "how rows are printed (default: table)")
  private String format;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000",
      description = "print at most so many rows (default: 1000)")
  private int limit;

  @Override
  public Integer call() throws Exception {
    ResultFormat printed = ResultFormat.parse(format);
    VaultStore store = options.openVault();
    SparkSession spark = SparkSessions.open(options.master());
    for (String table : List.of(LakeSchema.BARS, LakeSchema.VWAP, LakeSchema.TRADES)) {
      if (store.exists(VaultLayout.table(table) + "/_delta_log")) {
        spark
            .read()
            .format("delta")
            .load(store.uri(VaultLayout.table(table)))
            .createOrReplaceTempView(table);
      }
    }
    try {
      Dataset<Row> result = spark.sql(query);
      printed.print(result, limit, System.out);
    } catch (Exception e) {
      if (e instanceof AnalysisException) {
        throw JobException.usage(e.getMessage().lines().findFirst().orElse("bad query").strip(), e);
      }
      throw e;
    }
    return ExitCode.DONE.code();
  }
}
