package io.tapelake.collector.decode;

import java.util.List;

/**
 * A page of trades from REST, or why there is none.
 *
 * @param rows trades of the instrument that was asked for, in the order of the answer
 * @param refused the rows that are no trades of it
 * @param failure what was wrong; null when the page is good
 * @param kind what a failure means for the next request
 */
public record RestPage(List<TradeRow> rows, List<RefusedRow> refused, String failure, Kind kind) {

  /** What an answer means for the next request. */
  public enum Kind {
    /** Rows, possibly none. */
    GOOD,
    /** Too many requests: slow down, then ask again. */
    LIMITED,
    /** The exchange does not know the instrument. */
    UNKNOWN_INSTRUMENT,
    /** Anything else: ask again later. */
    FAILED
  }

  static RestPage failed(Kind kind, String failure) {
    return new RestPage(List.of(), List.of(), failure, kind);
  }
}
