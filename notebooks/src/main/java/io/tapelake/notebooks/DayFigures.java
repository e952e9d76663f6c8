package io.tapelake.notebooks;

import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.sql.SqlError;
import io.tapelake.jobs.sql.SqlScript.Statement;
import io.tapelake.jobs.sql.SqlSession;
import io.tapelake.notebooks.DayReport.Bucket;
import io.tapelake.notebooks.DayReport.Figures;
import io.tapelake.notebooks.DayReport.Gap;
import io.tapelake.notebooks.DayReport.Gaps;
import io.tapelake.notebooks.DayReport.Mark;
import io.tapelake.notebooks.DayReport.Minutes;
import io.tapelake.notebooks.DayReport.Trade;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Asks the tables for what a report tells of some days. */
final class DayFigures {

  private final SqlSession session;
  private final String root;
  private final Published published;
  private String days;

  /** Figures of the tables in a session; null where nothing was ever published. */
  DayFigures(SqlSession session, String root, Published published) {
    this.session = session;
    this.root = root;
    this.published = published;
  }

  /** The last day of the tables, which a report shows unless it is told another. */
  LocalDate newestDay() {
    return span().getAs(1);
  }

  /** Refuses days that the tables do not reach. */
  void checkHas(LocalDate from, LocalDate to) {
    Row span = span();
    if (to.isBefore(span.<LocalDate>getAs(0)) || from.isAfter(span.<LocalDate>getAs(1))) {
      throw JobException.usage(
          "%s: there are no trades then; the tables go from %s to %s"
              .formatted(from.equals(to) ? from : from + " to " + to, span.get(0), span.get(1)));
    }
  }

  private Row span() {
    for (String table : List.of("bars_1m", "vwap_1m")) {
      if (has(table)) {
        continue;
      }
      throw published != null && published.tables().containsKey(table)
          ? JobException.needsPerson(
              "%s is damaged; %s".formatted(VaultLayout.table(table), DamagedException.WAY_OUT))
          : JobException.usage(
              "the vault %s has no tables yet: './tapelake run --vault %s' makes them"
                  .formatted(root, root));
    }
    Row span = ask("select min(date), max(date) from bars_1m").get(0);
    if (span.isNullAt(0)) {
      throw JobException.usage(
          "the tables of %s are empty: there is no day to show".formatted(root));
    }
    return span;
  }

  /** All instruments whose first and last trades lie around some days, by name. */
  List<DayReport> read(LocalDate from, LocalDate to) {
    days = "date between date'%s' and date'%s'".formatted(from, to);
    Map<String, List<Figures>> figures = figures();
    Map<String, List<Row>> minutes = byInstrument(ask(minutesQuery()));
    Map<String, List<Row>> profiles =
        byInstrument(has("volume_profile") ? ask(in(PROFILE)) : List.of());
    Map<String, List<Row>> signals = byInstrument(has("signals") ? ask(in(SIGNALS)) : List.of());
    Map<String, List<Row>> gaps = byInstrument(has("trades") ? ask(in(GAPS)) : List.of());
    List<DayReport> all = new ArrayList<>();
    for (Row known :
        ask(
            "select inst_id from bars_1m group by inst_id having min(date) <= date'%s' and max(date) >= date'%s' order by 1"
                .formatted(to, from))) {
      String name = known.getString(0);
      all.add(
          new DayReport(
              name,
              published.asOf(name),
              Instant.ofEpochSecond(60 * published.settings().openFrom(published.asOf(name))),
              figures.getOrDefault(name, List.of()),
              minutes(minutes.getOrDefault(name, List.of())),
              list(profiles.get(name), DayFigures::bucket),
              list(signals.get(name), DayFigures::mark),
              gaps(gaps.get(name))));
    }
    return all;
  }

  private Map<String, List<Figures>> figures() {
    Map<String, Row> sigmas = byDay(has("bands_1m") ? ask(in(SIGMAS)) : List.of());
    Map<String, Row> areas =
        byDay(columns("flow_1m").contains("poc_session") ? ask(in(AREAS)) : List.of());
    Map<String, Row> tapes = byDay(has("trades") ? ask(in(TAPES)) : List.of());
    Map<String, Row> refused = new HashMap<>();
    Map<String, Row> proven = new HashMap<>();
    boolean isNoted = noted(REFUSED, DayFile.QUARANTINE_ROOT, refused);
    isNoted &= noted(PROVEN, VaultLayout.CERTIFICATES, proven);
    Map<String, List<Figures>> figures = new TreeMap<>();
    for (Row row : ask(in(FIGURES))) {
      String key = key(row);
      Row area = areas.get(key);
      Row tape = tapes.get(key);
      Figures day =
          new Figures(
              row.getAs("date"),
              row.getAs("first"),
              row.getAs("last"),
              row.getAs("open"),
              row.getAs("high"),
              row.getAs("low"),
              row.getAs("close"),
              row.getAs("trades"),
              number(row, "volume"),
              number(row, "notional"),
              number(row, "buy_volume"),
              number(row, "vwap"),
              number(row, "vwap_base"),
              sigmas.containsKey(key) ? sigmas.get(key).getAs(2) : null,
              area == null ? null : area.getAs(2),
              area == null ? null : area.getAs(3),
              area == null ? null : area.getAs(4),
              tape == null ? null : trade(tape.getStruct(3)),
              missing(proven.get(key), tape),
              refusedLines(isNoted, refused.get(key)),
              isNoted && proven.containsKey(key) ? proven.get(key).getBoolean(2) : null);
      figures.computeIfAbsent(row.getString(0), name -> new ArrayList<>()).add(day);
    }
    return figures;
  }

  /** Takes up what files below a folder note; false, with a warning, where not all can be read. */
  private boolean noted(String query, String folder, Map<String, Row> into) {
    try {
      into.putAll(byDay(ask(in(query))));
    } catch (SqlError e) {
      if (e.isInterrupted() || JobException.isOutOfMemory(e)) {
        throw e;
      }
      System.err.printf(
          "tapelake: warning: what is noted in %s cannot be read (%s)%n",
          folder, e.getMessage().lines().findFirst().orElse(""));
      return false;
    }
    return !session.leftOut().contains(folder);
  }

  private static Long refusedLines(boolean isNoted, Row row) {
    return isNoted ? (Long) (row == null ? 0 : row.getLong(2)) : null;
  }

  /** The certificate knows more than the tape: what was tried, and the days beside it. */
  private static Long missing(Row certificate, Row tape) {
    return certificate != null && !certificate.isNullAt(3)
        ? (Long) certificate.getLong(3)
        : tape == null ? null : (Long) tape.getLong(2);
  }

  private static Trade trade(Row row) {
    return new Trade(
        row.getAs("side"),
        row.getAs("price"),
        row.getAs("base_volume"),
        row.getAs("notional"),
        row.getAs("ts"));
  }

  private static BigDecimal number(Row row, String column) {
    String text = row.getAs(column);
    return text == null ? null : new BigDecimal(text);
  }

  private boolean has(String table) {
    return session.versions().containsKey(table);
  }

  /** What tables do not have, since the run was without it, is NULL. */
  private String minutesQuery() {
    Set<String> vwap = columns("vwap_1m");
    boolean bands = columns("bands_1m").contains("stddev_session");
    boolean flow = columns("flow_1m").contains("cvd_session_base");
    String query =
        """
        select v.inst_id, v.minute, double(b.open), double(b.high), double(b.low), double(v.close),
               2 * double(b.buy_base_volume_exact) - double(b.base_volume_exact), %s, %s, %s
          from vwap_1m v left join bars_1m b on b.inst_id = v.inst_id and b.minute = v.minute and b.date = v.date
               %s %s
         where v.{days} order by v.inst_id, v.minute
        """;
    String join =
        "left join %1$s %2$s on %2$s.inst_id = v.inst_id and %2$s.minute = v.minute and %2$s.date = v.date";
    return in(
        query.formatted(
            vwap.contains("vwap_session") ? "double(v.vwap_session)" : "null",
            bands ? "double(s.stddev_session)" : "null",
            flow ? "double(f.cvd_session_base)" : "null",
            bands ? join.formatted("bands_1m", "s") : "",
            flow ? join.formatted("flow_1m", "f") : ""));
  }

  private Set<String> columns(String table) {
    return has(table)
        ? Set.copyOf(Arrays.asList(session.spark().table(table).columns()))
        : Set.of();
  }

  private static Minutes minutes(List<Row> rows) {
    double[][] columns = new double[10][];
    for (int i = 1; i < columns.length; i++) {
      int column = i;
      columns[i] =
          rows.stream()
              .mapToDouble(
                  row ->
                      row.isNullAt(column)
                          ? Double.NaN
                          : column == 1
                              ? row.<Instant>getAs(1).toEpochMilli()
                              : row.getDouble(column))
              .toArray();
    }
    return new Minutes(
        columns[1],
        columns[2],
        columns[3],
        columns[4],
        columns[5],
        columns[6],
        columns[7],
        columns[8],
        columns[9]);
  }

  private static Bucket bucket(Row row) {
    return new Bucket(
        row.getDouble(1), row.getDouble(2), row.getDouble(3), row.getDouble(4), row.getBoolean(5));
  }

  private static Mark mark(Row row) {
    return new Mark(
        row.<Instant>getAs(1).toEpochMilli(), row.getString(2), "up".equals(row.getString(3)));
  }

  private static Gaps gaps(List<Row> rows) {
    return rows == null
        ? Gaps.NONE
        : new Gaps(
            rows.get(0).getLong(4),
            rows.get(0).getAs(5),
            list(rows, row -> new Gap(row.getAs(1), row.getAs(2), row.getLong(3))));
  }

  private static <T> List<T> list(List<Row> rows, Function<Row, T> each) {
    return rows == null ? List.of() : rows.stream().map(each).toList();
  }

  private List<Row> ask(String query) {
    return session.ask(new Statement(query, 1), result -> result.collectAsList());
  }

  private String in(String query) {
    return query.replace("{days}", days);
  }

  private static Map<String, List<Row>> byInstrument(List<Row> rows) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> row.getString(0), LinkedHashMap::new, Collectors.toList()));
  }

  private static Map<String, Row> byDay(List<Row> rows) {
    return rows.stream().collect(Collectors.toMap(DayFigures::key, row -> row));
  }

  private static String key(Row row) {
    return row.getString(0) + " " + row.get(1);
  }

  private static final String FIGURES =
      """
      select inst_id, date, min(minute) as first, max(minute) as last, min_by(open, minute) as open, max(high) as high,
             min(low) as low, max_by(close, minute) as close, sum(trade_count) as trades,
             total_exact(base_volume_exact) as volume, total_exact(notional_exact) as notional,
             total_exact(buy_base_volume_exact) as buy_volume,
             ratio_exact(price_notional_exact, notional_exact) as vwap,
             ratio_exact(notional_exact, base_volume_exact) as vwap_base
        from bars_1m where {days} group by inst_id, date order by inst_id, date
      """;

  private static final String SIGMAS =
      """
      select inst_id, date, double(max_by(stddev_session, minute)) from bands_1m
       where {days} group by inst_id, date
      """;

  private static final String AREAS =
      """
      select inst_id, date, max_by(poc_session, minute), max_by(vah_session, minute), max_by(val_session, minute)
        from flow_1m where {days} group by inst_id, date
      """;

  private static final String TAPES =
      """
      select inst_id, date, max(trade_id) - min(trade_id) + 1 - count(*),
             max_by(struct(side, price, base_volume, notional, ts),
                    struct(notional is null, notional, -trade_id)) -- null is more than there is room for
        from trades where {days} group by inst_id, date
      """;

  private static final String REFUSED =
      """
      select inst_id, date, count(*) from (select inst_id, try_cast(left(file, 10) as date) as date from refused_lines)
       where {days} group by inst_id, date
      """;

  private static final String PROVEN =
      "select inst_id, date, complete, missing_ids from completeness where {days}";

  private static final String PROFILE =
      """
      select inst_id, double(lower), double(upper), double(buy_base_volume_exact),
             double(base_volume_exact) - double(buy_base_volume_exact), in_value_area
        from volume_profile where {days} order by inst_id, lower
      """;

  private static final String SIGNALS =
      """
      select inst_id, minute, kind, direction from signals
       where {days} and withdrawn_as_of is null order by inst_id, minute, id
      """;

  private static final String GAPS =
      """
      select inst_id, before, ts, step - 1, gaps, first from (
        select *, row_number() over (partition by inst_id order by step desc, ts) as place,
               count(*) over (partition by inst_id) as gaps, min(before) over (partition by inst_id) as first
          from (select inst_id, ts, lag(ts) over (partition by inst_id order by trade_id) as before,
                       trade_id - lag(trade_id) over (partition by inst_id order by trade_id) as step
                  from trades where {days})
         where step > 1)
       where place <= 300 order by inst_id, ts
      """;
}
