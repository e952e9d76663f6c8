package io.tapelake.analytics.bar;

import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** A minute's flow as it is defined, figure by figure, with nothing but BigDecimals. */
public final class FlowByDefinition {

  private static final MathContext DIGITS = new MathContext(80);

  private FlowByDefinition() {}

  /** The flow of a minute's trades, in order. */
  static MinuteFlow of(List<Trade> trades) {
    List<List<Trade>> runs = runs(trades);
    List<List<Trade>> sweeps = runs.stream().filter(run -> prices(run).size() > 1).toList();
    Set<Long> seconds = new HashSet<>();
    trades.forEach(trade -> seconds.add(trade.time().getEpochSecond()));
    return new MinuteFlow(
        extremes(trades, FlowByDefinition::base),
        extremes(trades, FlowByDefinition::notional),
        extremes(trades, Trade::contracts),
        sweeps.size(),
        runs.stream().mapToLong(run -> prices(run).size()).max().orElseThrow(),
        sweeps.stream()
            .flatMap(List::stream)
            .map(FlowByDefinition::notional)
            .reduce(BigDecimal.ZERO, BigDecimal::add),
        runs.stream()
            .map(FlowByDefinition::bps)
            .reduce(BigDecimal::max)
            .orElseThrow()
            .doubleValue(),
        trades.stream().map(FlowByDefinition::notional).reduce(BigDecimal::max).orElseThrow(),
        seconds.size(),
        trades.stream()
            .map(trade -> signed(trade, root(trade)))
            .reduce(BigDecimal.ZERO, BigDecimal::add),
        step(trades),
        profile(trades));
  }

  private static List<List<Trade>> runs(List<Trade> trades) {
    List<List<Trade>> runs = new ArrayList<>();
    Trade before = null;
    for (Trade trade : trades) {
      if (before == null
          || before.side() != trade.side()
          || before.time().toEpochMilli() != trade.time().toEpochMilli()) {
        runs.add(new ArrayList<>());
      }
      runs.get(runs.size() - 1).add(trade);
      before = trade;
    }
    return runs;
  }

  private static Set<BigDecimal> prices(List<Trade> run) {
    Set<BigDecimal> prices = new TreeSet<>();
    run.forEach(trade -> prices.add(trade.price()));
    return prices;
  }

  private static BigDecimal bps(List<Trade> run) {
    BigDecimal first = run.get(0).price();
    BigDecimal last = run.get(run.size() - 1).price();
    return last.subtract(first).abs().multiply(new BigDecimal("1e4")).divide(first, DIGITS);
  }

  private static Extremes extremes(List<Trade> trades, Function<Trade, BigDecimal> amount) {
    BigDecimal delta = BigDecimal.ZERO;
    BigDecimal high = delta;
    BigDecimal low = delta;
    for (Trade trade : trades) {
      delta = delta.add(signed(trade, amount.apply(trade)));
      high = high.max(delta);
      low = low.min(delta);
    }
    return new Extremes(high, low);
  }

  /** The largest of 5, 2 and 1 units of the last digit other than 0 that divides all prices. */
  public static BigDecimal step(List<Trade> trades) {
    int decimals =
        trades.stream()
            .mapToInt(trade -> trade.price().stripTrailingZeros().scale())
            .max()
            .orElseThrow();
    for (int units : new int[] {5, 2}) {
      BigDecimal step = BigDecimal.valueOf(units, decimals);
      if (trades.stream().allMatch(trade -> trade.price().remainder(step).signum() == 0)) {
        return step;
      }
    }
    return BigDecimal.valueOf(1, decimals);
  }

  private static List<BucketVolume> profile(List<Trade> trades) {
    Map<Long, BucketVolume> profile = new TreeMap<>();
    for (Trade trade : trades) {
      long bucket = PriceBucket.of(trade.price());
      BucketVolume before = profile.get(bucket);
      BigDecimal bought = trade.side() == TakerSide.BUY ? base(trade) : BigDecimal.ZERO;
      profile.put(
          bucket,
          before == null
              ? new BucketVolume(bucket, 1, base(trade), bought)
              : new BucketVolume(
                  bucket,
                  before.tradeCount() + 1,
                  before.baseVolume().add(base(trade)),
                  before.buyBaseVolume().add(bought)));
    }
    return List.copyOf(profile.values());
  }

  private static BigDecimal root(Trade trade) {
    double root = Math.sqrt(Double.parseDouble(notional(trade).toString()));
    return new BigDecimal(root).setScale(18, RoundingMode.HALF_EVEN);
  }

  private static BigDecimal signed(Trade trade, BigDecimal amount) {
    return trade.side() == TakerSide.BUY ? amount : amount.negate();
  }

  private static BigDecimal base(Trade trade) {
    return trade.contract().baseVolume(trade.contracts(), trade.price());
  }

  private static BigDecimal notional(Trade trade) {
    return trade.contract().notional(trade.contracts(), trade.price());
  }
}
