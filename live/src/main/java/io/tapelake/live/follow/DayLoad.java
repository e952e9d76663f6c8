package io.tapelake.live.follow;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.live.market.TradeDay;
import io.tapelake.vault.ArchivedDay;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads whole days, plain or compressed. */
final class DayLoad {

  private DayLoad() {}

  /** The day that a file holds, all of its minutes sorted. */
  static TradeDay day(FoundDay found, DayFile day) throws IOException {
    TradeDay read = new TradeDay(day.day());
    try (InputStream in = open(found)) {
      DayLines lines = new DayLines(day, in);
      lines.readAll(read::take);
      read.end();
      read.note(lines.counts(), lines.end());
    }
    Set<Long> unsorted = read.unsorted();
    if (!unsorted.isEmpty()) {
      sorted(found, day, unsorted).forEach(read::sorted);
    }
    return read;
  }

  /** Some minutes of a file, whose trades came out of order, ascending. */
  static List<MinuteBar> sorted(FoundDay found, DayFile day, Set<Long> minutes) throws IOException {
    List<ParsedTrade> trades = new ArrayList<>();
    try (InputStream in = open(found)) {
      new DayLines(day, in)
          .readAll(
              trade -> {
                if (minutes.contains(Math.floorDiv(trade.epochSecond(), 60L))) {
                  trades.add(trade.copy());
                }
              });
    }
    trades.sort(ParsedTrade.BY_TIME_AND_ID);
    DayBars bars = new DayBars(day.day().toEpochDay(), true);
    trades.forEach(bars::add);
    return bars.toBars();
  }

  private static InputStream open(FoundDay found) throws IOException {
    return found.isArchived()
        ? ArchivedDay.open(offset -> stored(found.file(), offset), 0)
        : stored(found.file(), 0);
  }

  private static InputStream stored(Path file, long offset) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ).position(offset);
    return new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
  }
}
