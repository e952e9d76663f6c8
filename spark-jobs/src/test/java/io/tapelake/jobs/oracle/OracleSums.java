package io.tapelake.jobs.oracle;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.Function;

/** The exact sums over some trades, and over the taker buys among them. */
record OracleSums(
    long count,
    long buys,
    BigDecimal base,
    BigDecimal notional,
    BigDecimal priceNotional,
    BigDecimal squaredPriceNotional,
    BigDecimal contracts,
    BigDecimal buyBase,
    BigDecimal buyNotional,
    BigDecimal buyContracts) {

  static final MathContext QUOTIENT = new MathContext(50, RoundingMode.HALF_EVEN);

  static OracleSums of(List<Summand> trades) {
    List<Summand> bought = trades.stream().filter(trade -> trade.trade().buy()).toList();
    return new OracleSums(
        trades.size(),
        bought.size(),
        sum(trades, Summand::base),
        sum(trades, Summand::notional),
        sum(trades, Summand::priceNotional),
        sum(trades, each -> each.trade().price().multiply(each.priceNotional())),
        sum(trades, each -> each.trade().contracts()),
        sum(bought, Summand::base),
        sum(bought, Summand::notional),
        sum(bought, each -> each.trade().contracts()));
  }

  /** A trade with its terms computed. */
  record Summand(
      OracleTrade trade, BigDecimal base, BigDecimal notional, BigDecimal priceNotional) {
    static Summand of(OracleTrade trade) {
      return new Summand(trade, trade.baseVolume(), trade.notional(), trade.priceNotional());
    }

    /** A number with the sign of the taker's side. */
    BigDecimal signed(BigDecimal number) {
      return trade.buy() ? number : number.negate();
    }
  }

  BigDecimal vwap() {
    return quotient(priceNotional, notional);
  }

  BigDecimal vwapBase() {
    return quotient(notional, base);
  }

  /** Taker buys less taker sells. */
  BigDecimal delta(Measure measure) {
    return switch (measure) {
      case BASE -> twice(buyBase).subtract(base);
      case NOTIONAL -> twice(buyNotional).subtract(notional);
      case CONTRACTS -> twice(buyContracts).subtract(contracts);
    };
  }

  long countDelta() {
    return 2 * buys - count;
  }

  /** What signed volume is measured in. */
  enum Measure {
    BASE,
    NOTIONAL,
    CONTRACTS;

    String column() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    BigDecimal of(Summand trade) {
      return switch (this) {
        case BASE -> trade.base();
        case NOTIONAL -> trade.notional();
        case CONTRACTS -> trade.trade().contracts();
      };
    }
  }

  /** Rounded once; null where there is nothing to divide by. */
  static BigDecimal quotient(BigDecimal dividend, BigDecimal divisor) {
    return divisor.signum() == 0 ? null : dividend.divide(divisor, QUOTIENT);
  }

  static BigDecimal sum(List<Summand> trades, Function<Summand, BigDecimal> term) {
    return trades.stream().map(term).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal twice(BigDecimal number) {
    return number.add(number);
  }
}
