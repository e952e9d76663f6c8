package io.tapelake.notebooks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import java.util.TimeZone;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** How all charts look. */
final class ChartStyle {

  /** Colours that stay apart also for the colour-blind; the first for the price itself. */
  private static final Color[] COLORS = {
    new Color(0x1f4e79), new Color(0xd55e00), new Color(0x009e73), new Color(0x7b3294),
    new Color(0xc79a00), new Color(0x56b4e9), new Color(0xcc79a7), new Color(0x555555)
  };

  /** Points stand on lines: they must not look like one. */
  private static final Color[] POINTS = {
    new Color(0xd7191c), new Color(0x111111), new Color(0x8c510a), new Color(0x542788)
  };

  static final Color UP = new Color(0x1a9850);
  static final Color DOWN = new Color(0xd73027);

  /** Bands come in pairs, an upper and a lower one. */
  private static final Color[] BANDS = {
    new Color(0x7f7f7f), new Color(0xb0a090), new Color(0x9fb8cc), new Color(0xc4c4c4)
  };

  static final int MOST_TICKS = 10;
  private static final int TICK_PIXELS = 100;

  private ChartStyle() {}

  static Color color(int series) {
    return COLORS[series % COLORS.length];
  }

  static Color pointColor(int series) {
    return POINTS[series % POINTS.length];
  }

  static Color bandColor(int series) {
    return BANDS[series / 2 % BANDS.length];
  }

  static BasicStroke line() {
    return new BasicStroke(1.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  static BasicStroke thin() {
    return new BasicStroke(1f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  static void apply(AxesChartStyler styler, int series) {
    styler
        .setLocale(Locale.ROOT)
        .setTimezone(TimeZone.getTimeZone("UTC"))
        .setPlotGridLinesColor(new Color(0xe4e4e4))
        .setPlotGridLinesStroke(new BasicStroke(0.8f))
        .setAxisTickLabelsFont(font(Font.PLAIN, 11))
        .setAxisTickLabelsColor(new Color(0x444444))
        .setAxisTickMarksColor(new Color(0xaaaaaa))
        .setAxisTitlesVisible(false)
        .setYAxisDecimalPattern("#,##0.#########")
        .setXAxisMaxLabelCount(MOST_TICKS)
        .setXAxisTickMarkSpacingHint(TICK_PIXELS)
        .setYAxisLabelAlignment(TextAlignment.Right)
        .setPlotMargin(4);
    styler
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setChartFontColor(new Color(0x222222))
        .setChartTitleBoxVisible(false)
        .setChartTitleFont(font(Font.BOLD, 13))
        .setChartTitlePadding(6)
        .setChartPadding(8)
        .setLegendVisible(series > 1)
        .setLegendFont(font(Font.PLAIN, 11))
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setLegendBorderColor(Color.WHITE)
        .setLegendPadding(4)
        .setLegendSeriesLineLength(18)
        .setMarkerSize(7)
        .setAntiAlias(true);
  }

  private static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }
}
