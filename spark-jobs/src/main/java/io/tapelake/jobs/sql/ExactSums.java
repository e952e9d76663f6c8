package io.tapelake.jobs.sql;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.UDFRegistration;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/**
 * Aggregates that stay exact, for people's own queries, also over windows: numbers are taken as
 * their text and added as BigDecimals of any length, and a quotient is rounded once. A group holds
 * two numbers, whatever its size.
 *
 * <ul>
 *   <li>{@code total(x)}: Σx, DECIMAL(38,18)
 *   <li>{@code ratio(x, y)}: Σx / Σy of the rows that have both
 *   <li>{@code vwap(price, weight)}: Σ(price · weight) / Σ(weight)
 *   <li>{@code total_exact}, {@code ratio_exact}, {@code vwap_exact}: the same as text, the sum
 *       itself or the quotient's 50 digits
 *   <li>{@code bar_number(amount, size)}, over rows in their order only: see {@link BarNumber}
 * </ul>
 *
 * All are NULL where there is nothing to add or nothing to divide by, and DECIMALs where the number
 * does not fit.
 */
public final class ExactSums {

  private static final MathContext FIFTY_DIGITS = new MathContext(50, RoundingMode.HALF_EVEN);
  private static final int SCALE = 18;
  private static final int PRECISION = 38;

  private ExactSums() {}

  /** Makes them known to a session. */
  static void register(SparkSession spark) {
    Encoder<Tuple2<String, String>> two = Encoders.tuple(Encoders.STRING(), Encoders.STRING());
    UDFRegistration known = spark.udf();
    for (boolean asText : new boolean[] {false, true}) {
      String suffix = asText ? "_exact" : "";
      known.register("total" + suffix, functions.udaf(new Total(asText), Encoders.STRING()));
      known.register("ratio" + suffix, functions.udaf(new Ratio(false, asText), two));
      known.register("vwap" + suffix, functions.udaf(new Ratio(true, asText), two));
    }
    known.register("bar_number", functions.udaf(new BarNumber(), two));
  }

  /** Two sums; null where nothing was added yet. */
  public record Sums(BigDecimal above, BigDecimal below) implements Serializable {

    Sums plus(BigDecimal more, BigDecimal moreBelow) {
      return new Sums(sum(above, more), sum(below, moreBelow));
    }

    private static BigDecimal sum(BigDecimal one, BigDecimal other) {
      return one == null ? other : other == null ? one : one.add(other);
    }
  }

  /** What all of them do. */
  private abstract static class Exact<I> extends Aggregator<I, Sums, Object> {
    private static final long serialVersionUID = 1L;

    private final boolean asText;

    Exact(boolean asText) {
      this.asText = asText;
    }

    /** The number that sums stand for; null where there is none. */
    abstract BigDecimal value(Sums sums);

    @Override
    public Sums zero() {
      return new Sums(null, null);
    }

    @Override
    public Sums merge(Sums one, Sums other) {
      return one.plus(other.above, other.below);
    }

    @Override
    public Object finish(Sums sums) {
      BigDecimal value = value(sums);
      if (value == null) {
        return null;
      }
      if (asText) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
      }
      BigDecimal rounded = value.setScale(SCALE, RoundingMode.HALF_EVEN);
      return rounded.precision() > PRECISION ? null : rounded;
    }

    @Override
    public Encoder<Sums> bufferEncoder() {
      return Encoders.javaSerialization(Sums.class);
    }

    @Override
    @SuppressWarnings("unchecked") // the two kinds of results have no nearer type in common
    public Encoder<Object> outputEncoder() {
      Encoder<?> encoder = asText ? Encoders.STRING() : Encoders.DECIMAL();
      return (Encoder<Object>) encoder;
    }
  }

  private static final class Total extends Exact<String> {
    private static final long serialVersionUID = 1L;

    Total(boolean asText) {
      super(asText);
    }

    @Override
    public Sums reduce(Sums sums, String number) {
      return number == null ? sums : sums.plus(new BigDecimal(number), null);
    }

    @Override
    BigDecimal value(Sums sums) {
      return sums.above;
    }
  }

  /** Σx / Σy, or Σxy / Σy. */
  private static final class Ratio extends Exact<Tuple2<String, String>> {
    private static final long serialVersionUID = 1L;

    private final boolean weighted;

    Ratio(boolean weighted, boolean asText) {
      super(asText);
      this.weighted = weighted;
    }

    @Override
    public Sums reduce(Sums sums, Tuple2<String, String> row) {
      if (row._1() == null || row._2() == null) {
        return sums;
      }
      BigDecimal x = new BigDecimal(row._1());
      BigDecimal y = new BigDecimal(row._2());
      return sums.plus(weighted ? x.multiply(y) : x, y);
    }

    @Override
    BigDecimal value(Sums sums) {
      return sums.below == null || sums.below.signum() == 0
          ? null
          : sums.above.divide(sums.below, FIFTY_DIGITS);
    }
  }
}
