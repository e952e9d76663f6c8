package io.tapelake.notebooks;

import io.tapelake.jobs.job.JobException;
import io.tapelake.jobs.sql.ResultTable;
import io.tapelake.jobs.sql.SqlScript.Statement;
import io.tapelake.jobs.sql.SqlSession;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Asks the tables for what a day's report tells. */
final class DayFigures {

  private static final int MOST_VWAPS = 2;

  private final SqlSession session;
  private final String root;

  DayFigures(SqlSession session, String root) {
    this.session = session;
    this.root = root;
  }

  /**
   * A day of one instrument.
   *
   * @param summary one row
   * @param minutes minute, close and rolling VWAPs of each closed minute
   * @param flow minute, delta and cvd of each minute with trades
   * @param quarters delta by quarters of an hour
   * @param profile bought and sold by price
   * @param refused lines of the day's file in the quarantine
   */
  record Instrument(
      ResultTable summary,
      ResultTable minutes,
      ResultTable flow,
      ResultTable quarters,
      ResultTable profile,
      long refused) {}

  /** The day that was asked for, or the newest one; there have to be trades on it. */
  LocalDate dayToShow(LocalDate asked) {
    if (!session.versions().containsKey("bars_1m")) {
      throw JobException.usage(
          "the vault %s has no tables yet: './tapelake run --vault %s' makes them"
              .formatted(root, root));
    }
    Row span =
        ask("select min(date), max(date), count_if(date = " + date(asked) + ") from bars_1m")
            .rows()
            .get(0);
    if (span.isNullAt(0)) {
      throw JobException.usage(
          "the tables of %s are empty: there is no day to show".formatted(root));
    }
    LocalDate newest = span.getAs(1);
    if (asked != null && span.getLong(2) == 0) {
      throw JobException.usage(
          "--day %s: no trades on that day; the tables go from %s to %s"
              .formatted(asked, span.<LocalDate>getAs(0), newest));
    }
    return asked == null ? newest : asked;
  }

  /** All instruments that traded on a day, by name. */
  Map<String, Instrument> read(LocalDate day) {
    Map<String, ResultTable> summaries = split(ask(SUMMARY.replace("{day}", date(day))));
    Map<String, ResultTable> minutes =
        split(ask(MINUTES.replace("{day}", date(day)).replace("{vwaps}", vwaps())));
    Map<String, ResultTable> flows = split(ask(FLOW.replace("{day}", date(day))));
    Map<String, ResultTable> quarters = split(ask(QUARTERS.replace("{day}", date(day))));
    Map<String, ResultTable> profiles =
        session.versions().containsKey("trades")
            ? split(ask(PROFILE.replace("{day}", date(day))))
            : Map.of();
    Map<String, Long> refused = new LinkedHashMap<>();
    ask("select inst_id, count(*) from refused_lines where file like '"
            + day
            + "%' group by inst_id")
        .rows()
        .forEach(row -> refused.put(row.getString(0), row.getLong(1)));
    Map<String, Instrument> instruments = new LinkedHashMap<>();
    summaries.forEach(
        (name, summary) ->
            instruments.put(
                name,
                new Instrument(
                    summary,
                    minutes.get(name),
                    flows.get(name),
                    quarters.get(name),
                    profiles.get(name),
                    refused.getOrDefault(name, 0L))));
    return instruments;
  }

  /** The rolling VWAPs that the table has, whatever windows are configured. */
  private String vwaps() {
    List<String> columns =
        Arrays.stream(ask("select * from vwap_1m limit 0").schema().fieldNames())
            .filter(name -> name.matches("vwap_\\d+[mhd]"))
            .limit(MOST_VWAPS)
            .toList();
    return String.join(", ", columns);
  }

  private ResultTable ask(String query) {
    return session.ask(new Statement(query, 1), result -> ResultTable.of(result, 0));
  }

  private static String date(LocalDate day) {
    return day == null ? "null" : "date '" + day + "'";
  }

  /** Rows by their first column. */
  private static Map<String, ResultTable> split(ResultTable table) {
    Map<String, List<Row>> parts = new LinkedHashMap<>();
    for (Row row : table.rows()) {
      parts.computeIfAbsent(row.getString(0), key -> new java.util.ArrayList<>()).add(row);
    }
    Map<String, ResultTable> split = new LinkedHashMap<>();
    parts.forEach((name, rows) -> split.put(name, new ResultTable(table.schema(), rows, false)));
    return split;
  }

  private static final String SUMMARY =
      """
      select inst_id, min_by(open, minute) as open, max(high) as high, min(low) as low,
             max_by(close, minute) as close,
             round(100 * (double(max_by(close, minute)) / double(min_by(open, minute)) - 1), 2) as change_percent,
             sum(trade_count) as trades, sum(base_volume) as volume, round(sum(notional), 2) as turnover,
             round(100 * sum(buy_base_volume) / sum(base_volume), 1) as buy_percent,
             count(*) as minutes_with_trades
        from bars_1m where date = {day} group by inst_id order by inst_id
      """;

  private static final String MINUTES =
      """
      select inst_id, minute, close, {vwaps} from vwap_1m where date = {day} order by inst_id, minute
      """;

  private static final String FLOW =
      """
      select inst_id, minute, 2 * buy_base_volume - base_volume as delta,
             sum(2 * buy_base_volume - base_volume) over (partition by inst_id order by minute) as cvd
        from bars_1m where date = {day} order by inst_id, minute
      """;

  private static final String QUARTERS =
      """
      select inst_id, window.start as quarter, sum(2 * buy_base_volume - base_volume) as delta
        from bars_1m where date = {day} group by inst_id, window(minute, '15 minutes')
       order by inst_id, quarter
      """;

  private static final String PROFILE =
      """
      with span as (
        select inst_id, double(max(high) - min(low)) / 40 as raw from bars_1m
         where date = {day} group by inst_id having max(high) > min(low)),
      unit as (select inst_id, raw, power(10, floor(log10(raw))) as ten from span),
      width as (
        select inst_id, ten * case when raw / ten < 1.5 then 1 when raw / ten < 3.5 then 2
                                   when raw / ten < 7.5 then 5 else 10 end as width from unit)
      select t.inst_id, round(floor(t.price / width) * width, 12) as price,
             coalesce(sum(base_volume) filter (where side = 'buy'), 0) as bought,
             coalesce(sum(base_volume) filter (where side = 'sell'), 0) as sold
        from trades t join width w on w.inst_id = t.inst_id
       where t.date = {day}
       group by t.inst_id, round(floor(t.price / width) * width, 12)
       order by inst_id, price
      """;
}
