package io.tapelake.analytics.bar;

import io.tapelake.vault.ParsedTrade;
import java.util.ArrayList;
import java.util.List;

/** Collects the trades of one UTC day of one instrument into minutes. Not thread-safe. */
public final class DayBars {

  /** Minutes of a UTC day. */
  public static final int MINUTES_A_DAY = 1440;

  private static final long SECONDS_A_MINUTE = 60;
  private static final long NANOS_A_SECOND = 1_000_000_000L;

  private final long firstMinute;
  private final boolean withFlow;
  private final BarAccumulator[] minutes = new BarAccumulator[MINUTES_A_DAY];
  private PriceGrid grid;

  /**
   * A day without trades.
   *
   * @param epochDay days since 1970-01-01
   * @param withFlow whether the minutes get a flow, or {@link MinuteFlow#NONE}
   */
  public DayBars(long epochDay, boolean withFlow) {
    firstMinute = epochDay * MINUTES_A_DAY;
    this.withFlow = withFlow;
  }

  /** Adds a trade of this day. */
  public void add(ParsedTrade trade) {
    long minute = Math.floorDiv(trade.epochSecond(), SECONDS_A_MINUTE);
    int index = (int) (minute - firstMinute);
    BarAccumulator accumulator = minutes[index];
    if (accumulator == null) {
      accumulator = new BarAccumulator(minute, withFlow);
      minutes[index] = accumulator;
    }
    grid = grid == null ? PriceGrid.of(trade) : grid.covering(trade);
    long nanoOfMinute =
        (trade.epochSecond() - minute * SECONDS_A_MINUTE) * NANOS_A_SECOND + trade.nano();
    accumulator.add(trade, nanoOfMinute, grid);
  }

  /** The minutes that have trades, ascending. */
  public List<MinuteBar> toBars() {
    List<MinuteBar> bars = new ArrayList<>();
    for (BarAccumulator accumulator : minutes) {
      if (accumulator != null) {
        bars.add(accumulator.toBar());
      }
    }
    return bars;
  }
}
