package io.tapelake.jobs.oracle;

import io.tapelake.jobs.oracle.OracleSums.Summand;
import java.math.BigDecimal;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A row of a volume profile: the prices from one edge up to, not including, the next. Edges are
 * 1.0000 to 1.9998 in steps of 0.0002, 2.0000 to 4.9995 in steps of 0.0005, and 5.000 to 9.999 in
 * steps of 0.001, times a power of ten; rows count from 0 at the price 1.
 *
 * @param number ascending with the price, without gaps
 */
record PriceRow(long number, BigDecimal lower, BigDecimal upper) {

  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final BigDecimal FIVE = BigDecimal.valueOf(5);

  static PriceRow of(BigDecimal price) {
    int decade = 0;
    BigDecimal digits = price;
    while (digits.compareTo(BigDecimal.TEN) >= 0) {
      digits = digits.movePointLeft(1);
      decade++;
    }
    while (digits.compareTo(BigDecimal.ONE) < 0) {
      digits = digits.movePointRight(1);
      decade--;
    }
    if (digits.compareTo(TWO) < 0) {
      return of(digits, decade, BigDecimal.ONE, "0.0002", 0);
    } else if (digits.compareTo(FIVE) < 0) {
      return of(digits, decade, TWO, "0.0005", 5_000);
    }
    return of(digits, decade, FIVE, "0.001", 11_000);
  }

  private static PriceRow of(
      BigDecimal digits, int decade, BigDecimal start, String step, long before) {
    BigDecimal width = new BigDecimal(step);
    long steps = digits.subtract(start).divideToIntegralValue(width).longValueExact();
    BigDecimal lower = start.add(width.multiply(BigDecimal.valueOf(steps)));
    return new PriceRow(
        16_000L * decade + before + steps,
        lower.scaleByPowerOfTen(decade),
        lower.add(width).scaleByPowerOfTen(decade));
  }

  /** The row of a number. */
  static PriceRow of(long number) {
    int decade = (int) Math.floorDiv(number, 16_000L);
    long steps = Math.floorMod(number, 16_000L);
    BigDecimal lower =
        steps < 5_000
            ? BigDecimal.ONE.add(new BigDecimal("0.0002").multiply(BigDecimal.valueOf(steps)))
            : steps < 11_000
                ? TWO.add(new BigDecimal("0.0005").multiply(BigDecimal.valueOf(steps - 5_000)))
                : FIVE.add(new BigDecimal("0.001").multiply(BigDecimal.valueOf(steps - 11_000)));
    return of(lower.scaleByPowerOfTen(decade));
  }

  /**
   * How far apart prices are at least: the largest of 1, 2 and 5 units of the last digit other than
   * 0 that any has, which all are multiples of.
   */
  static BigDecimal step(List<Summand> trades) {
    int decimals = Integer.MIN_VALUE;
    for (Summand trade : trades) {
      decimals = Math.max(decimals, trade.trade().price().stripTrailingZeros().scale());
    }
    BigDecimal step = BigDecimal.ZERO;
    for (int units : new int[] {1, 2, 5}) {
      BigDecimal unit = BigDecimal.valueOf(units, decimals);
      if (trades.stream().allMatch(each -> isMultiple(each.trade().price(), unit))) {
        step = unit;
      }
    }
    return step;
  }

  private static boolean isMultiple(BigDecimal price, BigDecimal step) {
    return price.remainder(step).signum() == 0;
  }

  /** Whether a multiple of a step is in the row. */
  boolean holds(BigDecimal step) {
    return firstMultiple(step).compareTo(upper) < 0;
  }

  /** The same row, as wide as a step when it is narrower. */
  PriceRow atLeast(BigDecimal step) {
    return upper.subtract(lower).compareTo(step) >= 0
        ? this
        : new PriceRow(number, firstMultiple(step), firstMultiple(step).add(step));
  }

  private BigDecimal firstMultiple(BigDecimal step) {
    return lower.divide(step, 0, java.math.RoundingMode.CEILING).multiply(step);
  }

  /** What was traded in a row. */
  record Volume(PriceRow row, OracleSums sums) {}

  /** The rows in which there were trades, ascending. */
  static SortedMap<Long, Volume> profile(List<Summand> trades) {
    SortedMap<Long, List<Summand>> rows = new TreeMap<>();
    for (Summand trade : trades) {
      rows.computeIfAbsent(of(trade.trade().price()).number(), row -> new java.util.ArrayList<>())
          .add(trade);
    }
    SortedMap<Long, Volume> profile = new TreeMap<>();
    rows.forEach(
        (number, each) ->
            profile.put(number, new Volume(of(each.get(0).trade().price()), OracleSums.of(each))));
    return profile;
  }
}
