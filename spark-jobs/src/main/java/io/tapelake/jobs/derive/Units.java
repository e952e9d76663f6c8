package io.tapelake.jobs.derive;

import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.window.CarriedSums;
import io.tapelake.analytics.window.DayStart;
import io.tapelake.analytics.window.Spans;
import io.tapelake.jobs.measure.MeasuredDay;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Cuts what was measured into units, and carries what goes from day to day. No Spark, no I/O. */
public final class Units {

  /** Instruments times days of a unit: files of so many are open at once, and wait in memory. */
  private static final int MOST_INSTRUMENT_DAYS = 96;

  private static final int MOST_DAYS = 7;

  private static final double BITS_A_DIGIT = Math.log(10) / Math.log(2);

  private final Spans spans;
  private final List<Unit> units = new ArrayList<>();
  private final int[] limbs = {1, 1, 1};

  /**
   * An instrument as it was measured.
   *
   * @param bucket which instruments share files with it
   * @param bars its minutes with trades by UTC day
   * @param rows by UTC day the file that holds them
   * @param lastRow the last minute that may get a row
   */
  public record Tape(
      String instrument,
      int bucket,
      NavigableMap<Long, MeasuredDay.Bars> bars,
      NavigableMap<Long, String> rows,
      long lastRow) {}

  /** Cuts instruments into units. */
  public Units(Spans spans, List<Tape> tapes) {
    this.spans = spans;
    NavigableMap<Integer, List<Tape>> buckets = new TreeMap<>();
    for (Tape tape : tapes) {
      if (!tape.bars().isEmpty()) {
        buckets.computeIfAbsent(tape.bucket(), key -> new ArrayList<>()).add(tape);
      }
    }
    buckets.values().forEach(this::cut);
  }

  /** The units; those of an instrument ascend by day. */
  public List<Unit> units() {
    return units;
  }

  /**
   * How many limbs of 48 bits the integers of Σ price · notional, Σ notional, Σ base volume need.
   */
  public int[] limbs() {
    return limbs.clone();
  }

  private void cut(List<Tape> tapes) {
    long first = tapes.stream().mapToLong(tape -> tape.bars().firstKey()).min().orElseThrow();
    long last = tapes.stream().mapToLong(tape -> day(tape.lastRow())).max().orElseThrow();
    int days = Math.max(1, Math.min(MOST_DAYS, MOST_INSTRUMENT_DAYS / tapes.size()));
    Map<String, DayStart> starts = new TreeMap<>();
    for (long from = first; from <= last; from += days) {
      long to = Math.min(last, from + days - 1);
      int[] decimals = new int[limbs.length];
      List<Unit.Member> members = new ArrayList<>();
      for (Tape tape : tapes) {
        DayStart start =
            starts.computeIfAbsent(
                tape.instrument(), name -> DayStart.first(spans.anchors().size()));
        Unit.Member member = member(tape, from, to, start, decimals);
        if (member != null) {
          members.add(member);
        }
        starts.put(tape.instrument(), behind(start, tape, from, to));
      }
      if (!members.isEmpty()) {
        noteLimbs(tapes, from, to, decimals);
        units.add(new Unit(units.size(), from, to, members, decimals));
      }
    }
  }

  private Unit.Member member(Tape tape, long from, long to, DayStart start, int[] decimals) {
    long firstMinute = from * DayBars.MINUTES_A_DAY;
    long lookBack = day(firstMinute - spans.lookback());
    NavigableMap<Long, MeasuredDay.Bars> looked = tape.bars().subMap(lookBack, true, to, true);
    Map.Entry<Long, MeasuredDay.Bars> newest = tape.bars().floorEntry(to);
    if (tape.lastRow() < firstMinute
        || newest == null
        || newest.getKey() < day(firstMinute - spans.longestWindow())) {
      return null;
    }
    List<Unit.Section> sections = new ArrayList<>();
    looked.forEach(
        (day, bars) -> {
          sections.add(new Unit.Section(tape.rows().get(day), bars.offset(), bars.count()));
          for (int i = 0; i < decimals.length; i++) {
            decimals[i] = Math.max(decimals[i], bars.decimals()[i]);
          }
        });
    Map.Entry<Long, MeasuredDay.Bars> before = tape.bars().lowerEntry(lookBack);
    BigDecimal closeBefore = before == null ? null : before.getValue().close();
    long lastMinute = (to + 1) * DayBars.MINUTES_A_DAY - 1;
    return new Unit.Member(
        tape.instrument(), start, closeBefore, Math.min(lastMinute, tape.lastRow()), sections);
  }

  private void noteLimbs(List<Tape> tapes, long from, long to, int[] decimals) {
    long lookBack = day(from * DayBars.MINUTES_A_DAY - spans.lookback());
    for (Tape tape : tapes) {
      for (MeasuredDay.Bars bars : tape.bars().subMap(lookBack, true, to, true).values()) {
        for (int i = 0; i < limbs.length; i++) {
          double bits = Math.max(1, bars.digits()[i] + decimals[i]) * BITS_A_DIGIT;
          limbs[i] = Math.max(limbs[i], (int) Math.ceil(bits / Limbs.BITS));
        }
      }
    }
  }

  /** What the day behind some days starts from. */
  private static DayStart behind(DayStart start, Tape tape, long from, long to) {
    CarriedSums sums = start.sums();
    BigDecimal close = start.close();
    for (MeasuredDay.Bars bars : tape.bars().subMap(from, true, to, true).values()) {
      sums = sums.plus(bars.adds());
      close = bars.close();
    }
    return new DayStart(sums, close, null);
  }

  private static long day(long minute) {
    return Math.floorDiv(minute, (long) DayBars.MINUTES_A_DAY);
  }
}
