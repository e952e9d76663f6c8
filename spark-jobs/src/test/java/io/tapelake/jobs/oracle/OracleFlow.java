package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.decimal38;
import static io.tapelake.jobs.oracle.TableRow.plain;

import io.tapelake.jobs.oracle.OracleConfig.Span;
import io.tapelake.jobs.oracle.OracleSums.Measure;
import io.tapelake.jobs.oracle.OracleSums.Summand;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;

/** The rows of {@code flow_1m} and the export {@code cvd_1m.jsonl}. */
final class OracleFlow {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  private static final int INTERVAL = 5;

  private final OracleTape tape;
  private final List<Span> spans;
  private final Map<Long, MinuteFacts> facts = new HashMap<>();
  private final Map<Long, BigDecimal> amihuds = new TreeMap<>();
  private final Function<List<Long>, OracleValueArea> areas;

  OracleFlow(OracleTape tape) {
    this.tape = tape;
    spans = tape.config().spansWithoutAnchors();
    tape.byMinute()
        .forEach(
            (minute, trades) -> {
              facts.put(minute, MinuteFacts.of(trades));
              BigDecimal amihud = amihud(minute);
              if (amihud != null) {
                amihuds.put(minute, amihud);
              }
            });
    areas = tape.once(OracleFlow::area);
  }

  /** The minute's price move for a million of notional; null in the first minute of history. */
  private BigDecimal amihud(long minute) {
    if (tape.newest(minute - 1).isEmpty()) {
      return null;
    }
    BigDecimal move = logReturn(minute - 1, minute).abs();
    return OracleSums.quotient(move.multiply(MILLION), tape.sums(minute, minute).notional());
  }

  private BigDecimal logReturn(long from, long to) {
    BigDecimal before = tape.newest(from).orElseThrow().price();
    BigDecimal after = tape.newest(to).orElseThrow().price();
    return before.compareTo(after) == 0
        ? BigDecimal.ZERO
        : PreciseMath.ln(after).subtract(PreciseMath.ln(before));
  }

  /** The value area of some trades; null where they have no base volume. */
  static OracleValueArea area(List<Summand> trades) {
    SortedMap<Long, BigDecimal> volumes = new TreeMap<>();
    PriceRow.profile(trades).forEach((number, row) -> volumes.put(number, row.sums().base()));
    return OracleSums.sum(trades, Summand::base).signum() == 0
        ? null
        : OracleValueArea.of(volumes, PriceRow.step(trades));
  }

  List<TableRow> rows() {
    return tape.minutes().stream().map(this::row).toList();
  }

  private TableRow row(long minute) {
    OracleSums own = tape.sums(minute, minute);
    MinuteFacts fact = facts.getOrDefault(minute, MinuteFacts.of(List.of()));
    TableRow row =
        new TableRow()
            .with("inst_id", tape.instrument())
            .with("minute", OracleTape.start(minute))
            .with("date", OracleTape.day(minute))
            .with("close", decimal38(tape.newest(minute).orElseThrow().price()))
            .with("trade_count", own.count())
            .decimal("notional", own.notional());
    signedVolumes(minute).forEach(row::decimal);
    imbalances(row, "", own);
    spans.forEach(span -> imbalances(row, "_" + span.name(), sums(span, minute)));
    row.with("sweeps", fact.sweeps())
        .with("most_levels", fact.mostLevels())
        .decimal("sweep_notional", fact.sweepNotional())
        .about("widest_sweep_bps", fact.widestSweepBps())
        .decimal("largest_notional", fact.largestNotional())
        .with("active_seconds", fact.activeSeconds())
        .about("amihud", amihuds.get(minute));
    for (Span span : spans) {
      BigDecimal amihud = meanAmihud(span.from(minute), minute);
      row.about("amihud_" + span.name(), amihud);
      OracleValueArea area = areas.apply(List.of(span.from(minute), minute));
      valueArea(row, "_" + span.name(), area, tape.trades(span.from(minute), minute));
    }
    kyle(row, minute, 60);
    kyle(row, minute, 240);
    return row;
  }

  private OracleSums sums(Span span, long minute) {
    return tape.sums(span.from(minute), minute);
  }

  private static void imbalances(TableRow row, String ending, OracleSums sums) {
    row.about("imbalance_base" + ending, OracleSums.quotient(sums.delta(Measure.BASE), sums.base()))
        .about(
            "imbalance_notional" + ending,
            OracleSums.quotient(sums.delta(Measure.NOTIONAL), sums.notional()))
        .about(
            "imbalance_count" + ending,
            OracleSums.quotient(
                BigDecimal.valueOf(sums.countDelta()), BigDecimal.valueOf(sums.count())));
  }

  /** The mean over the minutes that have one. */
  private BigDecimal meanAmihud(long from, long to) {
    BigDecimal sum = BigDecimal.ZERO;
    long count = 0;
    for (long minute : tape.byMinute().subMap(from, to + 1).keySet()) {
      if (amihuds.containsKey(minute)) {
        sum = sum.add(amihuds.get(minute));
        count++;
      }
    }
    return OracleSums.quotient(sum, BigDecimal.valueOf(count));
  }

  /** As prices: the middle of the point of control, the outer edges of the area. */
  static void valueArea(TableRow row, String ending, OracleValueArea area, List<Summand> trades) {
    if (area == null) {
      row.with("poc" + ending, null).with("val" + ending, null).with("vah" + ending, null);
      return;
    }
    BigDecimal step = PriceRow.step(trades);
    PriceRow poc = PriceRow.of(area.poc());
    boolean isOnePrice = poc.upper().subtract(poc.lower()).compareTo(step) < 0;
    row.decimal(
            "poc" + ending,
            isOnePrice ? poc.atLeast(step).lower() : half(poc.lower().add(poc.upper())))
        .decimal("val" + ending, PriceRow.of(area.low()).atLeast(step).lower())
        .decimal("vah" + ending, PriceRow.of(area.high()).atLeast(step).upper());
  }

  private static BigDecimal half(BigDecimal number) {
    return number.divide(BigDecimal.valueOf(2), OracleSums.QUOTIENT);
  }

  /** One observation of the regression of returns on signed root flow. */
  private record Observation(BigDecimal flow, BigDecimal logReturn) {}

  private final Map<Long, Observation> observations = new HashMap<>();

  private Observation observation(long end) {
    if (tape.newest(end - INTERVAL).isEmpty()) {
      return null;
    }
    return observations.computeIfAbsent(
        end,
        to -> {
          BigDecimal flow =
              LongStream.rangeClosed(to - INTERVAL + 1, to)
                  .filter(facts::containsKey)
                  .mapToObj(minute -> facts.get(minute).rootFlow())
                  .reduce(BigDecimal.ZERO, BigDecimal::add);
          return new Observation(flow, logReturn(to - INTERVAL, to));
        });
  }

  /** Ordinary least squares around the means, over the intervals that end with the minute. */
  private void kyle(TableRow row, long minute, int length) {
    List<Observation> used = new ArrayList<>();
    for (long end = minute; end > minute - length; end -= INTERVAL) {
      Observation observation = observation(end);
      if (observation != null) {
        used.add(observation);
      }
    }
    // All sums are times n or n², so that nothing is divided before the end.
    BigDecimal n = BigDecimal.valueOf(used.size());
    BigDecimal flows = sum(used, Observation::flow);
    BigDecimal returns = sum(used, Observation::logReturn);
    BigDecimal varianceX = sum(used, each -> square(n.multiply(each.flow()).subtract(flows)));
    BigDecimal varianceY =
        sum(used, each -> square(n.multiply(each.logReturn()).subtract(returns)));
    BigDecimal covariance =
        sum(
            used,
            each ->
                n.multiply(each.flow())
                    .subtract(flows)
                    .multiply(n.multiply(each.logReturn()).subtract(returns)));
    String ending = "_" + length + "m";
    row.with("kyle_n" + ending, (long) used.size())
        .about("kyle_lambda" + ending, OracleSums.quotient(covariance, varianceX))
        .about(
            "kyle_r2" + ending,
            OracleSums.quotient(square(covariance), varianceX.multiply(varianceY)));
  }

  private static BigDecimal square(BigDecimal number) {
    return number.multiply(number);
  }

  private static BigDecimal sum(
      List<Observation> observations, Function<Observation, BigDecimal> term) {
    return observations.stream().map(term).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Signed volume by column, in the export's order. */
  private Map<String, BigDecimal> signedVolumes(long minute) {
    Map<String, BigDecimal> volumes = new java.util.LinkedHashMap<>();
    MinuteFacts fact = facts.getOrDefault(minute, MinuteFacts.of(List.of()));
    for (Measure measure : Measure.values()) {
      String name = measure.name().toLowerCase(Locale.ROOT);
      volumes.put("delta_" + name, tape.sums(minute, minute).delta(measure));
      volumes.put("delta_" + name + "_high", fact.highs().get(measure));
      volumes.put("delta_" + name + "_low", fact.lows().get(measure));
      for (Span span : spans) {
        volumes.put("cvd_" + span.name() + "_" + name, sums(span, minute).delta(measure));
      }
    }
    return volumes;
  }

  private static String quoted(String text) {
    return text == null ? "null" : "\"" + text + "\"";
  }

  byte[] export() {
    StringBuilder lines = new StringBuilder();
    for (long minute : tape.minutes()) {
      lines.append(OracleInstrument.lineStart(tape.instrument(), minute));
      signedVolumes(minute)
          .forEach(
              (key, volume) ->
                  lines
                      .append(",\"")
                      .append(key)
                      .append("\":")
                      .append(quoted(plain(decimal38(volume)))));
      lines.append("}\n");
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
