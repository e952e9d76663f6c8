package io.tapelake.jobs.oracle;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Everything a vault's outputs have to be.
 *
 * @param exports the bytes of {@code vwap_1m.jsonl} by instrument; empty where no row is due
 * @param cvdExports the bytes of {@code cvd_1m.jsonl} likewise; none without analytics
 * @param signalExports the bytes of {@code signals.jsonl} likewise
 * @param quarantines the bytes of each quarantine file that is to exist, by {@code INSTID/DAY}
 * @param cursors the first three values of the cursor by instrument; none where no trade is
 *     published
 * @param analytics the rows of the further tables of minutes and prices by name
 * @param signals the rows of {@code signals} that stand
 * @param broken the day files that are left alone, as {@code INSTID/DAY}
 */
record Expected(
    SortedMap<String, byte[]> exports,
    SortedMap<String, byte[]> cvdExports,
    SortedMap<String, byte[]> signalExports,
    SortedMap<String, byte[]> quarantines,
    SortedMap<String, CursorHead> cursors,
    List<TableRow> bars,
    List<TableRow> vwaps,
    List<String> trades,
    Map<String, List<TableRow>> analytics,
    List<TableRow> signals,
    List<String> broken) {

  /** The compatible part of a cursor. */
  record CursorHead(String lastTimestamp, String lastTradeId, String lastMinute) {
    static CursorHead of(OracleTrade newest, long lastMinute) {
      return new CursorHead(
          printed(newest.time()),
          Long.toString(newest.id()),
          Instant.ofEpochSecond(60 * lastMinute).toString());
    }

    private static String printed(Instant time) {
      String nanos = String.format("%09d", time.getNano());
      String fraction =
          nanos.endsWith("000000")
              ? nanos.substring(0, 3)
              : nanos.endsWith("000") ? nanos.substring(0, 6) : nanos;
      String seconds = Instant.ofEpochSecond(time.getEpochSecond()).toString();
      return seconds.substring(0, seconds.length() - 1) + "." + fraction + "Z";
    }
  }
}
