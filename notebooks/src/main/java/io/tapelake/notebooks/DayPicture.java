package io.tapelake.notebooks;

import io.tapelake.notebooks.DayReport.Bucket;
import io.tapelake.notebooks.DayReport.Figures;
import io.tapelake.notebooks.DayReport.Gap;
import io.tapelake.notebooks.DayReport.Mark;
import io.tapelake.notebooks.DayReport.Minutes;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.DoublePredicate;

/**
 * A report's picture of one instrument: candles with session VWAP, its bands and the volume
 * profile; below them signals, delta and CVD, all on one time axis.
 */
final class DayPicture {

  private static final double MINUTE = 60_000;
  private static final double DAY = 1_440 * MINUTE;
  private static final double SHORTEST = 30 * MINUTE;
  private static final int[] LENGTHS = {1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 240, 360, 720, 1_440};
  private static final double CANDLE_PIXELS = 5.5;
  private static final int MOST_PRICES = 48;
  private static final double LINE_HEIGHT = 17;
  private static final double MARGIN = 8;
  private static final double TIMES_HEIGHT = 26;
  private static final double NAME_HEIGHT = 26;

  private final DayReport report;
  private final Minutes minutes;
  private final double width;
  private final double height;
  private final Svg svg;

  private DayPicture(DayReport report, boolean isWide) {
    this.report = report;
    this.minutes = report.minutes();
    this.width = isWide ? 920 : 360;
    this.height = isWide ? 660 : 600;
    this.svg = new Svg(width, height, report.instrument() + ": price, delta and CVD");
  }

  /** The picture, for a page or for a telephone. */
  static String of(DayReport report, boolean isWide) {
    return new DayPicture(report, isWide).draw();
  }

  /** The kinds of signals that are marked: fewer of them where there are many days. */
  static List<String> marked(DayReport report) {
    return report.days().size() > 2
        ? List.of("vwap_cross")
        : List.of("vwap_cross", "deviation_entered", "level_break");
  }

  /** The panels' tops and bottoms. */
  private record Layout(
      double prices, double pricesEnd, double delta, double deltaEnd, double cvd, double cvdEnd) {
    static Layout of(double top, double height) {
      double end = height - TIMES_HEIGHT;
      double room = end - top - 20 - 2 * NAME_HEIGHT;
      double pricesEnd = top + room * 0.58;
      double delta = pricesEnd + 20 + NAME_HEIGHT;
      double deltaEnd = delta + room * 0.21;
      return new Layout(top, pricesEnd, delta, deltaEnd, deltaEnd + NAME_HEIGHT, end);
    }
  }

  private String draw() {
    double first = minutes.times()[0];
    double end = minutes.times()[minutes.times().length - 1] + MINUTE;
    double spare = Math.max(0, SHORTEST - (end - first)) / 2;
    int length = length((end - first + 2 * spare) / (width * 0.72 / CANDLE_PIXELS));
    TreeMap<Double, double[]> candles = candles(length);
    double[] places =
        candles.keySet().stream().mapToDouble(at -> at + length * MINUTE / 2).toArray();
    double[][] bars = columns(candles);

    Layout at = Layout.of(legend(length), height);
    Scale prices = Scale.of(at.pricesEnd, at.prices, 0.04, all(bars[1], bars[2], minutes.vwap()));
    Scale delta = Scale.of(at.deltaEnd, at.delta, 0.06, all(bars[4], new double[1]));
    Scale cvd = Scale.of(at.cvdEnd, at.cvd, 0.06, all(minutes.cvd(), new double[1]));
    Ticks priceTicks = Ticks.numbers(prices, 7);
    Ticks deltaTicks = Ticks.numbers(delta, 3);
    Ticks cvdTicks = Ticks.numbers(cvd, 3);
    int longest =
        Math.max(priceTicks.longest(), Math.max(deltaTicks.longest(), cvdTicks.longest()));
    Scale x =
        new Scale(first - spare, end + spare, longest * Svg.LETTER + 12, width - width * 0.15 - 40);
    Ticks times = Ticks.times(x, (int) ((x.to() - x.from()) / 62));

    gaps(x, at.prices, at.cvdEnd);
    Panel panel = new Panel(svg, x, prices);
    panel.axes("price", times, priceTicks, false);
    bands(panel);
    panel.candles(places, Arrays.copyOf(bars, 4), length * MINUTE);
    panel.line("vwap", "", ends(), minutes.vwap(), this::isNewDay);
    profile(panel);
    signals(x, at.pricesEnd + 11);
    svg.text("n", x.from(), at.delta - 8, "Delta, " + report.coin() + " per " + text(length));
    Panel deltas = new Panel(svg, x, delta);
    deltas.axes("delta", times, deltaTicks, false);
    deltas.bars("plus", "", places, only(bars[4], each -> each > 0), length * MINUTE * 0.8);
    deltas.bars("minus", "", places, only(bars[4], each -> each < 0), length * MINUTE * 0.8);
    svg.text("n", x.from(), at.cvd - 8, "CVD since 00:00 UTC, " + report.coin());
    Panel sums = new Panel(svg, x, cvd);
    sums.axes("cvd", times, cvdTicks, true);
    sums.line("close", "", ends(), minutes.cvd(), this::isNewDay);
    return svg.toString();
  }

  /** What a minute ended with is known at its end. */
  private double[] ends() {
    return Arrays.stream(minutes.times()).map(time -> time + MINUTE).toArray();
  }

  private boolean isNewDay(int row) {
    double[] times = minutes.times();
    return Math.floor(times[row] / DAY) != Math.floor(times[row - 1] / DAY)
        || times[row] - times[row - 1] > MINUTE;
  }

  private static int length(double least) {
    for (int length : LENGTHS) {
      if (length * MINUTE >= least) {
        return length;
      }
    }
    return LENGTHS[LENGTHS.length - 1];
  }

  private static String text(int minutes) {
    return minutes % 1_440 == 0
        ? minutes / 1_440 + " d"
        : minutes % 60 == 0 ? minutes / 60 + " h" : minutes + " min";
  }

  /** Open, high, low, close and delta by the time at which a candle begins. */
  private TreeMap<Double, double[]> candles(int length) {
    TreeMap<Double, double[]> candles = new TreeMap<>();
    for (int i = 0; i < minutes.times().length; i++) {
      if (Double.isNaN(minutes.open()[i])) {
        continue; // no trades
      }
      double start = Math.floor(minutes.times()[i] / MINUTE / length) * length * MINUTE;
      double[] candle =
          candles.computeIfAbsent(
              start, key -> new double[] {Double.NaN, 0, Double.POSITIVE_INFINITY, 0, 0});
      candle[0] = Double.isNaN(candle[0]) ? minutes.open()[i] : candle[0];
      candle[1] = Math.max(candle[1], minutes.high()[i]);
      candle[2] = Math.min(candle[2], minutes.low()[i]);
      candle[3] = minutes.close()[i];
      candle[4] += minutes.delta()[i];
    }
    return candles;
  }

  private static double[][] columns(TreeMap<Double, double[]> candles) {
    double[][] columns = new double[5][];
    for (int i = 0; i < columns.length; i++) {
      int column = i;
      columns[i] = candles.values().stream().mapToDouble(each -> each[column]).toArray();
    }
    return columns;
  }

  private static double[] all(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] only(double[] values, DoublePredicate which) {
    return Arrays.stream(values).map(each -> which.test(each) ? each : Double.NaN).toArray();
  }

  /** One and two standard deviations around VWAP. */
  private void bands(Panel panel) {
    double[] vwap = minutes.vwap();
    for (int k = 2; k >= 1; k--) {
      double[] low = new double[vwap.length];
      double[] high = new double[vwap.length];
      for (int i = 0; i < vwap.length; i++) {
        low[i] = inside(panel, vwap[i] - k * minutes.sigma()[i]);
        high[i] = inside(panel, vwap[i] + k * minutes.sigma()[i]);
      }
      panel.area("band", ends(), low, high, this::isNewDay);
    }
  }

  /** A wide band ends at the panel's edge, rather than that the price becomes a thin line. */
  private static double inside(Panel panel, double value) {
    return Math.min(panel.y().high(), Math.max(panel.y().low(), value));
  }

  /** Volume by price at the right, bought and sold; the value area has a bar beside it. */
  private void profile(Panel panel) {
    double lowest = report.profile().stream().mapToDouble(Bucket::lower).min().orElse(0);
    double highest = report.profile().stream().mapToDouble(Bucket::upper).max().orElse(0);
    if (report.profile().isEmpty()) {
      return;
    }
    double widest =
        report.profile().stream().mapToDouble(each -> each.upper() - each.lower()).max().orElse(0);
    int rows = (int) Math.max(1, Math.min(MOST_PRICES, (highest - lowest) / widest));
    double each = (highest - lowest) / rows;
    double[] bought = new double[rows];
    double[] sold = new double[rows];
    for (Bucket bucket : report.profile()) {
      double middle = (bucket.lower() + bucket.upper()) / 2;
      int row = Math.min(rows - 1, (int) ((middle - lowest) / each));
      bought[row] += bucket.bought();
      sold[row] += bucket.sold();
    }
    double most = 0;
    for (int i = 0; i < rows; i++) {
      most = Math.max(most, bought[i] + sold[i]);
    }
    double from = panel.x().to() + 6;
    Scale volumes = new Scale(0, most, from, width - 38);
    StringBuilder plus = new StringBuilder();
    StringBuilder minus = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      double top = Math.max(panel.y().to(), panel.y().at(lowest + (i + 1) * each) + 0.4);
      double bottom = Math.min(panel.y().from(), panel.y().at(lowest + i * each) - 0.4);
      if (bottom > top && bought[i] + sold[i] > 0) {
        Panel.box(plus, from, volumes.at(bought[i]), top, bottom);
        Panel.box(minus, volumes.at(bought[i]), volumes.at(bought[i] + sold[i]), top, bottom);
      }
    }
    svg.path("plus", plus);
    svg.path("minus", minus);
    if (report.days().size() == 1) {
      levels(panel);
    }
  }

  /** Point of control and value area, with their names at the edge. */
  private void levels(Panel panel) {
    Figures day = report.days().get(0);
    if (day.poc() == null) {
      return;
    }
    double[] at = {day.vah().doubleValue(), day.poc().doubleValue(), day.val().doubleValue()};
    String[] names = {"VAH", "POC", "VAL"};
    double above = Double.NEGATIVE_INFINITY;
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < at.length; i++) {
      double y = panel.y().at(inside(panel, at[i]));
      lines.append('M').append(Svg.number(panel.x().from())).append(' ').append(Svg.number(y));
      lines.append('H').append(Svg.number(width - 36));
      double label = Math.max(y + 4, above + 12); // they must not lie on each other
      svg.text("e", width - 2, label, names[i]);
      above = label;
    }
    svg.path("level", lines);
  }

  private void gaps(Scale x, double top, double bottom) {
    for (Gap gap : report.gaps().largest()) {
      double from = Math.max(x.from(), x.at(gap.from().toEpochMilli()) - 0.5);
      double to = Math.min(x.to(), x.at(gap.to().toEpochMilli()) + 0.5);
      if (to > from) {
        svg.rect("gap", from, top, to - from, bottom - top);
      }
    }
  }

  /** Triangles that point where a signal points. */
  private void signals(Scale x, double y) {
    StringBuilder up = new StringBuilder();
    StringBuilder down = new StringBuilder();
    for (Mark mark : report.signals()) {
      double at = x.at(mark.time());
      if (x.has(mark.time()) && marked(report).contains(mark.kind())) {
        StringBuilder path = mark.isUp() ? up : down;
        double tip = mark.isUp() ? -7 : 7;
        double foot = mark.isUp() ? y - 1 : y + 1; // those that point down have a row of their own
        path.append('M').append(Svg.number(at - 4)).append(' ').append(Svg.number(foot));
        path.append("h8l-4 ").append(Svg.number(tip)).append('Z');
      }
    }
    svg.path("plus", up);
    svg.path("minus", down);
  }

  /** What is what; where the panels may begin. */
  private double legend(int length) {
    String candle = text(length) + " candle";
    String[][] entries = {
      {"up", candle + " up"},
      {"down", "down"},
      {"vwap", "session VWAP"},
      {"band", "±1σ, ±2σ"},
      {"level", "POC, value area"},
      {"plus", "bought"},
      {"minus", "sold"},
      {"signal", "signals"},
      {"gap", "ids missing"}
    };
    double x = MARGIN;
    double y = 15;
    for (String[] entry : entries) {
      boolean isThere =
          switch (entry[0]) {
            case "signal" -> !report.signals().isEmpty();
            case "gap" -> report.gaps().all() > 0;
            case "level" -> report.days().size() == 1 && !report.profile().isEmpty();
            default -> true;
          };
      if (!isThere) {
        continue;
      }
      double needed = 20 + entry[1].length() * Svg.LETTER + 12;
      if (x > MARGIN && x + needed > width) {
        x = MARGIN;
        y += LINE_HEIGHT;
      }
      swatch(entry[0], x, y);
      svg.text("n", x + 20, y, entry[1]);
      x += needed;
    }
    svg.text("n", MARGIN, y + 24, "Price, " + report.quote());
    return y + 34;
  }

  private void swatch(String kind, double x, double y) {
    String line = "M%s %sh14".formatted(Svg.number(x), Svg.number(y - 4));
    switch (kind) {
      case "vwap", "level" -> svg.path(kind, line);
      case "signal" ->
          svg.path("plus", "M%s %sh8l-4 -7Z".formatted(Svg.number(x + 2), Svg.number(y - 1)));
      case "up", "down" ->
          svg.path(
              kind,
              "M%1$s %2$sv-2M%1$s %3$sv2M%4$s %5$sh6v7h-6Z"
                  .formatted(
                      Svg.number(x + 7),
                      Svg.number(y - 8),
                      Svg.number(y - 1),
                      Svg.number(x + 4),
                      Svg.number(y - 8)));
      default -> svg.rect(kind, x, y - 9, 14, 9);
    }
  }
}
