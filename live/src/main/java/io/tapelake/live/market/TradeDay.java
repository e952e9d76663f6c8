package io.tapelake.live.market;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.PackedBar;
import io.tapelake.live.follow.DayCounts;
import io.tapelake.vault.ParsedTrade;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One UTC day of an instrument, minute by minute, as far as it was read. Not thread-safe. */
public final class TradeDay {

  /** Minutes before the newest one that are still open to trades out of order. */
  private static final int KEPT_OPEN = 2;

  private static final long SECONDS_A_MINUTE = 60;

  private final LocalDate day;
  private final long firstMinute;
  private final byte[][] packed = new byte[DayBars.MINUTES_A_DAY][];
  private final TreeMap<Long, OpenBar> open = new TreeMap<>();
  private final Set<Long> unsorted = new TreeSet<>();
  private final IdRuns ids = new IdRuns();

  private long newestMinute = Long.MIN_VALUE;
  private long count;
  private DayCounts counts = DayCounts.NONE;
  private long bytes;
  private ParsedTrade last;

  /** A day without trades. */
  public TradeDay(LocalDate day) {
    this.day = day;
    firstMinute = day.toEpochDay() * DayBars.MINUTES_A_DAY;
  }

  /** Takes a trade of the day that was not there before; the trade as a copy that lasts. */
  public ParsedTrade take(ParsedTrade trade) {
    long minute = Math.floorDiv(trade.epochSecond(), SECONDS_A_MINUTE);
    if (minute > newestMinute) {
      newestMinute = minute;
      settle(minute - KEPT_OPEN);
    }
    ParsedTrade kept =
        open.computeIfAbsent(minute, key -> new OpenBar(day.toEpochDay(), settled(key))).add(trade);
    count++;
    ids.add(trade.id(), trade.millis());
    if (last == null || ParsedTrade.BY_TIME_AND_ID.compare(last, kept) < 0) {
      last = kept;
    }
    return kept;
  }

  /** Ends all minutes: the last trade that there is was taken. */
  public void end() {
    settle(Long.MAX_VALUE);
  }

  public LocalDate day() {
    return day;
  }

  /** A minute with trades, or null. Its flow is null where the trades have to be sorted first. */
  public MinuteBar bar(long minute) {
    OpenBar growing = open.get(minute);
    return growing != null ? growing.bar() : settled(minute);
  }

  /** The newest trade by (event time, id); null without trades. */
  public ParsedTrade last() {
    return last;
  }

  public long tradeCount() {
    return count;
  }

  /** The ids that were read. */
  IdRuns ids() {
    return ids;
  }

  /** What the lines of its file were, as far as it was told. */
  public DayCounts counts() {
    return counts;
  }

  /**
   * Tells of the file that it is read from.
   *
   * @param length of its complete lines, in bytes
   */
  public void note(DayCounts found, long length) {
    counts = found;
    bytes = length;
  }

  /** The length of the complete lines that were read. */
  long bytes() {
    return bytes;
  }

  /** Minutes whose trades have to be read again, and sorted. */
  public Set<Long> unsorted() {
    // Behind late trades no newer minute may come that would end theirs.
    settle(Long.MIN_VALUE);
    return new TreeSet<>(unsorted);
  }

  /** Takes a minute whose trades were sorted; false when it has become another since. */
  public boolean sorted(MinuteBar bar) {
    int index = index(bar.minute());
    if (packed[index] == null
        || open.containsKey(bar.minute())
        || PackedBar.unpack(packed[index]).tradeCount() != bar.tradeCount()) {
      return false;
    }
    packed[index] = PackedBar.pack(bar);
    unsorted.remove(bar.minute());
    return true;
  }

  /** Notes what is known of a range's minutes, ascending; {@link Noted#bar} makes minutes of it. */
  void note(long from, long to, List<Noted> into) {
    long last = Math.min(to, firstMinute + DayBars.MINUTES_A_DAY - 1);
    for (long minute = Math.max(from, firstMinute); minute <= last; minute++) {
      OpenBar growing = open.get(minute);
      byte[] bytes = packed[index(minute)];
      if (growing != null) {
        into.add(new Noted(growing.bar(), null));
      } else if (bytes != null) {
        into.add(new Noted(null, bytes));
      }
    }
  }

  /** A minute, unpacked or not. */
  record Noted(MinuteBar known, byte[] packed) {

    MinuteBar bar() {
      return known != null ? known : PackedBar.unpack(packed);
    }
  }

  /** The first minute with a trade; the largest number without any. */
  long firstBar() {
    for (int index = 0; index < packed.length; index++) {
      if (packed[index] != null || open.containsKey(firstMinute + index)) {
        return firstMinute + index;
      }
    }
    return Long.MAX_VALUE;
  }

  /** Ends minutes before another, and those whose trades are not all kept. */
  private void settle(long before) {
    open.values().removeIf(each -> settle(each.bar(), before));
  }

  private boolean settle(MinuteBar bar, long before) {
    if (bar.flow() == null) {
      unsorted.add(bar.minute());
    } else if (bar.minute() >= before) {
      return false;
    }
    packed[index(bar.minute())] = PackedBar.pack(bar);
    return true;
  }

  private MinuteBar settled(long minute) {
    byte[] bytes = packed[index(minute)];
    return bytes == null ? null : PackedBar.unpack(bytes);
  }

  private int index(long minute) {
    return (int) (minute - firstMinute);
  }
}
