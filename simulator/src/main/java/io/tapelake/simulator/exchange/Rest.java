package io.tapelake.simulator.exchange;

import io.tapelake.simulator.fault.Fault;
import io.tapelake.simulator.fault.FaultKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** The REST side: envelopes, paging, limits, and what goes wrong with them. */
final class Rest {

  private static final String ROOT = "/api/v5/";
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private final Exchange exchange;
  private final Map<String, Feed> feeds;
  private final Map<String, Endpoint> endpoints = new HashMap<>();

  private final Archives archives;
  private final RateWindow downloads;
  private int refused;

  private record Endpoint(RateWindow rate, Function<Map<String, String>, Answer> answer) {}

  Rest(Exchange exchange, Map<String, Feed> feeds) {
    this.exchange = exchange;
    this.feeds = feeds;
    this.archives = new Archives(exchange);
    this.downloads = exchange.limits().rate(100, Duration.ofSeconds(1));
    History history = new History(exchange);
    endpoint("public/instruments", 20, TWO_SECONDS, this::instruments);
    endpoint("public/time", 10, TWO_SECONDS, query -> time());
    endpoint("market/trades", 100, TWO_SECONDS, history::latest);
    endpoint("market/history-trades", 20, TWO_SECONDS, history::page);
    endpoint("system/status", 1, Duration.ofSeconds(5), query -> Answer.data(""));
  }

  private void endpoint(
      String path, int requests, Duration window, Function<Map<String, String>, Answer> answer) {
    endpoints.put(ROOT + path, new Endpoint(exchange.limits().rate(requests, window), answer));
  }

  void get(String path, Map<String, String> query, Consumer<Answer> reply, Agenda agenda) {
    Fault fault = strike(path, query.get("instId"));
    if (fault == null) {
      reply.accept(answer(path, query));
      return;
    }
    String how = fault.text("how", fault.settings().containsKey("by") ? "slow" : "500");
    Duration delay = fault.duration("by", Duration.ZERO);
    switch (how) {
      case "hang" -> {}
      case "reset" -> reply(null, delay, reply, agenda);
      default -> reply(spoiled(how, path, query), delay, reply, agenda);
    }
  }

  private void reply(Answer answer, Duration delay, Consumer<Answer> reply, Agenda agenda) {
    if (delay.isZero()) {
      reply.accept(answer);
    } else {
      agenda.at(exchange.now().plus(delay), () -> reply.accept(answer));
    }
  }

  private Fault strike(String path, String instrument) {
    if (exchange.board().isClear(FaultKind.Where.REST)) {
      return null;
    }
    return exchange.board().strikeRest(path, instrument, exchange.now());
  }

  private Answer answer(String path, Map<String, String> query) {
    if (path.startsWith(Archives.FOLDER)) {
      boolean fits = downloads.admit(exchange.now());
      return fits ? archives.file(path) : Answer.of(403, "text/html", new byte[0]);
    }
    Endpoint endpoint = endpoints.get(path);
    if (endpoint == null) {
      return Answer.error(404, "404", "Invalid URI");
    }
    if (!endpoint.rate.admit(exchange.now())) {
      // The exchange does both.
      refused++;
      return Answer.error(refused % 2 == 0 ? 200 : 429, "50011", "Too Many Requests");
    }
    return endpoint.answer.apply(query);
  }

  private Answer spoiled(String how, String path, Map<String, String> query) {
    return switch (how) {
      case "slow" -> answer(path, query);
      case "empty" -> Answer.data("");
      case "html" -> Answer.of(200, "text/html", Garbage.page());
      case "garbage" -> Answer.of(200, "application/json", Garbage.bytes(path.hashCode()));
      case "truncated" -> truncated(answer(path, query));
      case "50011" -> Answer.error(200, "50011", "Too Many Requests");
      case "50011-429" -> Answer.error(429, "50011", "Too Many Requests");
      case "50013" -> Answer.error(429, "50013", "Systems are busy. Please try again later.");
      case "50001" -> Answer.error(503, "50001", "Service temporarily unavailable.");
      case "50026" -> Answer.error(500, "50026", "System error. Try again later");
      case "50004" -> Answer.error(400, "50004", "Endpoint request timeout");
      default -> Answer.of(Integer.parseInt(how), "text/html", Garbage.page());
    };
  }

  private static Answer truncated(Answer whole) {
    if (whole.download() != null) {
      return Answer.download(
          whole.contentType(),
          out -> {
            java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
            whole.download().writeTo(bytes);
            out.write(bytes.toByteArray(), 0, bytes.size() / 2);
          });
    }
    byte[] half = Arrays.copyOf(whole.body(), whole.body().length / 2);
    return Answer.of(whole.status(), whole.contentType(), half);
  }

  private Answer time() {
    return Answer.data("{\"ts\":\"" + exchange.now().toEpochMilli() + "\"}");
  }

  private Answer instruments(Map<String, String> query) {
    if (query.getOrDefault("instType", "").isEmpty()) {
      return Answer.error(400, "50014", "Parameter instType can not be empty");
    }
    String wanted = query.get("instId");
    if (wanted != null && !exchange.isListed(wanted)) {
      return Answer.error(
          200, "51001", "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
    }
    StringBuilder rows = new StringBuilder();
    for (Feed feed : feeds.values()) {
      String instrument = feed.instrument();
      boolean asked = wanted == null || wanted.equals(instrument);
      if (asked && query.get("instType").equals("SWAP") && exchange.isListed(instrument)) {
        rows.append(rows.isEmpty() ? "" : ",");
        rows.append(exchange.listing(feed));
      }
    }
    return Answer.data(rows);
  }
}
