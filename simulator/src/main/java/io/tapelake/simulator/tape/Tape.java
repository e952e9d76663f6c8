package io.tapelake.simulator.tape;

import io.tapelake.vault.DayFile;
import io.tapelake.vault.Trade;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Everything that is ever traded on the simulated exchange, as a pure function of these values: the
 * same tape gives the same trades, ids and times in every process and after every restart.
 *
 * @param seed tells tapes apart
 * @param begin when the first trades happen
 * @param end before which the last trade happens; {@link Instant#MAX} for a tape without end
 * @param tradesPerSecond of all instruments together, in event time
 * @param instruments what is traded
 * @param lifecycles what happens to instruments; those that are not named stay calm
 */
public record Tape(
    long seed,
    Instant begin,
    Instant end,
    double tradesPerSecond,
    List<String> instruments,
    Map<String, Lifecycle> lifecycles) {

  public Tape {
    instruments = List.copyOf(instruments);
    lifecycles = Map.copyOf(lifecycles);
    instruments.forEach(Listing::of);
    if (instruments.isEmpty() || instruments.stream().distinct().count() < instruments.size()) {
      throw new IllegalArgumentException("instruments are empty or repeated: " + instruments);
    }
    if (!(tradesPerSecond > 0)) {
      throw new IllegalArgumentException("rate is not greater than zero: " + tradesPerSecond);
    }
    for (String instrument : lifecycles.keySet()) {
      if (!instruments.contains(instrument)) {
        throw new IllegalArgumentException(instrument + " is not traded; known: " + instruments);
      }
    }
  }

  /** A calm tape without end. */
  public static Tape of(
      long seed, Instant begin, double tradesPerSecond, List<String> instruments) {
    return new Tape(seed, begin, Instant.MAX, tradesPerSecond, instruments, Map.of());
  }

  /** The same tape with things happening to its instruments. */
  public Tape with(Map<String, Lifecycle> newLifecycles) {
    return new Tape(seed, begin, end, tradesPerSecond, instruments, newLifecycles);
  }

  /** The same tape, ending. */
  public Tape until(Instant newEnd) {
    return new Tape(seed, begin, newEnd, tradesPerSecond, instruments, lifecycles);
  }

  /** The trades of one of the tape's instruments. */
  public TradeSeries open(String instrument) {
    DayFile.checkInstrument(instrument);
    Listing listing = Listing.of(instrument);
    Lifecycle lifecycle = lifecycles.getOrDefault(instrument, Lifecycle.CALM);
    long own = Walk.mix(seed * 31 + instrument.hashCode());
    long firstTicks = listing.firstPrice().divideToIntegralValue(listing.tickSize()).longValue();
    long firstId = 100_000_000L + Math.floorMod(Walk.mix(own), 2_000_000_000L);
    Walk walk = Walk.from(lifecycle, rate(listing), own, begin.toEpochMilli(), firstTicks);
    return new TradeSeries(listing, lifecycle, walk, firstId, end);
  }

  /** The trades of an instrument up to and including a time, by ascending id. */
  public List<Trade> trades(String instrument, Instant until) {
    TradeSeries series = open(instrument);
    long count = series.countAt(until);
    List<Trade> trades = new ArrayList<>();
    for (long place = 0; place < count; place++) {
      trades.add(trade(series, series.at(place)));
    }
    return trades;
  }

  /** A print as the trade that a collector that misses nothing records. */
  public static Trade trade(TradeSeries series, Print print) {
    Instant time = Instant.ofEpochMilli(print.time());
    Listing terms = series.lifecycle().traded(series.listing(), time);
    return new Trade(
        time,
        terms.instrument(),
        print.id(),
        print.side(),
        new BigDecimal(Grid.of(terms.tickSize()).text(print.ticks())),
        new BigDecimal(Grid.of(terms.lotSize()).text(print.lots())),
        terms.contract());
  }

  private double rate(Listing listing) {
    int all = instruments.stream().mapToInt(name -> Listing.of(name).activity()).sum();
    return tradesPerSecond * listing.activity() / all;
  }
}
