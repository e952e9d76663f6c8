package io.tapelake.jobs.sql;

import java.io.Serializable;
import java.math.BigDecimal;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;
import scala.Tuple2;

/**
 * Counts bars that trades fill: amounts are added up in the order of the rows, and the row at which
 * the sum reaches {@code size}, upwards or downwards, is the last one of its bar. The next bar
 * begins with a sum of zero. The first bar has number 0.
 *
 * <p>It needs a frame that begins with the first row and ends with the current one, since what a
 * bar starts from depends on all rows before it.
 */
public final class BarNumber extends Aggregator<Tuple2<String, String>, BarNumber.Filling, Long> {

  private static final long serialVersionUID = 1L;

  /**
   * The bar that is being filled.
   *
   * @param number that of the last row's bar
   * @param sum of the bar's amounts
   * @param isFull whether the next row begins a new one
   */
  public record Filling(long number, BigDecimal sum, boolean isFull) implements Serializable {}

  @Override
  public Filling zero() {
    return new Filling(0, BigDecimal.ZERO, false);
  }

  @Override
  public Filling reduce(Filling bar, Tuple2<String, String> row) {
    if (row._1() == null) {
      throw new IllegalArgumentException("an amount is null, so no bar can count it");
    }
    BigDecimal amount = new BigDecimal(row._1());
    BigDecimal size = row._2() == null ? BigDecimal.ZERO : new BigDecimal(row._2());
    if (size.signum() <= 0) {
      throw new IllegalArgumentException("a bar's size has to be above zero, not " + row._2());
    }
    BigDecimal sum = bar.isFull ? amount : bar.sum.add(amount);
    return new Filling(
        bar.isFull ? bar.number + 1 : bar.number, sum, sum.abs().compareTo(size) >= 0);
  }

  @Override
  public Filling merge(Filling one, Filling other) {
    if (one.equals(zero()) || other.equals(zero())) { // a buffer that has seen no row
      return one.equals(zero()) ? other : one;
    }
    throw new UnsupportedOperationException(
        "bar_number needs OVER (… ORDER BY … ROWS UNBOUNDED PRECEDING)");
  }

  @Override
  public Long finish(Filling bar) {
    return bar.number;
  }

  @Override
  public Encoder<Filling> bufferEncoder() {
    return Encoders.javaSerialization(Filling.class);
  }

  @Override
  public Encoder<Long> outputEncoder() {
    return Encoders.LONG();
  }
}
