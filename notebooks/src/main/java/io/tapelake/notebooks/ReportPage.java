package io.tapelake.notebooks;

import io.tapelake.jobs.sql.ResultTable;
import io.tapelake.notebooks.DayFigures.Instrument;
import java.io.IOException;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.knowm.xchart.internal.chartpart.Chart;

/** A day's report as HTML that refers to nothing outside of itself. */
final class ReportPage {

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>%1$s</title>
      <style>
      body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
      h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-top: 1px solid #ddd; padding-top: 1rem }
      dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .6rem 1rem; margin: 1rem 0 }
      dt { color: #777; font-size: .8rem } dd { margin: 0; font-variant-numeric: tabular-nums }
      svg.chart { width: 100%%; height: auto } p.note { color: #777; font-size: .85rem }
      </style></head><body>
      <h1>%1$s</h1>
      """;

  private static final DecimalFormat NUMBERS =
      new DecimalFormat("#,##0.##################", DecimalFormatSymbols.getInstance(Locale.ROOT));

  private ReportPage() {}

  static String of(LocalDate day, String vault, Map<String, Instrument> instruments)
      throws IOException {
    StringBuilder page = new StringBuilder(HEAD.formatted("Tapelake, " + day + " (UTC)"));
    page.append("<p class=\"note\">Vault ").append(HtmlTable.escape(vault));
    page.append(". Volumes in coins; turnover in the quote currency, or in coins for inverse");
    page.append(" contracts; delta is what takers bought less what they sold.</p>\n");
    int number = 0;
    for (Map.Entry<String, Instrument> each : instruments.entrySet()) {
      page.append("<h2>").append(HtmlTable.escape(each.getKey())).append("</h2>\n");
      appendFigures(page, each.getValue());
      page.append(Pictures.svg(charts(each.getValue()), "c" + ++number)).append('\n');
    }
    return page.append("</body></html>\n").toString();
  }

  private static void appendFigures(StringBuilder page, Instrument instrument) {
    ResultTable summary = instrument.summary();
    String[] names = summary.schema().fieldNames();
    page.append("<dl>");
    for (int i = 1; i < names.length; i++) {
      Row row = summary.rows().get(0);
      String value =
          summary.isNumber(i) && !row.isNullAt(i)
              ? NUMBERS.format(row.get(i))
              : summary.cell(row, i);
      appendFigure(page, names[i].replace('_', ' '), value);
    }
    appendFigure(page, "refused lines", NUMBERS.format(instrument.refused()));
    page.append("</dl>\n");
  }

  private static void appendFigure(StringBuilder page, String name, String value) {
    page.append("<div><dt>").append(name).append("</dt><dd>");
    page.append(value == null ? "–" : HtmlTable.escape(value)).append("</dd></div>");
  }

  private static List<Chart<?, ?>> charts(Instrument instrument) {
    List<Chart<?, ?>> charts = new ArrayList<>();
    add(charts, instrument.minutes(), "line x=minute title='Price and rolling VWAP' height=340");
    add(
        charts,
        instrument.quarters(),
        "bar x=quarter y=delta title='Delta by quarter-hour' height=220");
    add(
        charts,
        instrument.flow(),
        "line x=minute y=cvd title='Cumulative volume delta' height=220");
    add(
        charts,
        instrument.profile(),
        "bar x=price y=bought,sold stacked=true title='Volume by price' height=280");
    return charts;
  }

  private static void add(List<Chart<?, ?>> charts, ResultTable rows, String spec) {
    if (rows != null) {
      charts.addAll(Charts.draw(ChartSpec.parse(spec, 1), ChartData.of(rows, 1), 1));
    }
  }
}
