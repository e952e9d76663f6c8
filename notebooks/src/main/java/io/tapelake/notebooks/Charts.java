package io.tapelake.notebooks;

import io.tapelake.jobs.sql.SqlError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.OHLCChart;
import org.knowm.xchart.OHLCChartBuilder;
import org.knowm.xchart.OHLCSeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Turns rows into charts, one for each panel. */
final class Charts {

  static final int MOST_ROWS = 100_000;

  private static final int MOST_PANELS = 12;
  private static final int MOST_SERIES = 24;
  private static final int DAYS_WITH_HOURS = 10;

  private final ChartSpec spec;
  private final int line;

  private Charts(ChartSpec spec, int line) {
    this.spec = spec;
    this.line = line;
  }

  /**
   * The charts that a specification makes of some rows.
   *
   * @param line where in the cell they are asked for
   * @throws SqlError when they do not fit
   */
  static List<Chart<?, ?>> draw(ChartSpec spec, ChartData data, int line) {
    if (data.size() == 0) {
      throw SqlError.usage("%chart: the result has no rows to draw", line);
    }
    return new Charts(spec, line).panels(data);
  }

  private List<Chart<?, ?>> panels(ChartData data) {
    if (spec.by() == null) {
      return List.of(panel(data, spec.title()));
    }
    Map<String, ChartData> parts = data.split(data.column(spec.by()));
    if (parts.size() > MOST_PANELS) {
      throw SqlError.usage(
          "%%chart: by=%s has %d values, and %d panels are the most: filter, or use series="
              .formatted(spec.by(), parts.size(), MOST_PANELS),
          line);
    }
    List<Chart<?, ?>> panels = new ArrayList<>();
    parts.forEach(
        (value, part) ->
            panels.add(panel(part, spec.title() == null ? value : value + ": " + spec.title())));
    return panels;
  }

  private Chart<?, ?> panel(ChartData data, String title) {
    int x = spec.x() == null ? 0 : data.column(spec.x());
    return switch (spec.kind()) {
      case CANDLESTICK -> candles(data, x, title);
      case BAR -> bars(data, x, title);
      case LINE ->
          data.isTime(x) || data.isNumber(x) ? lines(data, x, title) : bars(data, x, title);
    };
  }

  private static void setTitle(Chart<?, ?> chart, String title) {
    chart.setTitle(title == null ? "" : title);
    chart.getStyler().setChartTitleVisible(title != null);
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

  private Chart<?, ?> lines(ChartData data, int x, String title) {
    XYChart chart = new XYChartBuilder().width(spec.width()).height(spec.height()).build();
    setTitle(chart, title);
    Map<String, ChartData> parts = parts(data);
    List<String> columns = yColumns(data, x);
    int drawn = 0;
    int bands = 0;
    int marked = 0;
    for (Map.Entry<String, ChartData> part : parts.entrySet()) {
      ChartData rows = part.getValue();
      for (String column : spec.band()) {
        XYSeries series = add(chart, name(part.getKey(), column, 2), rows, x, column);
        series.setLineStyle(ChartStyle.thin()).setLineColor(ChartStyle.bandColor(bands++));
        series.setMarker(SeriesMarkers.NONE);
      }
      for (String column : columns) {
        String name = name(part.getKey(), column, columns.size());
        XYSeries series = add(chart, name, rows, x, column);
        series.setLineStyle(ChartStyle.line()).setLineColor(ChartStyle.color(drawn++));
        series.setMarker(SeriesMarkers.NONE);
      }
      for (String column : spec.points()) {
        XYSeries series = add(chart, name(part.getKey(), column, 2), rows, x, column);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(ChartStyle.pointColor(marked++));
      }
    }
    ChartStyle.apply(chart.getStyler(), chart.getSeriesMap().size());
    if (data.isTime(x)) {
      chart.getStyler().setDatePattern(axisPattern(data.times(x)));
    }
    return chart;
  }

  /** An axis has ticks of its own: behind some days at midnight only. */
  private static String axisPattern(double[] times) {
    double span = Arrays.stream(times).max().orElse(0) - Arrays.stream(times).min().orElse(0);
    String pattern = TimeLabels.pattern(times);
    return span > DAYS_WITH_HOURS * 86_400_000.0 ? pattern.replace(" HH:mm", "") : pattern;
  }

  @SuppressWarnings("JavaUtilDate") // the chart library knows times as these only
  private XYSeries add(XYChart chart, String name, ChartData rows, int x, String column) {
    double[] y = rows.numbers(rows.column(column));
    if (!rows.isTime(x)) {
      return chart.addSeries(unique(chart.getSeriesMap(), name), rows.numbers(x), y);
    }
    List<Date> times = Arrays.stream(rows.times(x)).mapToObj(t -> new Date((long) t)).toList();
    return chart.addSeries(
        unique(chart.getSeriesMap(), name), times, Arrays.stream(y).boxed().toList());
  }

  private Chart<?, ?> bars(ChartData data, int x, String title) {
    CategoryChart chart =
        new CategoryChartBuilder().width(spec.width()).height(spec.height()).build();
    setTitle(chart, title);
    Map<String, ChartData> parts = parts(data);
    TimeLabels named = TimeLabels.of(data, x);
    List<String> labels = named.once(data);
    List<String> columns = yColumns(data, x);
    int drawn = 0;
    for (Map.Entry<String, ChartData> part : parts.entrySet()) {
      ChartData rows = part.getValue();
      for (String column : columns) {
        String name = name(part.getKey(), column, columns.size());
        addBars(chart, name, aligned(labels, named.each(rows), rows, column), labels)
            .setFillColor(ChartStyle.color(drawn++));
      }
      for (String column : spec.band()) {
        List<Double> values = aligned(labels, named.each(rows), rows, column);
        CategorySeries series = addBars(chart, column, values, labels);
        series.setChartCategorySeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(ChartStyle.color(++drawn));
      }
    }
    ChartStyle.apply(chart.getStyler(), chart.getSeriesMap().size());
    chart.getStyler().setStacked(spec.stacked());
    chart.getStyler().setOverlapped(false);
    chart
        .getStyler()
        .setAvailableSpaceFill(columns.size() * parts.size() > 1 && !spec.stacked() ? 0.8 : 0.9);
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
    chart.getStyler().setXAxisMaxLabelCount(labels.size());
    return chart;
  }

  private static CategorySeries addBars(
      CategoryChart chart, String name, List<Double> values, List<String> labels) {
    return chart.addSeries(unique(chart.getSeriesMap(), name), evenly(labels), values);
  }

  /** As many of the labels as there is room for, equally far apart: the library would round. */
  private static List<String> evenly(List<String> labels) {
    int step = (labels.size() + ChartStyle.MOST_TICKS - 1) / ChartStyle.MOST_TICKS;
    return IntStream.range(0, labels.size())
        .mapToObj(i -> i % step == 0 ? labels.get(i) : " ")
        .toList();
  }

  /** The values of some rows in the order of the labels of all. */
  private static List<Double> aligned(
      List<String> labels, List<String> own, ChartData rows, String column) {
    double[] numbers = rows.numbers(rows.column(column));
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < numbers.length; i++) {
      values.merge(own.get(i), Double.isNaN(numbers[i]) ? 0 : numbers[i], Double::sum);
    }
    return labels.stream().map(label -> values.getOrDefault(label, 0.0)).toList();
  }

  private Chart<?, ?> candles(ChartData data, int x, String title) {
    List<String> y = spec.y().isEmpty() ? List.of("open", "high", "low", "close") : spec.y();
    if (y.size() != 4 || !data.isTime(x)) {
      throw SqlError.usage(
          "%chart candlestick needs a time for x and y=open,high,low,close columns", line);
    }
    OHLCChart chart = new OHLCChartBuilder().width(spec.width()).height(spec.height()).build();
    setTitle(chart, title);
    OHLCSeries candles =
        chart.addSeries(
            "price",
            dates(data, x),
            boxed(data, y.get(0)),
            boxed(data, y.get(1)),
            boxed(data, y.get(2)),
            boxed(data, y.get(3)));
    candles.setUpColor(ChartStyle.UP).setDownColor(ChartStyle.DOWN);
    int drawn = 0;
    int bands = 0;
    for (String column : spec.line()) {
      OHLCSeries series = chart.addSeries(column, dates(data, x), boxed(data, column));
      series.setLineStyle(ChartStyle.line()).setLineColor(ChartStyle.color(drawn++));
      series.setMarker(SeriesMarkers.NONE);
    }
    for (String column : spec.band()) {
      OHLCSeries series = chart.addSeries(column, dates(data, x), boxed(data, column));
      series.setLineStyle(ChartStyle.thin()).setLineColor(ChartStyle.bandColor(bands++));
      series.setMarker(SeriesMarkers.NONE);
    }
    ChartStyle.apply(chart.getStyler(), chart.getSeriesMap().size());
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setDatePattern(axisPattern(data.times(x)));
    return chart;
  }

  @SuppressWarnings("JavaUtilDate") // the chart library knows times as these only
  private static List<Date> dates(ChartData data, int x) {
    return Arrays.stream(data.times(x)).mapToObj(t -> new Date((long) t)).toList();
  }

  private static List<Double> boxed(ChartData data, String column) {
    return Arrays.stream(data.numbers(data.column(column))).boxed().toList();
  }

  private static String unique(Map<String, ?> taken, String name) {
    String free = name;
    for (int i = 2; taken.containsKey(free); i++) {
      free = name + " " + i;
    }
    return free;
  }
}
