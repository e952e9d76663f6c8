package io.tapelake.simulator.exchange;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The official files of past trades: where they are, and what they hold. */
final class Archives {

  static final String FOLDER = "/cdn/okex/traderecords/trades/";

  private static final Pattern FILE =
      Pattern.compile(
          FOLDER
              + "(daily/(\\d{8})|monthly/(\\d{6}))/([A-Z0-9-]+-SWAP)-trades-"
              + "(\\d{4}-\\d{2}(?:-\\d{2})?)\\.zip");

  private static final int MOST_DAYS = 20;
  private static final int MOST_MONTHS = 12;

  private final Exchange exchange;

  Archives(Exchange exchange) {
    this.exchange = exchange;
  }

  /** The file at that path: 404 when there is none, or when its last day is not over yet. */
  Answer file(String path) {
    Archive archive = parse(path);
    if (archive == null || !exists(archive)) {
      return Answer.of(404, "text/html", new byte[0]);
    }
    return Answer.download("application/zip", out -> archive.writeTo(out, exchange.tape()));
  }

  /** {@code public/market-data-history}: links to the files of a range, newest first. */
  Answer links(Map<String, String> query) {
    String type = query.getOrDefault("dateAggrType", "daily");
    String begin = query.getOrDefault("begin", "");
    String end = query.getOrDefault("end", "");
    if (!begin.matches("\\d{1,15}") || !end.matches("\\d{1,15}")) {
      return Answer.error(400, "50014", "Parameter begin or end can not be empty");
    }
    boolean daily = type.equals("daily");
    LocalDate first = Archive.dayOf(Instant.ofEpochMilli(Long.parseLong(begin)));
    LocalDate last = Archive.dayOf(Instant.ofEpochMilli(Long.parseLong(end)));
    if (daily
        ? first.plusDays(MOST_DAYS).isBefore(last)
        : first.plusMonths(MOST_MONTHS).isBefore(last)) {
      return Answer.error(400, "51000", "Parameter begin error");
    }
    StringBuilder details = new StringBuilder();
    for (String family : query.getOrDefault("instFamilyList", "").split(",", -1)) {
      if (exchange.feed(family + "-SWAP") != null) {
        details.append(details.isEmpty() ? "" : ",");
        details.append(details(family, daily, first, last));
      }
    }
    return Answer.data(
        "{\"dateAggrType\":\""
            + (daily ? "daily" : "monthly")
            + "\",\"details\":["
            + details
            + "],\"totalSizeMB\":\"1\",\"ts\":\""
            + exchange.now().toEpochMilli()
            + "\"}");
  }

  private String details(String family, boolean daily, LocalDate first, LocalDate last) {
    List<String> links = new ArrayList<>();
    LocalDate day = last;
    while (!day.isBefore(daily ? first : first.withDayOfMonth(1))) {
      String instrument = family + "-SWAP";
      Archive archive = daily ? Archive.daily(instrument, day) : Archive.monthly(instrument, day);
      if (exists(archive)) {
        links.add(link(archive, daily));
      }
      day = daily ? day.minusDays(1) : day.withDayOfMonth(1).minusDays(1);
    }
    return "{\"instFamily\":\""
        + family
        + "\",\"instId\":\"\",\"instType\":\"SWAP\",\"groupSizeMB\":\"1\",\"groupDetails\":["
        + String.join(",", links)
        + "]}";
  }

  private String link(Archive archive, boolean daily) {
    String compact = archive.first().toString().replace("-", "");
    String folder = daily ? "daily/" + compact : "monthly/" + compact.substring(0, 6);
    String file = archive.name() + ".zip";
    return "{\"dateTs\":\""
        + archive.from().toEpochMilli()
        + "\",\"filename\":\""
        + file
        + "\",\"sizeMB\":\"1\",\"url\":\""
        + exchange.publicUrl()
        + FOLDER
        + folder
        + "/"
        + file
        + "\"}";
  }

  private boolean exists(Archive archive) {
    return exchange.feed(archive.instrument()) != null
        && archive.until().isAfter(exchange.tape().begin())
        && !archive.until().isAfter(exchange.now());
  }

  private static Archive parse(String path) {
    Matcher matcher = FILE.matcher(path);
    if (!matcher.matches()) {
      return null;
    }
    String date = matcher.group(5);
    boolean daily = matcher.group(2) != null;
    String folder = daily ? matcher.group(2) : matcher.group(3);
    try {
      LocalDate day = LocalDate.parse(daily ? date : date + "-01");
      boolean same = date.replace("-", "").equals(folder);
      String instrument = matcher.group(4);
      return !same
          ? null
          : daily ? Archive.daily(instrument, day) : Archive.monthly(instrument, day);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
