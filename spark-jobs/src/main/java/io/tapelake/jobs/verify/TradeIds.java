package io.tapelake.jobs.verify;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What the ids and contents of some trades add up to, by instrument and day. */
final class TradeIds {

  /** An instrument's day. */
  record Key(String instrument, LocalDate day) {}

  /**
   * Figures of one instrument's day.
   *
   * @param count how many trades
   * @param first the smallest id
   * @param last the largest id
   * @param fingerprint a sum of hashes of all columns, which does not depend on the rows' order
   */
  record Day(long count, long first, long last, String fingerprint) {}

  private TradeIds() {}

  static Map<Key, Day> days(Dataset<Row> trades) {
    Map<Key, Day> days = new HashMap<>();
    String columns = String.join(", ", trades.columns());
    trades
        .selectExpr(
            "inst_id",
            "date",
            "trade_id",
            "CAST(xxhash64(" + columns + ") AS DECIMAL(20,0)) AS hash")
        .createOrReplaceTempView("tapelake_verified_trades");
    String sums =
        "SELECT inst_id, date, count(*) AS n, min(trade_id) AS first, max(trade_id) AS last,"
            + " sum(hash) AS fingerprint FROM tapelake_verified_trades GROUP BY inst_id, date";
    for (Row row : trades.sparkSession().sql(sums).collectAsList()) {
      days.put(
          key(row),
          new Day(
              row.<Long>getAs("n"),
              row.<Long>getAs("first"),
              row.<Long>getAs("last"),
              String.valueOf(row.<Object>getAs("fingerprint"))));
    }
    return days;
  }

  /** Ids that are not there between the smallest and the largest of each day. */
  static Map<Key, List<DayReport.IdRange>> gaps(Dataset<Row> trades) {
    Map<Key, List<DayReport.IdRange>> gaps = new HashMap<>();
    List<Row> rows =
        trades
            .selectExpr(
                "inst_id",
                "date",
                "trade_id",
                "LAG(trade_id) OVER (PARTITION BY inst_id, date ORDER BY trade_id) AS previous")
            .where("trade_id - previous > 1")
            .orderBy("inst_id", "date", "trade_id")
            .collectAsList();
    for (Row row : rows) {
      gaps.computeIfAbsent(key(row), each -> new ArrayList<>())
          .add(
              new DayReport.IdRange(
                  row.<Long>getAs("previous") + 1, row.<Long>getAs("trade_id") - 1));
    }
    return gaps;
  }

  private static Key key(Row row) {
    return new Key(row.getAs("inst_id"), row.getAs("date"));
  }
}
