package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.decimal38;

import io.tapelake.jobs.oracle.OracleConfig.Span;
import io.tapelake.jobs.oracle.OracleSums.Summand;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The rows of {@code bands_1m}, from sums over the single trades. */
final class OracleBands {

  private static final BigDecimal BPS = BigDecimal.valueOf(10_000);

  private final OracleTape tape;
  private final Map<String, Function<List<Long>, Spread>> spreads = new HashMap<>();

  /** How prices are spread around their mean: Σw, Σpw and Σw²·variance. */
  private record Spread(BigDecimal weight, BigDecimal weighted, BigDecimal variance) {
    static Spread of(List<Summand> trades, boolean byBase) {
      Function<Summand, BigDecimal> weight = byBase ? Summand::base : Summand::notional;
      // The textbook VWAP is turnover over volume: a price times its weight is the notional, which
      // for inverse contracts is what rounding left of p·q.
      Function<Summand, BigDecimal> weighted = byBase ? Summand::notional : Summand::priceNotional;
      BigDecimal sum = OracleSums.sum(trades, weight);
      if (sum.signum() == 0) {
        return null;
      }
      BigDecimal all = OracleSums.sum(trades, weighted);
      BigDecimal squares =
          OracleSums.sum(trades, each -> weighted.apply(each).multiply(each.trade().price()));
      BigDecimal variance = squares.multiply(sum).subtract(all.multiply(all));
      // Coins that were rounded are off by half of 10^-24 each; less than that is no spread.
      BigDecimal noise = squares.multiply(BigDecimal.valueOf(5L * trades.size(), 25));
      boolean isInverse = byBase && trades.stream().anyMatch(each -> each.trade().inverse());
      boolean isNone = variance.compareTo(isInverse ? noise : BigDecimal.ZERO) <= 0;
      return new Spread(sum, all, isNone ? BigDecimal.ZERO : variance);
    }
  }

  OracleBands(OracleTape tape) {
    this.tape = tape;
    spreads.put("", tape.once(trades -> Spread.of(trades, false)));
    spreads.put("_base", tape.once(trades -> Spread.of(trades, true)));
  }

  List<TableRow> rows() {
    return tape.minutes().stream().map(this::row).toList();
  }

  private TableRow row(long minute) {
    BigDecimal close = tape.newest(minute).orElseThrow().price();
    TableRow row =
        new TableRow()
            .with("inst_id", tape.instrument())
            .with("minute", OracleTape.start(minute))
            .with("date", OracleTape.day(minute))
            .with("close", decimal38(close));
    for (Span span : tape.config().spans()) {
      spreads.forEach(
          (kind, spread) ->
              add(
                  row,
                  kind + "_" + span.name(),
                  spread.apply(List.of(span.from(minute), minute)),
                  close));
    }
    return row;
  }

  private static void add(TableRow row, String ending, Spread spread, BigDecimal close) {
    if (spread == null) {
      row.with("stddev" + ending, null)
          .with("deviation_bps" + ending, null)
          .with("z" + ending, null);
      return;
    }
    BigDecimal root = PreciseMath.root(spread.variance());
    BigDecimal distance = close.multiply(spread.weight()).subtract(spread.weighted());
    row.about("stddev" + ending, OracleSums.quotient(root, spread.weight()))
        .about(
            "deviation_bps" + ending,
            OracleSums.quotient(distance.multiply(BPS), spread.weighted()))
        .about("z" + ending, OracleSums.quotient(distance, root));
  }
}
