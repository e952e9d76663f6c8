package io.tapelake.jobs.benchmark;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The same work done by DuckDB: a whole process, from the JSON lines to Parquet and JSON.
 * Duplicates are removed by instrument and trade id, sums are DECIMAL(38), quotients DOUBLE, since
 * DuckDB divides decimals as doubles. Minutes without trades get a row, as the job gives them one,
 * when the trades are sparse; where every minute has some, DuckDB is spared the question.
 */
final class DuckDbPeer {

  private DuckDbPeer() {}

  /**
   * Arguments: the vault, an existing folder for the outputs, and perhaps {@code --trades} to write
   * them too, or {@code --sparse}.
   */
  public static void main(String[] args) throws SQLException {
    boolean trades = args.length > 2 && args[2].equals("--trades");
    boolean sparse = args.length > 2 && args[2].equals("--sparse");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = connection.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'");
      sql.execute("SET temp_directory = '" + args[1] + "/temp'");
      sql.execute(
          "CREATE %s trades AS %s".formatted(trades ? "TABLE" : "VIEW", trades(args[0], sparse)));
      if (trades) {
        sql.execute(
            "COPY (SELECT *, ts::DATE AS date FROM trades) TO '%s/trades' (FORMAT parquet, PARTITION_BY (date))"
                .formatted(args[1]));
      }
      sql.execute(BARS.formatted(sparse ? "DECIMAL(27,9)" : "DECIMAL(29,6)"));
      sql.execute(
          "COPY (SELECT *, minute::DATE AS date FROM bars) TO '%s/bars_1m' (FORMAT parquet, PARTITION_BY (date))"
              .formatted(args[1]));
      sql.execute(sparse ? EVERY_MINUTE : "CREATE VIEW minutes AS FROM bars");
      sql.execute(VWAP);
      sql.execute(
          "COPY (SELECT *, minute::DATE AS date FROM vwap) TO '%s/vwap_1m' (FORMAT parquet, PARTITION_BY (date))"
              .formatted(args[1]));
      sql.execute(EXPORT.formatted(args[1]));
    }
  }

  /** The coins of sparse trades have prices of up to five decimals; sums have 38 digits. */
  private static String trades(String vault, boolean sparse) {
    return """
    SELECT inst_id, trade_id, any_value(ts) AS ts, any_value(side) AS side,
           any_value(price) AS price, any_value(contracts) AS contracts, any_value(m) AS m
      FROM (SELECT instId AS inst_id, trade_id, timestamp_utc AS ts, side, price,
                   qty_contracts AS contracts, (ctVal * ctMult)::DECIMAL(7,2) AS m
              FROM read_json('%s/raw/okx/trades_perps/*/*.jsonl', format = 'newline_delimited',
                     columns = {timestamp_utc: 'TIMESTAMP', instId: 'VARCHAR', trade_id: 'BIGINT',
                                side: 'VARCHAR', price: '%s', qty_contracts: 'DECIMAL(8,2)',
                                ctVal: 'DECIMAL(6,2)', ctMult: 'DECIMAL(2,0)'}))
     GROUP BY inst_id, trade_id\
    """
        .formatted(vault, sparse ? "DECIMAL(11,5)" : "DECIMAL(9,2)");
  }

  private static final String BARS =
      """
      CREATE TABLE bars AS
      SELECT inst_id, time_bucket(INTERVAL 1 minute, ts) AS minute,
             arg_min(price, (ts, trade_id)) AS open, max(price) AS high, min(price) AS low,
             arg_max(price, (ts, trade_id)) AS close, count(*) AS trade_count,
             count(*) FILTER (side = 'buy') AS buy_count, sum(contracts) AS contracts,
             sum(contracts * m) AS base_volume, sum((contracts * m)::DECIMAL(20,4) * price) AS notional,
             sum(contracts * m) FILTER (side = 'buy') AS buy_base_volume,
             sum((contracts * m)::DECIMAL(20,4) * price) FILTER (side = 'buy') AS buy_notional,
             min(trade_id) AS first_trade_id, max(trade_id) AS last_trade_id,
             sum(((contracts * m)::DECIMAL(20,4) * price)::%s * price) AS price_notional
        FROM trades GROUP BY ALL\
      """;

  /** From an instrument's first trade to its last one. */
  private static final String EVERY_MINUTE =
      """
      CREATE TABLE minutes AS
      SELECT inst_id, minute,
             last_value(close IGNORE NULLS) OVER (PARTITION BY inst_id ORDER BY minute) AS close,
             coalesce(trade_count, 0) AS trade_count, coalesce(base_volume, 0) AS base_volume,
             coalesce(notional, 0) AS notional, coalesce(price_notional, 0) AS price_notional
        FROM (SELECT inst_id,
                     unnest(generate_series(min(minute), max(minute), INTERVAL 1 minute)) AS minute
                FROM bars GROUP BY inst_id)
        LEFT JOIN bars USING (inst_id, minute)\
      """;

  private static final String VWAP =
      """
      CREATE TABLE vwap AS
      SELECT inst_id, minute, close, trade_count AS trade_count_1m,
             sum(price_notional) OVER h1 / nullif(sum(notional) OVER h1, 0) AS vwap_1h,
             sum(notional) OVER h1 / nullif(sum(base_volume) OVER h1, 0) AS vwap_base_1h,
             sum(trade_count) OVER h1 AS trade_count_1h,
             sum(base_volume) OVER h1 AS base_volume_1h, sum(notional) OVER h1 AS notional_1h,
             sum(price_notional) OVER h4 / nullif(sum(notional) OVER h4, 0) AS vwap_4h,
             sum(notional) OVER h4 / nullif(sum(base_volume) OVER h4, 0) AS vwap_base_4h,
             sum(trade_count) OVER h4 AS trade_count_4h,
             sum(base_volume) OVER h4 AS base_volume_4h, sum(notional) OVER h4 AS notional_4h
        FROM minutes
      WINDOW h1 AS (PARTITION BY inst_id ORDER BY minute
                    RANGE BETWEEN INTERVAL 59 minutes PRECEDING AND CURRENT ROW),
             h4 AS (PARTITION BY inst_id ORDER BY minute
                    RANGE BETWEEN INTERVAL 239 minutes PRECEDING AND CURRENT ROW)\
      """;

  private static final String EXPORT =
      """
      COPY (SELECT strftime(minute, '%%Y-%%m-%%dT%%H:%%M:%%SZ') AS window_start_utc, inst_id AS "instId",
                   'okx' AS exchange, 'perp' AS market, vwap_1h, vwap_4h, trade_count_1h, trade_count_4h
              FROM vwap ORDER BY inst_id, minute)
        TO '%s/vwap_1m.jsonl' (FORMAT json)\
      """;
}
