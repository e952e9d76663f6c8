package io.tapelake.jobs.derive;

import io.tapelake.analytics.window.InstrumentMinutes.Queried;
import io.tapelake.analytics.window.VwapSums;
import io.tapelake.analytics.window.WindowSpec;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The sums of VWAP as columns of a query. An exact sum has no SQL type, so it travels as integer
 * limbs of 48 bits in BIGINT columns; a frame adds fewer than 2^15 of them, so that a limb's sum
 * stays below 2^63, and a larger one would be an error of Spark's, not a wrong number.
 *
 * <p>The window of W minutes at minute M covers M−(W−1) … M, which is what a RANGE frame up to M
 * holds and one up to W minutes before does not. Both only grow, so that Spark adds each minute
 * once, where a frame with a moving beginning is summed anew for each row.
 */
final class MinuteSums implements Serializable {

  private static final long serialVersionUID = 1;

  static final long MICROS_A_MINUTE = 60_000_000L;

  /** The sums, each of one or more limbs. */
  static final List<String> SUMS = List.of("price_notional", "notional", "base_volume");

  private static final String COUNT = "trade_count";

  private final int[] limbs;
  private final int width;

  MinuteSums(int[] limbs) {
    this.limbs = limbs.clone();
    width = 1 + Arrays.stream(limbs).sum();
  }

  /** The columns' names. */
  static List<String> columns(int[] limbs) {
    List<String> columns = new ArrayList<>(List.of(COUNT));
    for (int sum = 0; sum < limbs.length; sum++) {
      for (int limb = 0; limb < limbs[sum]; limb++) {
        columns.add(SUMS.get(sum) + "_" + limb);
      }
    }
    return columns;
  }

  /** How many columns there are. */
  int width() {
    return width;
  }

  /** Puts a minute's values into a row; zeros where it has no trades. */
  void put(VwapSums minute, int[] decimals, Object[] row, int from) {
    int next = from;
    row[next++] = minute == null ? 0L : minute.tradeCount();
    for (int sum = 0; sum < limbs.length; sum++) {
      BigInteger integer =
          minute == null
              ? BigInteger.ZERO
              : sum(minute, sum).setScale(decimals[sum]).unscaledValue();
      for (int limb = 0; limb < limbs[sum]; limb++) {
        row[next++] = Limbs.limb(integer, limb);
      }
    }
  }

  private static BigDecimal sum(VwapSums minute, int sum) {
    return switch (sum) {
      case 0 -> minute.priceNotional();
      case 1 -> minute.notional();
      default -> minute.baseVolume();
    };
  }

  /**
   * What a query has to select: the minute as it is, the sums up to it, and for each window those
   * up to where it begins.
   */
  List<String> select(List<WindowSpec> windows) {
    List<String> select =
        new ArrayList<>(
            List.of(
                DenseMinutes.UNIT, DenseMinutes.INSTRUMENT, DenseMinutes.MINUTE, DenseMinutes.BAR));
    for (String column : columns(limbs)) {
      select.add(upTo("CURRENT ROW", column) + " AS " + column);
    }
    for (WindowSpec window : windows) {
      String bound = "INTERVAL %d MINUTES PRECEDING".formatted(window.minutes());
      for (String column : columns(limbs)) {
        select.add(
            "COALESCE(%s, 0) AS %s_before_%s"
                .formatted(upTo(bound, column), column, window.name()));
      }
    }
    return select;
  }

  private static String upTo(String bound, String column) {
    return "SUM(%s) OVER (PARTITION BY %s, %s ORDER BY %s RANGE BETWEEN UNBOUNDED PRECEDING AND %s)"
        .formatted(column, DenseMinutes.UNIT, DenseMinutes.INSTRUMENT, DenseMinutes.MINUTE, bound);
  }

  /** The sums that a row of the query tells, read from it when they are asked for. */
  Queried queried(InternalRow row, int from, int[] decimals) {
    return new Queried() {

      @Override
      public VwapSums total() {
        return sums(row, from, decimals);
      }

      @Override
      public VwapSums before(int window) {
        return sums(row, from + (1 + window) * width, decimals);
      }
    };
  }

  private VwapSums sums(InternalRow row, int from, int[] decimals) {
    int next = from;
    long count = row.getLong(next++);
    BigDecimal[] sums = new BigDecimal[limbs.length];
    for (int sum = 0; sum < limbs.length; sum++) {
      long[] parts = new long[limbs[sum]];
      for (int limb = 0; limb < parts.length; limb++) {
        parts[limb] = row.getLong(next++);
      }
      sums[sum] = new BigDecimal(Limbs.join(parts), decimals[sum]);
    }
    return new VwapSums(count, sums[0], sums[1], sums[2]);
  }
}
