package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.decimal38;

import io.tapelake.jobs.oracle.OracleSums.Measure;
import io.tapelake.jobs.oracle.OracleSums.Summand;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a report has to tell of an instrument's day with trades.
 *
 * @param figures by the names that the page gives them, with {@code change_percent}, and {@code
 *     largest_volume} and {@code largest_price} beside {@code largest}; null where there is none
 * @param largestSide of the day's largest trade by notional as the table has it, of several the one
 *     with the smallest id
 * @param isCertified null without a certificate
 */
public record OracleReport(
    String instrument,
    LocalDate day,
    Map<String, BigDecimal> figures,
    String largestSide,
    Instant largestTime,
    Boolean isCertified) {

  private static final List<String> AREA = List.of("poc", "vah", "val");

  static OracleReport of(
      OracleTape tape, long firstMinute, long refused, MadeVault.Certified certificate) {
    List<Summand> trades = tape.trades(firstMinute, firstMinute + 1_439);
    OracleSums sums = OracleSums.of(trades);
    BigDecimal open = trades.get(0).trade().price();
    BigDecimal close = trades.get(trades.size() - 1).trade().price();
    BigDecimal change = close.subtract(open);
    Map<String, BigDecimal> figures = new HashMap<>();
    figures.put("open", open);
    figures.put("high", extreme(trades, Comparator.naturalOrder()));
    figures.put("low", extreme(trades, Comparator.reverseOrder()));
    figures.put("close", close);
    figures.put("change", change);
    figures.put("change_percent", OracleSums.quotient(change.movePointRight(2), open));
    figures.put("volume", sums.base());
    figures.put("notional", sums.notional());
    figures.put("vwap", sums.vwap());
    figures.put("vwap_base", sums.vwapBase());
    figures.put(
        "deviation_bps",
        OracleSums.quotient(
            close.multiply(sums.notional()).subtract(sums.priceNotional()).movePointRight(4),
            sums.priceNotional()));
    figures.put("cvd", sums.delta(Measure.BASE));
    figures.put("trades", BigDecimal.valueOf(sums.count()));
    figures.put("refused", BigDecimal.valueOf(refused));
    figures.put("missing", missing(trades, certificate));
    figures.put("sigma", sigma(trades, sums));
    TableRow area = new TableRow();
    OracleFlow.valueArea(area, "", OracleFlow.area(trades), trades);
    AREA.forEach(name -> figures.put(name, area.number(name)));
    Summand largest =
        trades.stream()
            .max(
                Comparator.comparing(
                        (Summand each) -> decimal38(each.notional()),
                        Comparator.nullsLast(Comparator.naturalOrder()))
                    .thenComparing(each -> -each.trade().id()))
            .orElseThrow();
    figures.put("largest", decimal38(largest.notional()));
    figures.put("largest_volume", decimal38(largest.base()));
    figures.put("largest_price", largest.trade().price());
    return new OracleReport(
        tape.instrument(),
        OracleTape.day(firstMinute),
        figures,
        largest.trade().buy() ? "buy" : "sell",
        largest.trade().time(),
        certificate == null ? null : certificate.isComplete());
  }

  private static BigDecimal extreme(List<Summand> trades, Comparator<BigDecimal> order) {
    return trades.stream().map(each -> each.trade().price()).max(order).orElseThrow();
  }

  /** What a certificate says, or else the ids between the day's own that are not there. */
  private static BigDecimal missing(List<Summand> trades, MadeVault.Certified certificate) {
    if (certificate != null && certificate.missing() != null) {
      return BigDecimal.valueOf(certificate.missing());
    }
    long[] ids = trades.stream().mapToLong(each -> each.trade().id()).sorted().toArray();
    return BigDecimal.valueOf(ids[ids.length - 1] - ids[0] + 1 - ids.length);
  }

  /** √(Σ(p − VWAP)²w / Σw), weighted by notional. */
  private static BigDecimal sigma(List<Summand> trades, OracleSums sums) {
    BigDecimal spread =
        sums.squaredPriceNotional()
            .multiply(sums.notional())
            .subtract(sums.priceNotional().multiply(sums.priceNotional()));
    return OracleSums.quotient(PreciseMath.root(spread), sums.notional());
  }
}
