package io.tapelake.simulator.exchange;

import io.tapelake.simulator.tape.TradeSeries;
import java.time.Instant;
import java.util.Map;

/** The trades that REST serves, newest first, as the exchange pages them. */
record History(Exchange exchange) {

  private static final int PAGE = 100;
  private static final int LATEST = 500;

  /** {@code market/trades}: the newest ones. */
  Answer latest(Map<String, String> query) {
    Answer refusal = refusal(query);
    if (refusal != null) {
      return refusal;
    }
    Feed feed = exchange.feed(query.get("instId"));
    long count = feed.series().countAt(exchange.now());
    return rows(feed, feed.series().listedAt(count - 1), count, limit(query, LATEST));
  }

  /**
   * {@code market/history-trades}: by trade id, or by time with {@code type=2}. {@code after} asks
   * for older ones; {@code before} for newer ones, but gives the newest of those.
   */
  Answer page(Map<String, String> query) {
    Answer refusal = refusal(query);
    if (refusal != null) {
      return refusal;
    }
    Feed feed = exchange.feed(query.get("instId"));
    TradeSeries series = feed.series();
    long count = series.countAt(exchange.now());
    long kept = series.countBefore(exchange.now().minus(exchange.limits().retention()));
    long listed = series.listedAt(count - 1);
    kept = Math.max(kept, listed);
    // The place that id 0 of this listing would have.
    long zero = listed - series.idAt(listed);
    long after = number(query, "after", Long.MAX_VALUE);
    long before = number(query, "before", Long.MIN_VALUE);
    if (query.getOrDefault("type", "1").equals("2")) {
      if (query.containsKey("before")) {
        return Answer.error(
            200, "50039", "Parameter before isn't supported for timestamp pagination");
      }
      long end =
          query.containsKey("after") ? series.countBefore(Instant.ofEpochMilli(after)) : count;
      return rows(feed, kept, end, limit(query, PAGE));
    }
    long end = after == Long.MAX_VALUE ? count : Math.min(count, after + zero);
    long begin = before == Long.MIN_VALUE ? kept : Math.max(kept, before + zero + 1);
    return rows(feed, begin, end, limit(query, PAGE));
  }

  private Answer refusal(Map<String, String> query) {
    String instrument = query.getOrDefault("instId", "");
    if (instrument.isEmpty()) {
      return Answer.error(400, "50014", "Parameter instId can not be empty");
    }
    if (!exchange.isListed(instrument)) {
      return Answer.error(
          200, "51001", "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
    }
    for (String name : new String[] {"limit", "after", "before", "type"}) {
      if (!query.getOrDefault(name, "0").matches("\\d{1,18}")) {
        return Answer.error(400, "51000", "Parameter " + name + " error");
      }
    }
    return null;
  }

  private static Answer rows(Feed feed, long begin, long end, int limit) {
    StringBuilder rows = new StringBuilder();
    long lowest = Math.max(begin, end - limit);
    for (long place = end - 1; place >= lowest; place--) {
      rows.append(rows.isEmpty() ? "" : ",");
      feed.json().appendRest(rows, feed.series().at(place));
    }
    return Answer.data(rows);
  }

  private static int limit(Map<String, String> query, int most) {
    return (int) Math.max(1, Math.min(most, number(query, "limit", PAGE)));
  }

  private static long number(Map<String, String> query, String name, long otherwise) {
    String text = query.get(name);
    return text == null || text.isEmpty() ? otherwise : Long.parseLong(text);
  }
}
