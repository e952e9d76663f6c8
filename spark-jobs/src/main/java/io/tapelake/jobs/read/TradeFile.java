package io.tapelake.jobs.read;

import java.io.Serializable;

/**
 * A Parquet file of one day's trades that no table knows yet.
 *
 * @param path the whole path
 * @param bytes its length
 * @param modified when it was finished, in milliseconds since 1970
 * @param epochDay the UTC day of its trades, in days since 1970-01-01
 * @param trades how many they are
 * @param first the smallest value of each column that a reader may skip by
 * @param last the largest
 */
public record TradeFile(
    String path, long bytes, long modified, long epochDay, long trades, Bound first, Bound last)
    implements Serializable {

  /**
   * One end of the columns' ranges.
   *
   * @param instrument of {@code inst_id}
   * @param id of {@code trade_id}
   * @param micros of {@code ts}, in microseconds since 1970
   */
  public record Bound(String instrument, long id, long micros) implements Serializable {}
}
