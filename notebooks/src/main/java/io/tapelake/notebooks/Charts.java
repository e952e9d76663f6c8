package io.tapelake.notebooks;

import io.tapelake.jobs.sql.SqlError;
import io.tapelake.notebooks.ChartSpec.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Turns rows into a picture with a panel for each value of a column. */
record Charts(ChartSpec spec, int line) {

  static final int MOST_ROWS = 100_000;

  private static final int MOST_PANELS = 12;
  private static final int MOST_SERIES = 24;
  private static final double DAY_MILLIS = 86_400_000;

  /** A longer hole between two rows, in steps as they are usual, is one in the data. */
  private static final int MOST_STEPS = 5;

  private static final double LEAST_LEFT = 44;
  private static final double BOLD_LETTER = 8;

  /** Room below a panel's plot, for its labels. */
  private static final double BELOW = 30;

  /**
   * The pictures that a specification, on a line of the cell, makes of some rows, as HTML.
   *
   * @throws SqlError when they do not fit
   */
  static String draw(ChartSpec spec, ChartData data, int line) {
    if (data.size() == 0) {
      throw SqlError.usage("%chart: the result has no rows to draw", line);
    }
    Map<String, ChartData> panels =
        spec.by() == null ? Map.of("", data) : data.split(data.column(spec.by()));
    Map<String, ChartData> drawn = new LinkedHashMap<>();
    panels.entrySet().stream()
        .limit(MOST_PANELS)
        .forEach(each -> drawn.put(each.getKey(), each.getValue()));
    List<String> wide = new Charts(spec, line).pictures(drawn);
    List<String> narrow = new Charts(spec.narrow(), line).pictures(drawn);
    StringBuilder html = new StringBuilder("<style>").append(Svg.STYLE).append("</style>\n");
    for (int i = 0; i < wide.size(); i++) {
      html.append(Svg.both(wide.get(i), narrow.get(i)));
    }
    if (panels.size() > MOST_PANELS) {
      html.append("<p>%d of %d: filter for others</p>".formatted(MOST_PANELS, panels.size()));
    }
    return html.toString();
  }

  /** A picture for each panel; their axes stand below each other. */
  private List<String> pictures(Map<String, ChartData> panels) {
    double left = LEAST_LEFT;
    for (ChartData each : panels.values()) {
      left = Math.max(left, draw(new Svg(spec.width(), spec.height(), ""), each, null, left));
    }
    List<String> pictures = new ArrayList<>();
    for (Map.Entry<String, ChartData> each : panels.entrySet()) {
      String title =
          spec.by() == null
              ? spec.title()
              : spec.title() == null ? each.getKey() : each.getKey() + ": " + spec.title();
      Svg svg = new Svg(spec.width(), spec.height(), title == null ? "chart" : title);
      draw(svg, each.getValue(), title, left);
      pictures.add(svg.toString());
    }
    return pictures;
  }

  /** The columns to draw by the name that the legend gives them. */
  private Map<String, ChartData> parts(ChartData data) {
    if (spec.series() == null) {
      return Map.of("", data);
    }
    Map<String, ChartData> parts = data.split(data.column(spec.series()));
    if (parts.size() > MOST_SERIES) {
      throw SqlError.usage(
          "%%chart: series=%s has %d values, and %d are the most"
              .formatted(spec.series(), parts.size(), MOST_SERIES),
          line);
    }
    return parts;
  }

  private List<String> yColumns(ChartData data, int x) {
    if (!spec.y().isEmpty()) {
      return spec.y();
    }
    if (!spec.band().isEmpty() || !spec.points().isEmpty()) {
      return List.of();
    }
    List<String> all = data.numberColumns(x);
    if (all.isEmpty()) {
      throw SqlError.usage("%chart: the result has no column of numbers to draw", line);
    }
    return all;
  }

  private static String name(String part, String column, int columns) {
    return part.isEmpty() ? column : columns == 1 ? part : part + " " + column;
  }

  /** What is drawn: the columns' names as the legend has them, with their rows. */
  private record Series(String name, ChartData rows, String column, Role role) {
    double[] values() {
      return rows.numbers(rows.column(column));
    }
  }

  private enum Role {
    BAND,
    LINE,
    POINT
  }

  private List<Series> series(ChartData data, int x, Map<String, ChartData> parts) {
    List<Series> all = new ArrayList<>();
    List<String> columns = spec.kind() == Kind.CANDLESTICK ? spec.line() : yColumns(data, x);
    parts.forEach(
        (part, rows) -> {
          spec.band()
              .forEach(each -> all.add(new Series(name(part, each, 2), rows, each, Role.BAND)));
          columns.forEach(
              each -> all.add(new Series(name(part, each, columns.size()), rows, each, Role.LINE)));
          spec.points()
              .forEach(each -> all.add(new Series(name(part, each, 2), rows, each, Role.POINT)));
        });
    return all;
  }

  /** Draws a panel; how much room its numbers need at the left. */
  private double draw(Svg svg, ChartData data, String title, double left) {
    int x = spec.x() == null ? 0 : data.column(spec.x());
    boolean isBar = spec.kind() == Kind.BAR || !(data.isTime(x) || data.isNumber(x));
    if (spec.kind() == Kind.CANDLESTICK && (ohlcColumns().size() != 4 || !data.isTime(x))) {
      throw SqlError.usage(
          "%chart candlestick needs a time for x and y=open,high,low,close columns", line);
    }
    Map<String, ChartData> parts = parts(data);
    List<Series> series = series(data, x, parts);
    List<String> names = data.isTime(x) || data.isNumber(x) ? null : data.names(x);
    double[] places = places(data, x, names);
    double step = step(places);
    boolean isStacked = isBar && spec.stacked();

    double plotTop = header(svg, title, series);
    double plotBottom = spec.height() - BELOW;
    Scale y = values(data, series, isBar, isStacked, x, names).scale(plotBottom, plotTop);
    Ticks up = Ticks.numbers(y, (int) Math.max(2, (plotBottom - plotTop) / 45));
    double right = spec.width() - 14;
    double half = spec.kind() == Kind.CANDLESTICK || isBar ? step / 2 : 0;
    Scale across =
        Scale.of(left, right, half == 0 ? 0.005 : 0, lowest(places) - half, highest(places) + half);
    int room = names == null ? 78 : Math.max(60, (int) (longest(names) * Svg.LETTER) + 12);
    int count = (int) Math.max(2, (right - left) / room);
    Ticks along =
        names != null
            ? Ticks.names(names, count)
            : data.isTime(x) ? Ticks.times(across, count) : Ticks.numbers(across, count);
    Panel panel = new Panel(svg, across, y);
    panel.axes(title == null ? "chart" : title, along, up, true);
    marks(panel, data, series, new Shape(x, names, step, isBar, isStacked));
    return up.longest() * Svg.LETTER + 14;
  }

  /** How a panel's rows lie along its axis. */
  private record Shape(int x, List<String> names, double step, boolean isBar, boolean isStacked) {}

  private void marks(Panel panel, ChartData data, List<Series> series, Shape shape) {
    int bands = 0;
    for (Series each : series) {
      if (each.role == Role.BAND) {
        double[] xs = places(each.rows, shape.x, shape.names);
        panel.line("edge", opacity(bands++), xs, each.values(), breaks(each, shape.x, xs));
      }
    }
    if (spec.kind() == Kind.CANDLESTICK) {
      double[][] ohlc = new double[4][];
      for (int i = 0; i < 4; i++) {
        ohlc[i] = data.numbers(data.column(ohlcColumns().get(i)));
      }
      panel.candles(places(data, shape.x, shape.names), ohlc, shape.step);
    }
    List<Series> lines = series.stream().filter(each -> each.role == Role.LINE).toList();
    Map<Double, double[]> heaps = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Series each = lines.get(i);
      double[] xs = places(each.rows, shape.x, shape.names);
      if (shape.isBar) {
        bars(panel, each, xs, shape, i, lines.size(), heaps);
      } else {
        panel.line("line", stroke(i), xs, each.values(), breaks(each, shape.x, xs));
      }
    }
    int marked = 0;
    for (Series each : series) {
      if (each.role == Role.POINT) {
        double[] xs = places(each.rows, shape.x, shape.names);
        panel.marks(PointShape.of(each.name), (6 + 6 * marked++) % 8, xs, each.values());
      }
    }
  }

  /** Bars beside each other, or upon those that were drawn before. */
  private static void bars(
      Panel panel,
      Series each,
      double[] xs,
      Shape shape,
      int i,
      int count,
      Map<Double, double[]> heaps) {
    String style = "fill:var(--c" + i % 8 + ")";
    double[] values = each.values();
    if (!shape.isStacked) {
      double width = shape.step * 0.86 / count;
      double[] beside = new double[xs.length];
      for (int k = 0; k < xs.length; k++) {
        beside[k] = xs[k] - shape.step * 0.43 + width * (i + 0.5);
      }
      panel.bars("bars", style, beside, values, width);
      return;
    }
    StringBuilder path = new StringBuilder();
    double width = shape.step * 0.86;
    for (int k = 0; k < xs.length; k++) {
      double[] heap = heaps.computeIfAbsent(xs[k], key -> new double[2]); // above zero, below it
      if (Double.isFinite(values[k]) && values[k] != 0) {
        int side = values[k] > 0 ? 0 : 1;
        double from = panel.y().at(heap[side]);
        heap[side] += values[k];
        double to = panel.y().at(heap[side]);
        panel.bar(path, xs[k], width, Math.min(from, to), Math.max(from, to));
      }
    }
    panel.svg().path("bars", style, path);
  }

  /** Lines end at a hole in time; what counts from midnight ends there. */
  private static IntPredicate breaks(Series series, int x, double[] xs) {
    boolean isTime = series.rows.isTime(x);
    double usual = isTime ? usualStep(xs) : Double.POSITIVE_INFINITY;
    boolean ofTheDay = isTime && series.column.contains("session") && usual < DAY_MILLIS;
    return row ->
        xs[row] - xs[row - 1] > MOST_STEPS * usual
            || (ofTheDay
                && Math.floor(xs[row] / DAY_MILLIS) != Math.floor(xs[row - 1] / DAY_MILLIS));
  }

  private static double usualStep(double[] xs) {
    double[] steps = new double[Math.max(0, xs.length - 1)];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = xs[i + 1] - xs[i];
    }
    double[] sorted = Arrays.stream(steps).filter(step -> step > 0).sorted().toArray();
    return sorted.length == 0 ? Double.POSITIVE_INFINITY : sorted[sorted.length / 2];
  }

  private static double[] places(ChartData rows, int x, List<String> names) {
    if (names != null) {
      Map<String, Integer> place = new HashMap<>();
      names.forEach(name -> place.put(name, place.size()));
      return rows.labels(x).stream().mapToDouble(place::get).toArray();
    }
    return rows.isTime(x) ? rows.times(x) : rows.numbers(x);
  }

  private static double step(double[] places) {
    double step = Scale.smallestStep(places);
    return Double.isFinite(step) ? step : 60_000;
  }

  /** The values that an axis has to hold. */
  private record Range(double low, double high) {
    Scale scale(double from, double to) {
      return Scale.of(from, to, low == 0 || high == 0 ? 0.02 : 0.05, low, high);
    }
  }

  private Range values(
      ChartData data,
      List<Series> series,
      boolean isBar,
      boolean isStacked,
      int x,
      List<String> names) {
    List<double[]> all = new ArrayList<>();
    series.forEach(each -> all.add(each.values()));
    if (spec.kind() == Kind.CANDLESTICK) {
      ohlcColumns().forEach(column -> all.add(data.numbers(data.column(column))));
    }
    if (isStacked) {
      Map<Double, double[]> heaps = new HashMap<>();
      for (Series each : series) {
        double[] xs = places(each.rows, x, names);
        double[] values = each.values();
        for (int i = 0; i < xs.length; i++) {
          double[] heap = heaps.computeIfAbsent(xs[i], key -> new double[2]);
          heap[values[i] > 0 ? 0 : 1] += Double.isFinite(values[i]) ? values[i] : 0;
        }
      }
      all.addAll(heaps.values());
    }
    double[] flat = all.stream().flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
    double low = Arrays.stream(flat).min().orElse(0);
    double high = Arrays.stream(flat).max().orElse(1);
    return isBar ? new Range(Math.min(0, low), Math.max(0, high)) : new Range(low, high);
  }

  /** Title and legend; where the plot may begin. */
  private double header(Svg svg, String title, List<Series> series) {
    double at = 8;
    for (String line : title == null ? List.<String>of() : lines(title)) {
      at += 15;
      svg.text("t", 14, at, line);
    }
    if (series.size() > 1) {
      at += 18;
      double x = 14;
      int[] drawn = new int[Role.values().length];
      for (Series each : series) {
        double width = each.name.length() * Svg.LETTER + 34;
        if (x > 14 && x + width > spec.width() - 14) {
          x = 14;
          at += 17;
        }
        int number = drawn[each.role.ordinal()]++;
        String dash = "M%s %sh14".formatted(Svg.number(x), Svg.number(at - 4));
        switch (each.role) {
          case BAND -> svg.path("edge", opacity(number), dash);
          case LINE -> svg.path("line", stroke(number) + ";stroke-width:4", dash);
          case POINT -> {
            PointShape shape = PointShape.of(each.name);
            svg.path("dots", shape.style((6 + 6 * number) % 8), shape.at(x + 7, at - 4));
          }
        }
        svg.text("n", x + 19, at, each.name);
        x += width;
      }
    }
    return at + 12;
  }

  /** A title in lines for which there is room. */
  private List<String> lines(String title) {
    List<String> lines = new ArrayList<>();
    for (String word : title.split(" ", -1)) {
      int last = lines.size() - 1;
      String longer = last < 0 ? word : lines.get(last) + " " + word;
      if (last >= 0 && longer.length() * BOLD_LETTER <= spec.width() - 28) {
        lines.set(last, longer);
      } else {
        lines.add(word);
      }
    }
    return lines;
  }

  private static String stroke(int series) {
    return "stroke:var(--c" + series % 8 + ");stroke-width:1.6";
  }

  /** Bands come in pairs, an upper and a lower one. */
  private static String opacity(int band) {
    return "stroke-opacity:" + (band < 2 ? "1" : band < 4 ? ".6" : ".35");
  }

  private List<String> ohlcColumns() {
    return spec.y().isEmpty() ? List.of("open", "high", "low", "close") : spec.y();
  }

  private static double lowest(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
  }

  private static double highest(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).max().orElse(1);
  }

  private static int longest(List<String> names) {
    return names.stream().mapToInt(String::length).max().orElse(0);
  }
}
