package io.tapelake.jobs.sql;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;

/**
 * What is put together of the tables when somebody asks: {@code bands} with its levels, {@code
 * flow} with the totals since the origin, and bars of any length or of trades.
 */
record VaultViews(SparkSession spark) {

  /** Levels around each VWAP, in standard deviations. */
  static final String BANDS = "bands";

  /** {@code flow_1m} with the deltas' totals since the origin. */
  static final String FLOW = "flow";

  private static final List<String> MEASURES = List.of("base", "notional", "contracts");

  /** What a bar adds up, by the name of the function that makes such bars. */
  private static final Map<String, String> AMOUNTS = amounts();

  /** A question that names none of what is made here, and so can be answered without. */
  private static final Pattern NEEDS_NONE =
      Pattern.compile(
          "(?is)\\s*(select|with|values)\\b(?!.*\\b(%s|%s|bars|identifier|%s)\\b).*"
              .formatted(BANDS, FLOW, String.join("|", AMOUNTS.keySet())));

  private static Map<String, String> amounts() {
    Map<String, String> amounts = new LinkedHashMap<>();
    amounts.put("tick_bars", "1");
    amounts.put("volume_bars", "base_volume");
    amounts.put("dollar_bars", "notional");
    amounts.put("tick_imbalance_bars", "if(side = 'buy', 1, -1)");
    amounts.put("volume_imbalance_bars", "if(side = 'buy', base_volume, -base_volume)");
    amounts.put("dollar_imbalance_bars", "if(side = 'buy', notional, -notional)");
    return amounts;
  }

  /**
   * Makes the views that the tables in view allow, and takes the others away. Totals count from an
   * origin on; null for the first trade.
   */
  void show(Set<String> tables, Instant cvdOrigin) {
    show(BANDS, tables.containsAll(Set.of("bands_1m", "vwap_1m")) ? bands() : null);
    show(FLOW, tables.contains("flow_1m") ? flow(tables.contains("sessions_1d"), cvdOrigin) : null);
    show("bars", tables.contains("bars_1m"), BARS);
    AMOUNTS.forEach(
        (name, amount) ->
            show(
                name,
                tables.contains("trades"),
                TRADE_BARS.replace("{name}", name).replace("{amount}", amount)));
  }

  private void show(String function, boolean isThere, String definition) {
    spark.sql("DROP TEMPORARY FUNCTION IF EXISTS " + function); // replacing it gives a warning
    if (isThere) {
      spark.sql(definition);
    }
  }

  /** Whether a statement may name one of these, or lists what there is. */
  static boolean mayBeIn(String statement) {
    return !NEEDS_NONE.matcher(statement).matches();
  }

  /** Takes the views away. */
  void drop() {
    show(Set.of(), null);
  }

  private void show(String view, String query) {
    if (query == null) {
      spark.catalog().dropTempView(view);
    } else {
      spark.sql("CREATE OR REPLACE TEMPORARY VIEW " + view + " AS " + query);
    }
  }

  private Set<String> columns(String table) {
    return new TreeSet<>(Arrays.asList(spark.table(table).columns()));
  }

  private String bands() {
    Set<String> statistics = columns("bands_1m");
    List<String> columns = new ArrayList<>(List.of("v.inst_id", "v.minute", "v.date", "v.close"));
    Set<String> means = columns("vwap_1m");
    for (String vwap : spark.table("vwap_1m").columns()) {
      String of = vwap.startsWith("vwap_") ? vwap.substring("vwap_".length()) : "";
      if (statistics.contains("z_" + of)) {
        columns.add("v." + vwap);
        for (String name : List.of("stddev_", "deviation_bps_", "z_")) {
          columns.add("double(b.%1$s%2$s) AS %1$s%2$s".formatted(name, of));
        }
        // The text has digits that a small price has no room for in the other column.
        String mean = means.contains(vwap + "_exact") ? vwap + "_exact" : vwap;
        for (int k : new int[] {-3, -2, -1, 1, 2, 3}) {
          columns.add(
              "double(v.%s) + %d * double(b.stddev_%s) AS %s%d_%3$s"
                  .formatted(mean, k, of, k < 0 ? "lower" : "upper", Math.abs(k)));
        }
      }
    }
    return "SELECT %s FROM vwap_1m v JOIN bands_1m b ON b.inst_id = v.inst_id AND b.minute = v.minute AND b.date = v.date"
        .formatted(String.join(", ", columns));
  }

  private String flow(boolean hasSessions, Instant origin) {
    if (!hasSessions || columns("flow_1m").contains("cvd_total_base")) {
      return "SELECT * FROM flow_1m";
    }
    // A sum of two DECIMAL(38,18) would lose its last digit.
    String narrow = "try_cast(%s AS DECIMAL(37,18))";
    String sum = narrow.formatted("s.start_delta_%1$s") + " + ";
    if (origin == null) {
      return flow(sum + narrow.formatted("f.cvd_session_%1$s"), "");
    }
    // Of the origin's day the session has trades that the total has not.
    String since =
        narrow.formatted("f.cvd_session_%1$s")
            + " - coalesce("
            + narrow.formatted("o.skipped_%1$s")
            + ", 0)";
    String skipped =
        """
        LEFT JOIN (SELECT inst_id, date, %s FROM flow_1m
        WHERE date = DATE'%s' AND minute < TIMESTAMP'%s' GROUP BY inst_id, date) o
        ON o.inst_id = f.inst_id AND o.date = f.date"""
            .formatted(
                measures("max_by(cvd_session_%1$s, minute) AS skipped_%1$s"),
                LocalDate.ofInstant(origin, ZoneOffset.UTC),
                origin);
    return flow(
        "CASE WHEN f.minute < TIMESTAMP'%s' THEN 0 ELSE ".formatted(origin)
            + sum
            + narrow.formatted(since)
            + " END",
        skipped);
  }

  private static String flow(String total, String skipped) {
    return "SELECT f.*, %s FROM flow_1m f LEFT JOIN sessions_1d s ON s.inst_id = f.inst_id AND s.date = f.date %s"
        .formatted(measures(total + " AS cvd_total_%1$s"), skipped);
  }

  private static String measures(String each) {
    return String.join(", ", MEASURES.stream().map(each::formatted).toList());
  }

  /** Weeks begin on Monday; every length counts from Monday, 5 January 1970. */
  private static final String BARS =
      """
      CREATE TEMPORARY FUNCTION bars(length STRING) RETURNS TABLE RETURN
      SELECT inst_id, start, min_by(open, minute) AS open, max(high) AS high, min(low) AS low,
             max_by(close, minute) AS close, sum(trade_count) AS trade_count, sum(buy_count) AS buy_count,
             total(contracts) AS contracts, total(base_volume_exact) AS base_volume,
             total(notional_exact) AS notional, total(buy_base_volume_exact) AS buy_base_volume,
             total(buy_notional_exact) AS buy_notional,
             ratio(price_notional_exact, notional_exact) AS vwap,
             ratio(notional_exact, base_volume_exact) AS vwap_base,
             total_exact(base_volume_exact) AS base_volume_exact, total_exact(notional_exact) AS notional_exact,
             total_exact(buy_base_volume_exact) AS buy_base_volume_exact,
             total_exact(buy_notional_exact) AS buy_notional_exact,
             ratio_exact(price_notional_exact, notional_exact) AS vwap_exact,
             ratio_exact(notional_exact, base_volume_exact) AS vwap_base_exact
        FROM (SELECT *, timestamp_seconds(345600 + floor((unix_seconds(minute) - 345600) / seconds) * seconds) AS start
                FROM (SELECT *, CASE WHEN bars.length RLIKE '^[1-9][0-9]{0,3}[mhdw]$'
                                     THEN bigint(left(bars.length, length(bars.length) - 1))
                                          * CASE right(bars.length, 1) WHEN 'm' THEN 60 WHEN 'h' THEN 3600
                                                 WHEN 'd' THEN 86400 ELSE 604800 END
                                     ELSE bigint(raise_error('bars: a length is a number and m, h, d or w, such as 15m')) END
                                AS seconds
                        FROM bars_1m))
       GROUP BY inst_id, start
      """;

  /** Every bar begins with its day, so that a late trade changes bars of one day. */
  private static final String TRADE_BARS =
      """
      CREATE TEMPORARY FUNCTION {name}(size DECIMAL(38,18)) RETURNS TABLE RETURN
      SELECT inst_id, date, bar, min(ts) AS start, max(ts) AS end, min_by(price, place) AS open, max(price) AS high,
             min(price) AS low, max_by(price, place) AS close, count(*) AS trade_count,
             count_if(side = 'buy') AS buy_count, total(contracts) AS contracts, total(base_volume) AS base_volume,
             total(notional) AS notional, total(if(side = 'buy', base_volume, 0)) AS buy_base_volume,
             total(if(side = 'buy', notional, 0)) AS buy_notional, vwap(price, notional) AS vwap,
             ratio(notional, base_volume) AS vwap_base,
             coalesce(abs(total(amount)) >= {name}.size, true) AS is_full -- a sum without room is larger
        FROM (SELECT *, bar_number(amount, {name}.size) OVER (
                          PARTITION BY inst_id, date ORDER BY ts, trade_id ROWS UNBOUNDED PRECEDING) AS bar
                FROM (SELECT *, struct(ts, trade_id) AS place, {amount} AS amount
                        FROM (SELECT * EXCEPT (base_volume, notional),
                                     coalesce(base_volume, raise_error(concat('trade ', trade_id, ' of ', inst_id,
                                       ' is of 10^20 coins or more, which no bar of trades counts'))) AS base_volume,
                                     coalesce(notional, raise_error(concat('trade ', trade_id, ' of ', inst_id,
                                       ' has a notional of 10^20 or more, which no bar of trades counts'))) AS notional
                                FROM trades)))
       GROUP BY inst_id, date, bar
      """;
}
