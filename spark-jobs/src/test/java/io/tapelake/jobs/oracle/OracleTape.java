package io.tapelake.jobs.oracle;

import io.tapelake.jobs.oracle.OracleSums.Summand;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The trades of one instrument's closed minutes, by event time and numeric id. */
final class OracleTape {

  private static final long MINUTES_A_DAY = 1_440;

  private final String instrument;
  private final OracleConfig config;
  private final List<Summand> trades;
  private final TreeMap<Long, List<Summand>> byMinute = new TreeMap<>();

  /** For each minute with trades the place of its first one. */
  private final TreeMap<Long, Integer> places = new TreeMap<>();

  /** Sums that were taken already, by the places of their first trade and of the one behind. */
  private final Map<List<Integer>, OracleSums> taken = new HashMap<>();

  private final long lastMinute;

  OracleTape(String instrument, Collection<OracleTrade> all, OracleConfig config, Instant asOf) {
    this.instrument = instrument;
    this.config = config;
    long lastClosed = lastClosedMinute(config.grace(), asOf);
    trades =
        all.stream()
            .filter(trade -> trade.minute() <= lastClosed)
            .sorted(OracleTrade.BY_TIME_AND_ID)
            .map(Summand::of)
            .toList();
    for (int i = 0; i < trades.size(); i++) {
      long minute = trades.get(i).trade().minute();
      byMinute.computeIfAbsent(minute, m -> new ArrayList<>()).add(trades.get(i));
      places.putIfAbsent(minute, i);
    }
    // Rows reach to the minute of the newest trade, open as it may be itself.
    long newest =
        all.stream().map(OracleTrade::minute).max(Comparator.naturalOrder()).orElse(Long.MIN_VALUE);
    lastMinute = Math.min(newest, lastClosed);
  }

  /** The newest M with M + 1 min + grace ≤ as-of. */
  private static long lastClosedMinute(Duration grace, Instant asOf) {
    return Math.floorDiv(asOf.minus(grace).getEpochSecond(), 60L) - 1;
  }

  String instrument() {
    return instrument;
  }

  OracleConfig config() {
    return config;
  }

  List<Summand> trades() {
    return trades;
  }

  /** The minutes that have trades. */
  SortedMap<Long, List<Summand>> byMinute() {
    return byMinute;
  }

  /** The UTC days that have trades, by their first minute. */
  SortedMap<Long, List<Summand>> byDay() {
    SortedMap<Long, List<Summand>> days = new TreeMap<>();
    byMinute.forEach(
        (minute, each) ->
            days.computeIfAbsent(
                    minute - Math.floorMod(minute, MINUTES_A_DAY), day -> new ArrayList<>())
                .addAll(each));
    return days;
  }

  /** The minutes that have a row, ascending. */
  List<Long> minutes() {
    List<Long> minutes = new ArrayList<>();
    if (!trades.isEmpty()) {
      for (long minute = byMinute.firstKey(); minute <= lastMinute; minute++) {
        if (!trades(minute - (config.longestWindow() - 1), minute).isEmpty()) {
          minutes.add(minute);
        }
      }
    }
    return minutes;
  }

  /** The trades of some minutes, the last one included. */
  List<Summand> trades(long from, long to) {
    return trades.subList(place(from), Math.max(place(from), place(to + 1)));
  }

  OracleSums sums(long from, long to) {
    return taken.computeIfAbsent(
        List.of(place(from), place(to + 1)), places -> OracleSums.of(trades(from, to)));
  }

  /** Something about the trades of some minutes, made once for the same trades. */
  <T> Function<List<Long>, T> once(Function<List<Summand>, T> figure) {
    Map<List<Integer>, Optional<T>> made = new HashMap<>();
    return minutes ->
        made.computeIfAbsent(
                List.of(place(minutes.get(0)), place(minutes.get(1) + 1)),
                places -> Optional.ofNullable(figure.apply(trades(minutes.get(0), minutes.get(1)))))
            .orElse(null);
  }

  /** The newest trade up to a minute's end; none before the first one. */
  Optional<OracleTrade> newest(long minute) {
    int end = place(minute + 1);
    return end == 0 ? Optional.empty() : Optional.of(trades.get(end - 1).trade());
  }

  /** How many trades are before a minute. */
  private int place(long minute) {
    Map.Entry<Long, Integer> next = places.ceilingEntry(minute);
    return next == null ? trades.size() : next.getValue();
  }

  static Instant start(long minute) {
    return Instant.ofEpochSecond(60 * minute);
  }

  static LocalDate day(long minute) {
    return start(minute).atOffset(ZoneOffset.UTC).toLocalDate();
  }
}
