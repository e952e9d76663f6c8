package io.tapelake.jobs.read;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.tape.FastLineParser;
import io.tapelake.tape.SeenIds;
import io.tapelake.tape.TradeLines;
import io.tapelake.vault.ParsedTrade;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Reads the trades of some minutes again, and sums them in their order. */
public final class MinuteSort {

  private final UnsortedMinutes work;
  private final FastLineParser parser;
  private final SeenIds seen = new SeenIds();
  private final List<ParsedTrade> trades = new ArrayList<>();

  /** What the next line is read into. */
  private ParsedTrade trade = new ParsedTrade();

  private MinuteSort(UnsortedMinutes work) {
    this.work = work;
    parser = new FastLineParser(work.slice().file());
  }

  /** What a file came to, with the flow of the minutes that its portions hold. */
  public static FileOutcome sorted(
      FileOutcome outcome, List<UnsortedMinutes> portions, RawBytes bytes) throws IOException {
    List<MinuteBar> bars = new ArrayList<>();
    for (UnsortedMinutes portion : portions) {
      bars.addAll(sort(portion, bytes));
    }
    return outcome.withSorted(bars, portions.stream().mapToLong(UnsortedMinutes::bytes).sum());
  }

  /**
   * The minutes, ascending, with their flow.
   *
   * @throws IOException also when the file no longer holds what it held
   */
  public static List<MinuteBar> sort(UnsortedMinutes work, RawBytes bytes) throws IOException {
    MinuteSort sort = new MinuteSort(work);
    for (LineSpan span : work.spans()) {
      sort.read(span, bytes);
    }
    return sort.bars();
  }

  private void read(LineSpan span, RawBytes bytes) throws IOException {
    try (InputStream in = bytes.open(span.from())) {
      TradeLines lines = new TradeLines(in, span.from(), span.to(), parser);
      while (lines.next(trade)) {
        if (isWanted(lines.offset())) {
          trades.add(trade);
          trade = new ParsedTrade();
        }
      }
    }
  }

  /** Whether the trade at hand is one that the slices have counted. */
  private boolean isWanted(long offset) {
    Slice slice = work.slice();
    long minute = Math.floorDiv(trade.epochSecond(), 60L);
    return work.trades().containsKey(minute)
        && slice.isUndecided(offset, minute)
        && !work.strays().contains(offset)
        && seen.add(trade.id(), offset);
  }

  private List<MinuteBar> bars() throws IOException {
    trades.sort(ParsedTrade.BY_TIME_AND_ID);
    DayBars day = new DayBars(work.slice().epochDay(), true);
    trades.forEach(day::add);
    List<MinuteBar> bars = day.toBars();
    long expected = work.trades().size();
    if (bars.size() != expected
        || bars.stream().anyMatch(bar -> bar.tradeCount() != work.trades().get(bar.minute()))) {
      throw new IOException(
          work.slice().path() + " was rewritten while it was read; run the command again");
    }
    return bars;
  }
}
