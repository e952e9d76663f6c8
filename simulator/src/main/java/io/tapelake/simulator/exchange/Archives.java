package io.tapelake.simulator.exchange;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The official files of past trades: where they are, and what they hold. */
record Archives(Exchange exchange) {

  static final String FOLDER = "/cdn/okex/traderecords/trades/";

  private static final Pattern FILE =
      Pattern.compile(
          FOLDER
              + "(daily/(\\d{8})|monthly/(\\d{6}))/([A-Z0-9-]+-SWAP)-trades-"
              + "(\\d{4}-\\d{2}(?:-\\d{2})?)\\.zip");

  /** The file at that path: 404 when there is none, or when its last day is not over yet. */
  Answer file(String path) {
    Archive archive = parse(path);
    if (archive == null || !exists(archive)) {
      return Answer.of(404, "text/html", new byte[0]);
    }
    return Answer.download("application/zip", out -> archive.writeTo(out, exchange.tape()));
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
