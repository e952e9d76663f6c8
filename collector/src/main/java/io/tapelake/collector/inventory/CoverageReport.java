package io.tapelake.collector.inventory;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.cover.IdRange;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Coverage as a table, as JSON lines, and as a calendar. */
public final class CoverageReport {

  private static final ObjectMapper JSON = new ObjectMapper();

  private CoverageReport() {}

  /** A line a day, and one of sums. */
  public static String table(List<DayCoverage> days) {
    StringBuilder text = new StringBuilder();
    String format = "%-18s %-10s %,13d %15s %15s %,12d %8s  %-12s  %-20s %,15d%s%n";
    text.append(
        "%-18s %-10s %13s %15s %15s %12s %8s  %-12s  %-20s %15s%n"
            .formatted(
                "instrument",
                "day",
                "trades",
                "first id",
                "last id",
                "missing",
                "share",
                "certified",
                "source",
                "bytes"));
    long trades = 0;
    long missing = 0;
    long bytes = 0;
    for (DayCoverage day : days) {
      text.append(
          format.formatted(
              day.day().instrument(),
              day.day().day(),
              day.trades(),
              day.first() < 0 ? "-" : Long.toString(day.first()),
              day.last() < 0 ? "-" : Long.toString(day.last()),
              day.missingIds(),
              share(day),
              day.certified(),
              day.source(),
              day.storedBytes(),
              day.isArchived() ? " gz" : ""));
      trades += day.trades();
      missing += day.missingIds();
      bytes += day.storedBytes();
    }
    return text.append(
            "%,d days, %,d trades, %,d ids missing, %,d bytes%n"
                .formatted(days.size(), trades, missing, bytes))
        .toString();
  }

  /** Such as {@code 99.98%}. */
  private static String share(DayCoverage day) {
    long share = day.shareOfTenThousand();
    return share / 100 + "." + String.valueOf(100 + share % 100).substring(1) + "%";
  }

  /** A JSON object a day, one a line. */
  public static String json(List<DayCoverage> days) {
    StringBuilder text = new StringBuilder();
    for (DayCoverage day : days) {
      ObjectNode node = JSON.createObjectNode();
      node.put("instId", day.day().instrument()).put("day", day.day().day().toString());
      node.put("trades", day.trades()).put("ids", day.ids());
      node.put("first_id", day.first()).put("last_id", day.last());
      node.put("missing_ids", day.missingIds());
      for (IdRange range : day.missing().subList(0, Math.min(100, day.missing().size()))) {
        node.withArray("missing").addArray().add(range.from()).add(range.to());
      }
      new TreeMap<>(day.sources()).forEach(node.putObject("sources")::put);
      node.put("bytes", day.storedBytes()).put("archived", day.isArchived());
      node.put("certified", day.certified());
      text.append(node).append('\n');
    }
    return text.toString();
  }

  /** A page with a square for each day: a row a month, a block an instrument. */
  public static String html(List<DayCoverage> days) {
    StringBuilder html =
        new StringBuilder(
            """
            <!doctype html><meta charset="utf-8"><title>Tapelake: coverage</title>
            <style>body{font:14px system-ui,sans-serif;margin:2em}text{font:11px system-ui}
            .none{fill:#eee}.full{fill:#2a8c4a}.most{fill:#a6c83c}.part{fill:#e8a33d}.poor{fill:#c8443a}</style>
            <h1>Coverage of trade ids by UTC day</h1>
            <p>Green: every id is there. Lime: 99.9% or more. Amber: 90% or more. Red: less. Grey: no file.</p>
            """);
    Map<String, Map<LocalDate, DayCoverage>> byName = new LinkedHashMap<>();
    for (DayCoverage day : days) {
      byName
          .computeIfAbsent(day.day().instrument(), each -> new TreeMap<>())
          .put(day.day().day(), day);
    }
    byName.forEach((name, found) -> calendar(html, name, (TreeMap<LocalDate, DayCoverage>) found));
    return html.toString();
  }

  private static void calendar(
      StringBuilder html, String instrument, TreeMap<LocalDate, DayCoverage> days) {
    YearMonth first = YearMonth.from(days.firstKey());
    YearMonth last = YearMonth.from(days.lastKey());
    long months = first.until(last, java.time.temporal.ChronoUnit.MONTHS) + 1;
    html.append(
        "<h2>%s</h2><svg width=\"640\" height=\"%d\">%n".formatted(instrument, months * 20));
    for (int row = 0; row < months; row++) {
      YearMonth month = first.plusMonths(row);
      html.append("<text x=\"0\" y=\"%d\">%s</text>".formatted(row * 20 + 13, month));
      for (int date = 1; date <= month.lengthOfMonth(); date++) {
        DayCoverage day = days.get(month.atDay(date));
        html.append(
            "<rect x=\"%d\" y=\"%d\" width=\"16\" height=\"16\" class=\"%s\"><title>%s</title></rect>"
                .formatted(
                    60 + date * 18,
                    row * 20,
                    colour(day),
                    day == null ? month.atDay(date) + ": no file" : describe(day)));
      }
      html.append('\n');
    }
    html.append("</svg>\n");
  }

  private static String describe(DayCoverage day) {
    return "%s: %,d trades, %,d ids missing, %s, certificate: %s"
        .formatted(day.day().day(), day.trades(), day.missingIds(), day.source(), day.certified());
  }

  private static String colour(DayCoverage day) {
    if (day == null || day.trades() == 0) {
      return "none";
    }
    long share = day.shareOfTenThousand();
    return day.missingIds() == 0
        ? "full"
        : share >= 9_990 ? "most" : share >= 9_000 ? "part" : "poor";
  }
}
