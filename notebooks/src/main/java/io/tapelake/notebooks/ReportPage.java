package io.tapelake.notebooks;

import static java.util.Comparator.naturalOrder;

import io.tapelake.notebooks.DayReport.Figures;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A report as HTML that refers to nothing outside of itself and needs no script. */
final class ReportPage {

  private static final String NONE = "–";
  private static final char NO_BREAK = '\u00a0';
  private static final BigDecimal TRILLION = new BigDecimal("1e12");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--page:light-dark(#fff,#14171c);--ink:light-dark(#1c1c1c,#e8e8e8);--pale:light-dark(#5c5c5c,#a4adb8);\
      --rule:light-dark(#d8d8d8,#2c323a);--rise:light-dark(#0072b2,#56b4e9);--fall:light-dark(#c04a00,#f08c3a)}
      *{box-sizing:border-box}
      body{font:15px/1.45 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;color:var(--ink);background:var(--page);max-width:960px;margin:0 auto;padding:20px}
      h1{font-size:22px;margin:0 0 4px} h2{font-size:18px;margin:30px 0 4px;padding-top:14px;border-top:1px solid var(--rule)}
      p{margin:4px 0;overflow-wrap:anywhere} .note{color:var(--pale);font-size:13px}
      dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:8px 14px;margin:12px 0}
      dt{color:var(--pale);font-size:12px} dd{margin:0;font-size:14px;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
      .rise{color:var(--rise)} .fall{color:var(--fall)}
      .wide{overflow-x:auto} table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;width:100%}
      th{color:var(--pale);font-weight:400;text-align:right;padding:3px 8px;border-bottom:1px solid var(--rule)} td{text-align:right;padding:3px 8px;white-space:nowrap}
      th:first-child,td:first-child{text-align:left;padding-left:0}
      table.days{margin-bottom:12px} .days th,.days td{padding:3px 5px}
      @media screen and (max-width:640px){body{padding:12px} .overview .more{display:none}}
      @page{size:A4;margin:12mm} @media print{:root{color-scheme:light} body{padding:0;max-width:none;font-size:13px} section+section{break-before:page}\
       dl{grid-template-columns:repeat(6,1fr);gap:6px 10px} dl,.tl-desk{break-inside:avoid} dd{font-size:11.5px} dt{font-size:11px} h2,.note{break-after:avoid} h2{margin-top:14px}\
       .days,.overview{font-size:8.5px} table th,table td{padding:2px 3px}}
      """;

  private final LocalDate from;
  private final LocalDate to;

  /** The latest as-of of the instruments, or null without any. */
  private final Instant asOf;

  /** Up to when the minutes of all are closed. */
  private final Instant closedTo;

  private final StringBuilder page = new StringBuilder();

  private ReportPage(LocalDate from, LocalDate to, List<DayReport> reports) {
    this.from = from;
    this.to = to;
    asOf = reports.stream().map(DayReport::asOf).max(naturalOrder()).orElse(null);
    closedTo = reports.stream().map(DayReport::closedTo).min(naturalOrder()).orElse(null);
  }

  /** The page, as it is made now. */
  static String of(
      LocalDate from, LocalDate to, String vault, Instant made, List<DayReport> reports) {
    ReportPage page = new ReportPage(from, to, reports);
    page.head(vault, made);
    if (reports.size() > 1) {
      page.overview(reports);
    }
    reports.forEach(page::section);
    return page.page.append("</body></html>\n").toString();
  }

  private void head(String vault, Instant made) {
    String days = from.equals(to) ? from.toString() : from + " to " + to;
    page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    page.append("<title>Tapelake, ").append(days).append(" (UTC)</title>\n<style>");
    page.append(STYLE).append(Svg.STYLE).append("</style></head><body>\n<h1>");
    page.append(days).append(" (UTC)</h1>\n<p data-field=\"state\">").append(state(closedTo));
    page.append("</p>\n<p class=\"note\">As of ").append(asOf == null ? NONE : TIME.format(asOf));
    page.append("; made ").append(TIME.format(made.truncatedTo(ChronoUnit.SECONDS)));
    page.append("; vault ").append(HtmlTable.escape(name(vault))).append("</p>\n");
    page.append(
        "<p class=\"note\">Prices, σ and turnover in the quote currency, volume in coins; VWAP is"
            + " weighted");
    page.append(
        " by notional, and σ is of the trades around it; delta and CVD are what takers bought");
    page.append(" less what they sold.</p>\n");
  }

  /** A page that is sent to others does not tell where on a machine the vault lies. */
  private static String name(String vault) {
    return vault.replaceFirst("/+$", "").replaceFirst(".*/", "");
  }

  /** Whether the days can still get minutes of an instrument. */
  private String state(Instant until) {
    String what = from.equals(to) ? "day" : "days";
    return isPartial(until)
        ? "Partial " + what + ": minutes closed up to " + TIME.format(until)
        : "Whole " + what;
  }

  private boolean isPartial(Instant until) {
    return until != null && until.isBefore(to.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private void overview(List<DayReport> reports) {
    page.append("<div class=\"wide\"><table class=\"overview\"><thead><tr><th>Instrument</th>");
    page.append(
        "<th>Close</th><th>Change</th><th class=\"more\">Turnover</th><th class=\"more\">VWAP");
    page.append("</th><th class=\"more\">Close − VWAP</th><th class=\"more\">Trades</th>");
    page.append("</tr></thead><tbody>\n");
    for (DayReport report : reports) {
      page.append("<tr><td>").append(HtmlTable.escape(report.instrument())).append("</td>");
      if (report.days().isEmpty()) {
        page.append("<td colspan=\"6\">no trades</td></tr>\n");
        continue;
      }
      Figures first = report.days().get(0);
      Figures last = report.days().get(report.days().size() - 1);
      BigDecimal change =
          last.close()
              .subtract(first.open())
              .movePointRight(2)
              .divide(first.open(), MathContext.DECIMAL64);
      cell(plain(last.close()), "");
      cell(signed(change, 2, "%"), direction(change));
      cell(sum(report.days().stream().map(Figures::notional).toList()), "more");
      cell(price(last.vwap(), last), "more");
      cell(signed(last.deviationBps(), 1, "bps"), direction(last.deviationBps()) + " more");
      cell(
          plain(BigDecimal.valueOf(report.days().stream().mapToLong(Figures::trades).sum())),
          "more");
      page.append("</tr>\n");
    }
    page.append("</tbody></table></div>\n");
  }

  private static String sum(List<BigDecimal> numbers) {
    return volume(numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add));
  }

  private void cell(String text, String kind) {
    page.append("<td").append(kind.isEmpty() ? "" : " class=\"" + kind + "\"");
    page.append('>').append(HtmlTable.escape(text)).append("</td>");
  }

  private void section(DayReport report) {
    page.append("<section data-inst=\"").append(HtmlTable.escape(report.instrument()));
    page.append("\"><h2>").append(HtmlTable.escape(report.instrument())).append("</h2>\n");
    if (report.days().isEmpty()) {
      page.append("<p>No trades ");
      page.append(from.equals(to) ? "on this day" : "on these days").append(".</p>\n");
    } else if (from.equals(to)) {
      proof(report);
      figures(report, report.days().get(0));
    } else {
      proof(report);
      table(report, PRICES);
      table(report, AMOUNTS);
    }
    if (report.minutes().times().length > 0 && !report.days().isEmpty()) {
      page.append(Svg.both(DayPicture.of(report, true), DayPicture.of(report, false)));
      signals(report);
    }
    page.append("</section>\n");
  }

  /** What is known of the days' completeness. */
  private void proof(DayReport report) {
    List<String> parts = new ArrayList<>();
    if (isPartial(report.closedTo()) && report.asOf().isBefore(asOf)) {
      parts.add(state(report.closedTo()));
    }
    Figures first = report.days().get(0);
    Figures last = report.days().get(report.days().size() - 1);
    parts.add(
        from.equals(to)
            ? "Trades from %s to %s"
                .formatted(MINUTE.format(first.first()), MINUTE.format(last.last()))
            : "Trades on %d days, %s to %s"
                .formatted(report.days().size(), first.date(), last.date()));
    boolean isNoted = report.days().stream().allMatch(day -> day.refused() != null);
    parts.add(isNoted ? certificates(report) : "certificates: –");
    DayReport.Gaps gaps = report.gaps();
    if (gaps.all() > 0) {
      parts.add(
          "%d %s in the trade ids, the first at %s"
              .formatted(
                  gaps.all(),
                  gaps.all() == 1 ? "gap" : "gaps",
                  (from.equals(to) ? SECOND : TIME).format(gaps.first())));
    }
    parts.add(
        isNoted
            ? "<span data-field=\"refused\" data-exact=\"%1$d\">%1$d</span> refused lines"
                .formatted(report.days().stream().mapToLong(Figures::refused).sum())
            : "refused lines: –");
    page.append("<p class=\"note\" data-field=\"proof\">");
    page.append(String.join("; ", parts)).append(".</p>\n");
  }

  private String certificates(DayReport report) {
    if (report.days().stream().allMatch(day -> day.certified() == null)) {
      return "no certificate";
    }
    long complete =
        report.days().stream().filter(day -> Boolean.TRUE.equals(day.certified())).count();
    return from.equals(to)
        ? "certificate: " + (complete == 1 ? "complete" : "incomplete")
        : "certificates: %d of %d days complete".formatted(complete, report.days().size());
  }

  /** How many of each kind; the picture marks the larger ones. */
  private void signals(DayReport report) {
    Map<String, Long> kinds =
        report.signals().stream()
            .collect(
                Collectors.groupingBy(DayReport.Mark::kind, TreeMap::new, Collectors.counting()));
    if (!kinds.isEmpty()) {
      page.append("<p class=\"note\">Signals: ");
      page.append(
          kinds.entrySet().stream()
              .map(each -> each.getValue() + " " + each.getKey().replace('_', ' '))
              .collect(Collectors.joining(", ")));
      page.append(". Marked: those of ")
          .append(String.join(", ", DayPicture.marked(report)).replace('_', ' '));
      page.append(".</p>\n");
    }
  }

  private void figures(DayReport report, Figures day) {
    String coin = " " + report.coin();
    String quote = " " + report.quote();
    page.append("<dl>");
    exact("open", "Open", day.open(), plain(day.open()));
    exact("high", "High", day.high(), plain(day.high()));
    exact("low", "Low", day.low(), plain(day.low()));
    exact("close", "Close", day.close(), plain(day.close()));
    figure(
        "change",
        "Change",
        day.change(),
        signed(day.change(), null, "") + " (" + withSign(day.changePercent(), 2, "%") + ")",
        direction(day.change()));
    exact("volume", "Volume", day.volume(), volume(day.volume()) + coin);
    exact("notional", "Turnover", day.notional(), volume(day.notional()) + quote);
    exact("vwap", "VWAP", day.vwap(), price(day.vwap(), day));
    exact("vwap_base", "VWAP, turnover/volume", day.vwapBase(), price(day.vwapBase(), day));
    exact("sigma", "σ", sigma(day), price(sigma(day), day));
    figure(
        "deviation_bps",
        "Close − VWAP",
        day.deviationBps(),
        signed(day.deviationBps(), 1, "bps"),
        direction(day.deviationBps()));
    exact("poc", "POC", day.poc(), plain(day.poc()));
    exact("vah", "VAH", day.vah(), plain(day.vah()));
    exact("val", "VAL", day.val(), plain(day.val()));
    figure("cvd", "CVD", day.cvd(), signedVolume(day.cvd()) + coin, direction(day.cvd()));
    exact(
        "trades",
        "Trades",
        BigDecimal.valueOf(day.trades()),
        plain(BigDecimal.valueOf(day.trades())));
    DayReport.Trade largest = day.largest();
    exact(
        "largest",
        "Largest trade",
        largest == null ? null : largest.notional(),
        largest == null
            ? NONE
            : "%s %s%s at %s, %s"
                .formatted(
                    largest.side(),
                    volume(largest.volume()),
                    coin,
                    plain(largest.price()),
                    SECOND.format(largest.time())));
    exact(
        "missing",
        "Missing ids",
        day.missing() == null ? null : BigDecimal.valueOf(day.missing()),
        day.missing() == null ? NONE : plain(BigDecimal.valueOf(day.missing())));
    page.append("</dl>\n");
  }

  private void exact(String field, String name, BigDecimal value, String shown) {
    figure(field, name, value, shown, "");
  }

  /** A figure as it is read, and as it is. */
  private void figure(String field, String name, BigDecimal value, String shown, String direction) {
    page.append("<div><dt>")
        .append(name)
        .append("</dt><dd data-field=\"")
        .append(field)
        .append('"');
    if (value != null) {
      page.append(" data-exact=\"").append(stripped(value)).append('"');
    }
    page.append(direction.isEmpty() ? "" : " class=\"" + direction + "\"").append('>');
    page.append(HtmlTable.escape(value == null ? NONE : shown)).append("</dd></div>\n");
  }

  /** A column of the tables of several days. */
  private record Column(
      String name, Function<Figures, String> text, Function<Figures, String> direction) {
    static Column of(String name, Function<Figures, String> text) {
      return new Column(name, text, day -> "");
    }
  }

  private static final List<Column> PRICES =
      List.of(
          Column.of("Open", day -> plain(day.open())),
          Column.of("High", day -> plain(day.high())),
          Column.of("Low", day -> plain(day.low())),
          Column.of("Close", day -> plain(day.close())),
          new Column(
              "Change", day -> signed(day.changePercent(), 2, "%"), day -> direction(day.change())),
          Column.of("VWAP", day -> price(day.vwap(), day)),
          Column.of("σ", day -> price(sigma(day), day)),
          new Column(
              "Close − VWAP",
              day -> signed(day.deviationBps(), 1, "bps"),
              day -> direction(day.deviationBps())));

  private static final List<Column> AMOUNTS =
      List.of(
          Column.of("POC", day -> plain(day.poc())),
          Column.of("VAH", day -> plain(day.vah())),
          Column.of("VAL", day -> plain(day.val())),
          Column.of("Volume", day -> volume(day.volume())),
          Column.of("Turnover", day -> volume(day.notional())),
          new Column("CVD", day -> signedVolume(day.cvd()), day -> direction(day.cvd())),
          Column.of("Trades", day -> plain(BigDecimal.valueOf(day.trades()))),
          Column.of(
              "Missing ids",
              day -> day.missing() == null ? NONE : plain(BigDecimal.valueOf(day.missing()))));

  private static BigDecimal sigma(Figures day) {
    return day.sigma() == null ? null : BigDecimal.valueOf(day.sigma());
  }

  private void table(DayReport report, List<Column> columns) {
    page.append("<div class=\"wide\"><table class=\"days\"><thead><tr><th>Day</th>");
    columns.forEach(each -> page.append("<th>").append(each.name()).append("</th>"));
    page.append("</tr></thead><tbody>\n");
    for (Figures day : report.days()) {
      page.append("<tr><td>").append(day.date()).append("</td>");
      columns.forEach(each -> cell(each.text().apply(day), each.direction().apply(day)));
      page.append("</tr>\n");
    }
    page.append("</tbody></table></div>\n");
  }

  private static String direction(BigDecimal change) {
    return change == null || change.signum() == 0 ? "" : change.signum() > 0 ? "rise" : "fall";
  }

  private static BigDecimal strip(BigDecimal number) {
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }

  private static String stripped(BigDecimal number) {
    return strip(number).toPlainString();
  }

  /** All digits, in groups. */
  private static String plain(BigDecimal number) {
    if (number == null) {
      return NONE;
    }
    BigDecimal shown = strip(number);
    return grouped(shown, Math.max(0, shown.scale()));
  }

  /** In groups of three digits; what has more than four of these in units of 10^12, as on axes. */
  private static String grouped(BigDecimal number, int places) {
    if (number.abs().compareTo(TRILLION) >= 0) {
      return format(number.movePointLeft(12), 3) + NO_BREAK + "T";
    }
    return format(number, places);
  }

  private static String format(BigDecimal number, int places) {
    DecimalFormat format =
        new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setRoundingMode(RoundingMode.HALF_EVEN);
    format.setMinimumFractionDigits(places);
    format.setMaximumFractionDigits(places);
    return format.format(number);
  }

  /** Two digits more than the day's prices have. */
  private static String price(BigDecimal number, Figures day) {
    if (number == null) {
      return NONE;
    }
    int places = Math.max(strip(day.close()).scale(), strip(day.high()).scale());
    return grouped(number, Math.max(0, places) + 2);
  }

  /** Large amounts to the unit, small ones to six digits. */
  private static String volume(BigDecimal number) {
    if (number == null) {
      return NONE;
    }
    int whole = number.precision() - number.scale();
    int places = number.signum() == 0 ? 0 : Math.max(0, Math.min(strip(number).scale(), 7 - whole));
    return grouped(number, Math.min(places, 18));
  }

  private static String signedVolume(BigDecimal number) {
    return (number.signum() > 0 ? "+" : "") + volume(number).replace('-', '−');
  }

  /** A change: its sign and an arrow tell its direction, whatever colours one sees. */
  private static String signed(BigDecimal number, Integer places, String unit) {
    if (number == null) {
      return NONE;
    }
    String arrow = number.signum() > 0 ? "▲" : number.signum() < 0 ? "▼" : "";
    return (arrow.isEmpty() ? "" : arrow + NO_BREAK) + withSign(number, places, unit);
  }

  private static String withSign(BigDecimal number, Integer places, String unit) {
    String text = places == null ? plain(number) : grouped(number, places);
    String sign = number.signum() > 0 ? "+" : "";
    return sign + text.replace('-', '−') + (unit.isEmpty() ? "" : NO_BREAK + unit);
  }
}
