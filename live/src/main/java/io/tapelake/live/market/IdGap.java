package io.tapelake.live.market;

/**
 * Trade ids that are missing.
 *
 * @param from the first of them
 * @param to the last of them
 * @param afterMillis when the trade before them happened, in milliseconds since 1970
 * @param beforeMillis when the trade behind them happened
 */
public record IdGap(long from, long to, long afterMillis, long beforeMillis) {

  /** How many ids they are. */
  public long count() {
    return to - from + 1;
  }
}
