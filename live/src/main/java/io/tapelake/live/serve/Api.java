package io.tapelake.live.serve;

import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Market;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Answers what is asked for by HTTP. */
final class Api extends Handler.Abstract {

  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;
  private static final long SECONDS_A_MINUTE = 60;

  /** Without a range the last hour is told. */
  private static final long MINUTES_BY_DEFAULT = 60;

  /** Columns are made in memory, so there is an end to them. */
  private static final long MOST_COLUMNS = 3 * 1440L;

  private final Market market;
  private final TapeJson writer;
  private final Liveness liveness;
  private final Metrics metrics;
  private final BooleanSupplier isAlive;
  private final BooleanSupplier isReady;
  private final Pages pages = new Pages();

  Api(
      Market market,
      TapeJson writer,
      Liveness liveness,
      Metrics metrics,
      BooleanSupplier isAlive,
      BooleanSupplier isReady) {
    this.market = market;
    this.writer = writer;
    this.liveness = liveness;
    this.metrics = metrics;
    this.isAlive = isAlive;
    this.isReady = isReady;
  }

  /** A question that cannot be answered; its message is told. */
  private static final class BadQuestion extends Exception {

    private static final long serialVersionUID = 1;
    private final int status;

    BadQuestion(int status, String message) {
      super(message);
      this.status = status;
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!request.getMethod().equals("GET")) {
      Answer.text(response, callback, NOT_ALLOWED, "only GET is answered\n");
      return true;
    }
    String path = Request.getPathInContext(request);
    Pages.Page page = pages.at(path);
    if (page != null) {
      Answer.bytes(response, callback, Answer.OK, page.type(), page.body());
      return true;
    }
    try {
      answer(path, Request.extractQueryParameters(request), response, callback);
    } catch (BadQuestion e) {
      Answer.text(response, callback, e.status, e.getMessage() + "\n");
    }
    return true;
  }

  private void answer(String path, Fields query, Response response, Callback callback)
      throws BadQuestion, IOException {
    switch (path) {
      case "/api/instruments" -> Answer.json(response, callback, instruments());
      case "/api/now" -> Answer.json(response, callback, now(tape(query)));
      case "/api/minutes" -> minutes(query, response, callback);
      case "/api/columns" -> Answer.json(response, callback, columns(query));
      case "/metrics" -> Answer.text(response, callback, Answer.OK, metrics.text());
      case "/livez" -> probe(response, callback, isAlive.getAsBoolean());
      case "/readyz" -> probe(response, callback, isReady.getAsBoolean());
      default -> throw new BadQuestion(NOT_FOUND, "there is nothing here");
    }
  }

  private static void probe(Response response, Callback callback, boolean isWell) {
    Answer.text(
        response, callback, isWell ? Answer.OK : UNAVAILABLE, isWell ? "ok\n" : "not yet\n");
  }

  private byte[] instruments() {
    long now = System.nanoTime();
    long asOf = market.clock().millis();
    return TapeJson.object(
        json -> {
          json.writeStringField("as_of", Instant.ofEpochMilli(asOf).toString());
          json.writeStringField("trouble", market.trouble());
          json.writeArrayFieldStart("instruments");
          for (InstrumentTape tape : market.tapes()) {
            ParsedTrade last = tape.last();
            json.writeStartObject();
            json.writeStringField("inst", tape.name());
            json.writeStringField("state", liveness.state(tape, now).text());
            json.writeStringField("trouble", liveness.trouble(tape));
            json.writeNumberField("trades", tape.tradeCount());
            if (last != null) {
              json.writeStringField("newest_trade_id", Long.toString(last.id()));
              json.writeStringField("newest_trade_time", time(last));
              RowJson.exact(json, "price", last.price());
              json.writeStringField("first_minute", RowJson.time(tape.firstMinute()));
              json.writeStringField("last_closed_minute", RowJson.time(tape.closedTo(asOf)));
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private byte[] now(InstrumentTape tape) throws BadQuestion {
    long asOf = market.clock().millis();
    // The trade first: what is told of the minute has it in.
    ParsedTrade last = tape.last();
    long covered = tape.coveredFrom();
    MinuteFigures open = tape.open();
    if (open == null || last == null) {
      throw new BadQuestion(NOT_FOUND, "there is no trade of " + tape.name() + " yet");
    }
    return TapeJson.object(
        json -> {
          json.writeStringField("inst", tape.name());
          json.writeStringField("as_of", Instant.ofEpochMilli(asOf).toString());
          json.writeStringField("state", liveness.state(tape, System.nanoTime()).text());
          json.writeStringField("newest_trade_id", Long.toString(last.id()));
          json.writeStringField("newest_trade_time", time(last));
          RowJson.exact(json, "newest_trade_price", last.price());
          writer.rowFields(json, open, open.minute() > tape.closedTo(asOf), covered);
        });
  }

  private void minutes(Fields query, Response response, Callback callback)
      throws BadQuestion, IOException {
    InstrumentTape tape = tape(query);
    long asOf = market.clock().millis();
    long to = minute(query, "to", tape.closedTo(asOf));
    long from = minute(query, "from", to - MINUTES_BY_DEFAULT + 1);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      writer.minutes(tape, Math.max(from, tape.firstMinute()), to, asOf, out);
    }
    callback.succeeded();
  }

  private byte[] columns(Fields query) throws BadQuestion {
    InstrumentTape tape = tape(query);
    long to = minute(query, "to", tape.newestMinute());
    long from = minute(query, "from", to - MINUTES_BY_DEFAULT + 1);
    long first = Math.max(Math.max(from, to - MOST_COLUMNS + 1), tape.firstMinute());
    return TapeJson.object(json -> writer.columns(json, tape, first, to));
  }

  private InstrumentTape tape(Fields query) throws BadQuestion {
    String name = query.getValue("inst");
    if (name == null || !DayFile.isInstrument(name)) {
      throw new BadQuestion(BAD_REQUEST, "give inst=INSTID, such as inst=BTC-USDT-SWAP");
    }
    InstrumentTape tape = market.tape(name);
    if (tape == null) {
      throw new BadQuestion(NOT_FOUND, "there are no trades of " + name + " in this vault");
    }
    return tape;
  }

  /** A minute that a question names by an instant, such as 2025-12-14T21:34:00Z. */
  private static long minute(Fields query, String name, long otherwise) throws BadQuestion {
    String text = query.getValue(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return Math.floorDiv(Instant.parse(text).getEpochSecond(), SECONDS_A_MINUTE);
    } catch (DateTimeException e) {
      throw new BadQuestion(
          BAD_REQUEST, name + " is not an instant; give one such as 2025-12-14T21:34:00Z");
    }
  }

  private static String time(ParsedTrade trade) {
    return TradeLine.formatTime(Instant.ofEpochSecond(trade.epochSecond(), trade.nano()));
  }
}
