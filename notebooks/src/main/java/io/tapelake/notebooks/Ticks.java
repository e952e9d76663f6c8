package io.tapelake.notebooks;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The values that an axis names, and how it writes them. Times are in milliseconds since 1970. */
record Ticks(List<Tick> ticks) {

  /** A value and its text. */
  record Tick(double value, String label) {}

  private static final long MINUTE = 60_000;
  private static final long DAY = 1_440 * MINUTE;
  private static final int DAYS_WITHOUT_YEAR = 300;
  private static final long[] MINUTES = {
    1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1_440, 2_880, 7_200, 14_400
  };
  private static final int[] MONTHS = {1, 2, 3, 6, 12, 24, 60, 120};

  private static final int MOST_NUMBERS = 50;
  private static final double SCIENTIFIC = 1e15;
  private static final DecimalFormatSymbols SIGNS = DecimalFormatSymbols.getInstance(Locale.ROOT);
  private static final DateTimeFormatter TIME = utc("HH:mm");
  private static final DateTimeFormatter SHORT_DAY = utc("d MMM");
  private static final DateTimeFormatter LONG_DAY = utc("d MMM yyyy");
  private static final DateTimeFormatter MONTH = utc("MMM yyyy");

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
  }

  /** About {@code count} round numbers of a scale. */
  static Ticks numbers(Scale scale, int count) {
    double rough = (scale.high() - scale.low()) / Math.max(1, count);
    double ten = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = ten * (rough / ten <= 1 ? 1 : rough / ten <= 2 ? 2 : rough / ten <= 5 ? 5 : 10);
    int places = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    List<Tick> ticks = new ArrayList<>();
    double first = Math.ceil(scale.low() / step);
    for (int i = 0; i < MOST_NUMBERS && (first + i) * step <= scale.high(); i++) {
      double value = (first + i) * step;
      ticks.add(new Tick(value, number(value, step, places)));
    }
    return new Ticks(ticks);
  }

  private static String number(double value, double step, int places) {
    if (Math.abs(value) < step / 2) {
      return "0";
    }
    double size = Math.abs(value);
    if (size >= SCIENTIFIC || step < 1e-14) {
      return new DecimalFormat("0.###E0", SIGNS).format(value);
    }
    for (int power = 12; power >= 6; power -= 3) {
      if (step >= Math.pow(10, power - 3) && size >= Math.pow(10, power)) {
        char unit = power == 12 ? 'T' : power == 9 ? 'G' : 'M';
        return new DecimalFormat("#,##0.###", SIGNS).format(value / Math.pow(10, power)) + unit;
      }
    }
    DecimalFormat format = new DecimalFormat("#,##0", SIGNS);
    format.setMinimumFractionDigits(places);
    format.setMaximumFractionDigits(places);
    return format.format(value);
  }

  /** At most {@code count} round times of a scale; midnight is named by its day. */
  static Ticks times(Scale scale, int count) {
    double span = scale.high() - scale.low();
    for (long minutes : MINUTES) {
      if (span / (minutes * MINUTE) <= count) {
        return every(scale, minutes * MINUTE);
      }
    }
    for (int months : MONTHS) {
      if (span / (months * 30.4 * DAY) <= count) {
        return everyMonths(scale, months);
      }
    }
    return everyMonths(scale, MONTHS[MONTHS.length - 1]);
  }

  private static Ticks every(Scale scale, long step) {
    DateTimeFormatter day =
        scale.high() - scale.low() > DAYS_WITHOUT_YEAR * (double) DAY ? LONG_DAY : SHORT_DAY;
    List<Tick> ticks = new ArrayList<>();
    for (long time = (long) Math.ceil(scale.low() / step) * step;
        time <= scale.high();
        time += step) {
      DateTimeFormatter format = time % DAY == 0 ? day : TIME;
      ticks.add(new Tick(time, format.format(Instant.ofEpochMilli(time))));
    }
    if (!ticks.isEmpty() && ticks.stream().noneMatch(tick -> tick.value() % DAY == 0)) {
      Tick first = ticks.get(0); // which day it is has to stand somewhere
      Instant at = Instant.ofEpochMilli((long) first.value());
      ticks.set(0, new Tick(first.value(), day.format(at) + " " + first.label()));
    }
    return new Ticks(ticks);
  }

  private static Ticks everyMonths(Scale scale, int step) {
    List<Tick> ticks = new ArrayList<>();
    LocalDate first = Instant.ofEpochMilli((long) scale.low()).atZone(ZoneOffset.UTC).toLocalDate();
    LocalDate month = LocalDate.of(first.getYear(), 1, 1);
    while (true) {
      Instant at = month.atStartOfDay(ZoneOffset.UTC).toInstant();
      if (at.toEpochMilli() > scale.high()) {
        return new Ticks(ticks);
      }
      if (at.toEpochMilli() >= scale.low()) {
        ticks.add(new Tick(at.toEpochMilli(), MONTH.format(at)));
      }
      month = month.plusMonths(step);
    }
  }

  /** As many of some names as there is room for, equally far apart; a name's value is its place. */
  static Ticks names(List<String> names, int count) {
    int step = Math.max(1, (names.size() + count - 1) / Math.max(1, count));
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i < names.size(); i += step) {
      ticks.add(new Tick(i, names.get(i)));
    }
    return new Ticks(ticks);
  }

  int longest() {
    return ticks.stream().mapToInt(tick -> tick.label().length()).max().orElse(0);
  }
}
