package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.plain;

import io.tapelake.jobs.oracle.OracleSums.Measure;
import io.tapelake.jobs.oracle.OracleSums.Summand;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a minute's trades tell one by one, in the order of event time and id.
 *
 * @param highs the highest value of the running delta, which begins at 0, by measure
 * @param lows the lowest
 * @param rootFlow Σ ±√notional, each root rounded to 18 decimals
 * @param rootSize Σ √notional, which says how exact that sum can be
 */
record MinuteFacts(
    SortedMap<Measure, BigDecimal> highs,
    SortedMap<Measure, BigDecimal> lows,
    long sweeps,
    long mostLevels,
    BigDecimal sweepNotional,
    BigDecimal widestSweepBps,
    BigDecimal largestNotional,
    long activeSeconds,
    BigDecimal rootFlow,
    BigDecimal rootSize) {

  private static final BigDecimal BPS = BigDecimal.valueOf(10_000);

  static MinuteFacts of(List<Summand> trades) {
    SortedMap<Measure, BigDecimal> highs = new TreeMap<>();
    SortedMap<Measure, BigDecimal> lows = new TreeMap<>();
    for (Measure measure : Measure.values()) {
      BigDecimal delta = BigDecimal.ZERO;
      highs.put(measure, delta);
      lows.put(measure, delta);
      for (Summand trade : trades) {
        delta = delta.add(trade.signed(measure.of(trade)));
        highs.merge(measure, delta, BigDecimal::max);
        lows.merge(measure, delta, BigDecimal::min);
      }
    }
    List<List<Summand>> runs = runs(trades);
    List<List<Summand>> sweeps = runs.stream().filter(run -> levels(run) >= 2).toList();
    return new MinuteFacts(
        highs,
        lows,
        sweeps.size(),
        runs.stream().mapToLong(MinuteFacts::levels).max().orElse(0),
        sweeps.stream()
            .map(run -> OracleSums.sum(run, Summand::notional))
            .reduce(BigDecimal.ZERO, BigDecimal::add),
        runs.stream().map(MinuteFacts::bps).reduce(BigDecimal.ZERO, BigDecimal::max),
        trades.stream().map(Summand::notional).reduce(BigDecimal.ZERO, BigDecimal::max),
        trades.stream().map(trade -> trade.trade().time().getEpochSecond()).distinct().count(),
        OracleSums.sum(trades, trade -> trade.signed(root(trade))),
        OracleSums.sum(trades, MinuteFacts::root));
  }

  private static BigDecimal root(Summand trade) {
    return PreciseMath.root(trade.notional()).setScale(18, RoundingMode.HALF_EVEN);
  }

  /** Consecutive trades of one side in the same millisecond. */
  private static List<List<Summand>> runs(List<Summand> trades) {
    List<List<Summand>> runs = new ArrayList<>();
    for (Summand trade : trades) {
      List<Summand> last = runs.isEmpty() ? List.of() : runs.get(runs.size() - 1);
      if (!last.isEmpty()
          && millisecond(last.get(0)).equals(millisecond(trade))
          && last.get(0).trade().buy() == trade.trade().buy()) {
        last.add(trade);
      } else {
        runs.add(new ArrayList<>(List.of(trade)));
      }
    }
    return runs;
  }

  private static Instant millisecond(Summand trade) {
    return trade.trade().time().truncatedTo(ChronoUnit.MILLIS);
  }

  private static long levels(List<Summand> run) {
    return run.stream().map(trade -> plain(trade.trade().price())).distinct().count();
  }

  private static BigDecimal bps(List<Summand> run) {
    BigDecimal first = run.get(0).trade().price();
    BigDecimal last = run.get(run.size() - 1).trade().price();
    return OracleSums.quotient(last.subtract(first).abs().multiply(BPS), first);
  }

  /** The columns of {@code bars_1m} that tell these; all of them NULL without trades. */
  static TableRow addTo(TableRow row, List<Summand> trades) {
    boolean none = trades.isEmpty();
    MinuteFacts facts = of(trades);
    for (Measure measure : Measure.values()) {
      String name = "delta_" + measure.column();
      BigDecimal high = none ? null : facts.highs.get(measure);
      BigDecimal low = none ? null : facts.lows.get(measure);
      if (measure == Measure.CONTRACTS) {
        row.with(name + "_high", TableRow.decimal38(high));
        row.with(name + "_low", TableRow.decimal38(low));
      } else {
        row.exact(name + "_high", high).exact(name + "_low", low);
      }
    }
    return row.with("sweeps", none ? null : facts.sweeps)
        .with("most_levels", none ? null : facts.mostLevels)
        .exact("sweep_notional", none ? null : facts.sweepNotional)
        .about("widest_sweep_bps", none ? null : facts.widestSweepBps)
        .decimal("price_step", none ? null : PriceRow.step(trades))
        .exact("largest_notional", none ? null : facts.largestNotional)
        .with("active_seconds", none ? null : facts.activeSeconds)
        .about("root_flow", none ? null : facts.rootFlow, facts.rootSize)
        .about("root_flow_exact", none ? null : facts.rootFlow, facts.rootSize)
        .with("profile_exact", none ? null : profile(trades));
  }

  private static String profile(List<Summand> trades) {
    return PriceRow.profile(trades).entrySet().stream()
        .map(MinuteFacts::bucket)
        .collect(Collectors.joining(";"));
  }

  private static String bucket(Map.Entry<Long, PriceRow.Volume> row) {
    OracleSums sums = row.getValue().sums();
    return row.getKey()
        + " "
        + sums.count()
        + " "
        + plain(sums.base())
        + " "
        + plain(sums.buyBase());
  }
}
