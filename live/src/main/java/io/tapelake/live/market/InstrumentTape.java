package io.tapelake.live.market;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.bar.MinuteFlow;
import io.tapelake.analytics.window.CarriedSums;
import io.tapelake.analytics.window.DayStart;
import io.tapelake.analytics.window.InstrumentMinutes;
import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.OpenMinute;
import io.tapelake.analytics.window.SpanSums;
import io.tapelake.live.follow.DayCounts;
import io.tapelake.vault.ParsedTrade;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * An instrument's days as far as they were read, and what they come to. Days are read aside and put
 * in as a whole; from then on trades that come behind are taken one by one. Thread-safe: whoever
 * reads files, whoever serves pages and whoever pushes changes use it side by side.
 */
public final class InstrumentTape {

  /** As many of the newest trades are kept as they are. */
  private static final int TRADES_KEPT = 400;

  private static final int FINISHED_KEPT = 4;
  private static final int REVISED_KEPT = 10_000;

  private final String name;
  private final LiveSettings settings;
  private final Clock clock;
  private final TreeMap<LocalDate, TradeDay> days = new TreeMap<>();

  /** All days that there is a file of, read or not. */
  private TreeSet<LocalDate> known = new TreeSet<>();

  private final OpenMinute openMinute;

  /** Minutes before the newest one that got trades since figures were made, as they were before. */
  private final Map<Long, MinuteBar> touched = new HashMap<>();

  /** Rows of the minutes before the newest one, as long as nothing was revised. */
  private final TreeMap<Long, MinuteFigures> finished = new TreeMap<>();

  private final ArrayDeque<ParsedTrade> newest = new ArrayDeque<>();
  private long tradesTaken;
  private volatile long newestMinute = Long.MIN_VALUE;
  private volatile long version;
  private volatile long takenAtNanos = System.nanoTime();
  private long revisedFrom = Long.MAX_VALUE;
  private long revisedTo = Long.MIN_VALUE;
  private long revisedForSignals = Long.MAX_VALUE;
  private Map<LocalDate, DayCertificate> certificates = Map.of();
  private String trouble;

  /** Minutes whose trades became others after they were closed. */
  private final TreeSet<Long> revised = new TreeSet<>();

  /**
   * A tape without days.
   *
   * @param clock tells which minutes are closed
   */
  public InstrumentTape(String name, LiveSettings settings, Clock clock) {
    this.name = name;
    this.settings = settings;
    this.clock = clock;
    openMinute = new OpenMinute(settings.spans(), this::knownBar);
  }

  public String name() {
    return name;
  }

  // ---- what the follower tells

  /** Tells which days there is a file of. */
  public synchronized void know(Collection<LocalDate> files) {
    if (!known.equals(files)) {
      long covered = coveredFrom();
      known = new TreeSet<>(files);
      noteCovered(covered);
      version++;
    }
  }

  /** Puts a day in that was read as a whole, in place of what was known of it. */
  public synchronized void install(TradeDay day) {
    long covered = coveredFrom();
    boolean wasEmpty = isEmpty();
    ParsedTrade newestBefore = last();
    TradeDay before = days.put(day.day(), day);
    finished.clear();
    openMinute.forget();
    touched.clear();
    noteDifferences(before, day);
    if (before == null) {
      // What comes before all the others is what the first figures begin with.
      revisedForSignals = Math.min(revisedForSignals, firstMinute(day));
    }
    noteNewest();
    noteAge(newestBefore);
    noteCovered(covered);
    if (day.day().equals(days.lastKey())) {
      newest.clear();
      if (day.last() != null) {
        newest.add(day.last());
      }
      if (before == null && !wasEmpty) {
        tradesTaken += day.tradeCount();
      }
    }
    version++;
  }

  /** Takes a day out again that is older than what is kept. */
  public synchronized void drop(LocalDate day) {
    if (days.remove(day) != null) {
      finished.clear();
      openMinute.forget();
      touched.clear();
      noteNewest();
      version++;
    }
  }

  /** Takes a trade that came behind the others of a day that was put in. */
  public synchronized void take(TradeDay day, ParsedTrade trade, long nanos) {
    long minute = Math.floorDiv(trade.epochSecond(), 60L);
    if (minute < newestMinute && !touched.containsKey(minute)) {
      touched.put(minute, day.bar(minute));
    } else if (minute > newestMinute && !isEmpty()) {
      finish();
    }
    ParsedTrade kept = day.take(trade);
    newest.addLast(kept);
    if (newest.size() > TRADES_KEPT) {
      newest.removeFirst();
    }
    tradesTaken++;
    if (minute >= newestMinute && day.last() == kept) {
      takenAtNanos = nanos;
    }
    if (minute < newestMinute || (minute == newestMinute && isClosed(minute))) {
      noteRevised(minute);
    }
    newestMinute = Math.max(newestMinute, minute);
    version++;
  }

  /** Takes minutes whose trades were sorted, unless their day was read anew since. */
  public synchronized void sorted(TradeDay day, Collection<MinuteBar> bars) {
    if (days.get(day.day()) != day) {
      return;
    }
    for (MinuteBar bar : bars) {
      MinuteBar before = day.bar(bar.minute());
      if (day.sorted(bar)) {
        if (bar.minute() < newestMinute) {
          touched.putIfAbsent(bar.minute(), before);
        }
        noteTouched(bar.minute());
        version++;
      }
    }
  }

  /** The minutes, by day, whose trades have to be read again, and sorted. */
  public synchronized Map<TradeDay, Set<Long>> unsorted() {
    Map<TradeDay, Set<Long>> unsorted = new HashMap<>();
    for (TradeDay day : days.values()) {
      if (!day.unsorted().isEmpty()) {
        unsorted.put(day, day.unsorted());
      }
    }
    return unsorted;
  }

  /** Tells what is certified of days. */
  public synchronized void certify(Map<LocalDate, DayCertificate> found) {
    certificates = Map.copyOf(found);
  }

  /** What is certified of a day as it was read; null of another one, or when nothing is. */
  public synchronized DayCertificate certificate(LocalDate day) {
    TradeDay read = days.get(day);
    DayCertificate certificate = certificates.get(day);
    boolean isOfThese = read != null && certificate != null && certificate.bytes() == read.bytes();
    return isOfThese ? certificate : null;
  }

  /** Tells what keeps its files from being read; null when nothing does. */
  public synchronized void trouble(String reason) {
    trouble = reason;
  }

  // ---- what is shown

  /** Grows with everything that may change what is shown. */
  public long version() {
    return version;
  }

  /** What keeps its files from being read, or null. */
  public synchronized String trouble() {
    return trouble;
  }

  public boolean isEmpty() {
    return newestMinute == Long.MIN_VALUE;
  }

  /** The minute of the newest trade, since 1970. */
  public long newestMinute() {
    return newestMinute;
  }

  /** The newest minute that is closed and has a row; less than the first one when none is. */
  public long closedTo(long asOfMillis) {
    return Math.min(newestMinute, settings.closedTo(asOfMillis));
  }

  /** The newest trade by (event time, id); null without any. */
  public synchronized ParsedTrade last() {
    ParsedTrade last = null;
    for (TradeDay day : days.values()) {
      if (day.last() != null
          && (last == null || ParsedTrade.BY_TIME_AND_ID.compare(last, day.last()) < 0)) {
        last = day.last();
      }
    }
    return last;
  }

  /**
   * When a trade was last taken that was the newest by (event time, id), by the monotonic clock:
   * what comes late tells nothing of now. Of a day that was read as a whole it is the time of that
   * trade; without trades it is when the tape was opened.
   */
  public long takenAtNanos() {
    return takenAtNanos;
  }

  /**
   * Trades that were taken one by one, in the order in which they came; of those that a new day
   * began with the last one.
   *
   * @param kept those of them that are kept, the newest one last
   * @param taken how many were taken since the start
   */
  public record Taken(List<ParsedTrade> kept, long taken) {}

  /** What was taken behind the first {@code after}. */
  public synchronized Taken takenAfter(long after) {
    List<ParsedTrade> all = new ArrayList<>(newest);
    int wanted = (int) Math.min(all.size(), tradesTaken - after);
    return new Taken(all.subList(all.size() - wanted, all.size()), tradesTaken);
  }

  /** The newest trades, as far as they are kept. */
  public synchronized List<ParsedTrade> recentTrades() {
    return new ArrayList<>(newest);
  }

  /**
   * The first and the last minute whose figures may have become others, or known, since the last
   * call, other than by trades of the newest minute; null when none have.
   */
  public synchronized long[] takeRevised() {
    long[] revised = revisedFrom <= revisedTo ? new long[] {revisedFrom, revisedTo} : null;
    revisedFrom = Long.MAX_VALUE;
    revisedTo = Long.MIN_VALUE;
    return revised;
  }

  /** The first minute that changed since the last call; the largest number when none did. */
  synchronized long takeRevisedForSignals() {
    long from = revisedForSignals;
    revisedForSignals = Long.MAX_VALUE;
    return from;
  }

  /** The figures of the newest minute; null without trades. */
  public synchronized MinuteFigures open() {
    if (newestMinute == Long.MIN_VALUE) {
      return null;
    }
    touched.forEach(
        (minute, before) ->
            openMinute.revise(before == null ? null : withFlow(before), knownBar(minute)));
    touched.clear();
    return openMinute.figures(knownBar(newestMinute));
  }

  /**
   * Whether all days are read that figures of the newest minute look at; without trades those of
   * the newest day's first minute.
   */
  public synchronized boolean isCovered() {
    if (known.isEmpty()) {
      return true;
    }
    long minute = isEmpty() ? known.last().toEpochDay() * DayBars.MINUTES_A_DAY : newestMinute;
    return coveredFrom() <= minute - settings.spans().lookback();
  }

  /** The first minute from which on everything that there is was read. */
  public synchronized long coveredFrom() {
    long from = Long.MAX_VALUE;
    for (LocalDate day : known.descendingSet()) {
      if (!days.containsKey(day)) {
        return from;
      }
      from = day.toEpochDay() * DayBars.MINUTES_A_DAY;
    }
    return known.isEmpty() && days.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE / 2;
  }

  /** The first minute with a trade that was read; the largest number without any. */
  public synchronized long firstMinute() {
    for (TradeDay day : days.values()) {
      if (day.tradeCount() > 0) {
        return day.firstBar();
      }
    }
    return Long.MAX_VALUE;
  }

  /**
   * The rows of some minutes up to that of the newest trade: one a minute from the first trade on,
   * except where the longest window is empty.
   */
  public List<MinuteFigures> rows(long from, long to) {
    Stretch stretch = stretch(from, to);
    List<MinuteFigures> rows = new ArrayList<>();
    if (stretch.noted.isEmpty()) {
      return rows;
    }
    NavigableMap<Long, MinuteBar> bars = unpacked(stretch.noted);
    InstrumentMinutes minutes =
        new InstrumentMinutes(
            settings.spans(),
            from,
            new DayStart(
                new CarriedSums(SpanSums.Delta.NONE, stretch.anchors), stretch.close, null),
            stretch.close);
    bars.headMap(from, false).values().forEach(minutes::lookBack);
    long first = Math.max(from, stretch.close == null ? bars.firstKey() : from);
    int longest = settings.spans().longestWindow();
    for (long minute = first; minute <= stretch.to; minute++) {
      MinuteFigures figures = minutes.next(minute, bars.get(minute));
      Long newestBar = bars.floorKey(minute);
      if (newestBar != null && newestBar > minute - longest) {
        rows.add(figures);
      }
    }
    return rows;
  }

  /**
   * The rows of a few of the newest minutes: as they were when a trade of a later minute came, as
   * long as nothing that they look at has changed since.
   */
  public List<MinuteFigures> recentRows(long from, long to) {
    if (from > to) {
      return List.of();
    }
    synchronized (this) {
      List<MinuteFigures> kept = List.copyOf(finished.subMap(from, true, to, true).values());
      if (kept.size() == to - from + 1) {
        return kept;
      }
    }
    return rows(from, to);
  }

  /** The minutes with trades of a range, ascending; flows that are not known yet are empty. */
  public NavigableMap<Long, MinuteBar> bars(long from, long to) {
    return unpacked(noted(from, to));
  }

  private synchronized List<TradeDay.Noted> noted(long from, long to) {
    List<TradeDay.Noted> noted = new ArrayList<>();
    for (TradeDay day : days.subMap(day(from), true, day(to), true).values()) {
      day.note(from, to, noted);
    }
    return noted;
  }

  private static NavigableMap<Long, MinuteBar> unpacked(List<TradeDay.Noted> noted) {
    TreeMap<Long, MinuteBar> bars = new TreeMap<>();
    for (TradeDay.Noted each : noted) {
      MinuteBar bar = withFlow(each.bar());
      bars.put(bar.minute(), bar);
    }
    return bars;
  }

  /** The minutes whose trades became others after they were closed, ascending. */
  public synchronized List<Long> revisedMinutes() {
    return new ArrayList<>(revised);
  }

  /** The ids that are missing in the days that were read, ascending. */
  public synchronized List<IdGap> gaps() {
    List<IdGap> gaps = new ArrayList<>();
    TradeDay before = null;
    for (TradeDay day : days.values()) {
      if (day.ids().isEmpty()) {
        continue;
      }
      if (!day.ids().isDense()) {
        before = null;
        continue;
      }
      if (before != null
          && known.subSet(before.day(), false, day.day(), false).stream()
              .allMatch(days::containsKey)
          && day.ids().first() > before.ids().last() + 1) {
        gaps.add(
            new IdGap(
                before.ids().last() + 1,
                day.ids().first() - 1,
                before.ids().lastMillis(),
                day.ids().firstMillis()));
      }
      gaps.addAll(day.ids().gaps());
      before = day;
    }
    return gaps;
  }

  /** The days that were read. */
  public synchronized Set<LocalDate> days() {
    return new TreeSet<>(days.keySet());
  }

  /** The days that were read, with what their lines were. */
  public synchronized Map<LocalDate, DayCounts> counts() {
    Map<LocalDate, DayCounts> counts = new TreeMap<>();
    days.forEach((day, read) -> counts.put(day, read.counts()));
    return counts;
  }

  /** How many trades were read. */
  public synchronized long tradeCount() {
    return days.values().stream().mapToLong(TradeDay::tradeCount).sum();
  }

  /** What rows of a range look at, as it is at one moment. */
  private record Stretch(
      List<TradeDay.Noted> noted, long to, List<SpanSums> anchors, BigDecimal close) {}

  private synchronized Stretch stretch(long from, long to) {
    long last = Math.min(to, newestMinute);
    if (days.isEmpty() || last < from) {
      return new Stretch(List.of(), last, List.of(), null);
    }
    long first = from - settings.spans().lookback();
    List<SpanSums> anchors = new ArrayList<>();
    settings.spans().anchors().forEach(anchor -> anchors.add(sums(anchor.minute(), from - 1)));
    return new Stretch(noted(first, last), last, anchors, closeBefore(first));
  }

  private SpanSums sums(long from, long to) {
    SpanSums sums = SpanSums.NONE;
    if (from <= to) {
      for (MinuteBar bar : bars(from, to).values()) {
        sums = sums.plus(SpanSums.of(bar));
      }
    }
    return sums;
  }

  private BigDecimal closeBefore(long minute) {
    for (TradeDay day : days.headMap(day(minute), true).descendingMap().values()) {
      for (long at = Math.min(minute - 1, lastMinute(day)); at >= firstMinute(day); at--) {
        MinuteBar bar = day.bar(at);
        if (bar != null) {
          return bar.close();
        }
      }
    }
    return null;
  }

  private static long firstMinute(TradeDay day) {
    return day.day().toEpochDay() * DayBars.MINUTES_A_DAY;
  }

  private static long lastMinute(TradeDay day) {
    return firstMinute(day) + DayBars.MINUTES_A_DAY - 1;
  }

  private static LocalDate day(long minute) {
    return LocalDate.ofEpochDay(Math.floorDiv(minute, (long) DayBars.MINUTES_A_DAY));
  }

  private MinuteBar knownBar(long minute) {
    TradeDay day = days.get(day(minute));
    MinuteBar bar = day == null ? null : day.bar(minute);
    return bar == null ? null : withFlow(bar);
  }

  private static MinuteBar withFlow(MinuteBar bar) {
    return bar.flow() == null ? bar.with(MinuteFlow.NONE) : bar;
  }

  private void noteNewest() {
    ParsedTrade last = last();
    newestMinute = last == null ? Long.MIN_VALUE : Math.floorDiv(last.epochSecond(), 60L);
  }

  /** When trades of a whole day were read tells nothing of when they came. */
  private void noteAge(ParsedTrade newestBefore) {
    ParsedTrade last = last();
    if (last != null
        && (newestBefore == null || ParsedTrade.BY_TIME_AND_ID.compare(newestBefore, last) < 0)) {
      long age = Math.max(0, clock.millis() - last.millis());
      takenAtNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(age);
    }
  }

  private void noteDifferences(TradeDay before, TradeDay after) {
    if (before == null) {
      return;
    }
    for (long minute = firstMinute(after); minute <= lastMinute(after); minute++) {
      MinuteBar old = before.bar(minute);
      MinuteBar now = after.bar(minute);
      if (old == null ? now != null : now == null || !withFlow(old).equals(withFlow(now))) {
        noteRevised(minute);
      }
    }
  }

  /** Keeps the row of the minute that the next trade is behind of. */
  private void finish() {
    finished.put(newestMinute, open());
    if (finished.size() > FINISHED_KEPT) {
      finished.pollFirstEntry();
    }
  }

  private void noteTouched(long minute) {
    finished.clear();
    revisedForSignals = Math.min(revisedForSignals, minute);
    noteFigures(minute, minute);
  }

  /** Notes what is known, and was not, now that days are read from an earlier minute on. */
  private void noteCovered(long before) {
    long covered = coveredFrom();
    if (covered < before && !isEmpty()) {
      long from = Math.max(covered, firstMinute());
      noteFigures(from, Math.min(before - 1, newestMinute));
    }
  }

  /** Notes the figures that look at a range of minutes. */
  private void noteFigures(long from, long to) {
    revisedFrom = Math.min(revisedFrom, from);
    revisedTo = Math.max(revisedTo, settings.spans().lastAffected(to));
  }

  private boolean isClosed(long minute) {
    return minute <= settings.closedTo(clock.millis());
  }

  private void noteRevised(long minute) {
    noteTouched(minute);
    if (isClosed(minute) && revised.add(minute)) {
      while (revised.size() > REVISED_KEPT) {
        revised.pollFirst();
      }
    }
  }
}
