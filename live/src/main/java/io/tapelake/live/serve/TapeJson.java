package io.tapelake.live.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.window.Anchor;
import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.analytics.window.ProfileBucket;
import io.tapelake.analytics.window.SessionProfiles;
import io.tapelake.analytics.window.SpanFigures;
import io.tapelake.analytics.window.Spans;
import io.tapelake.live.follow.DayCounts;
import io.tapelake.live.market.DayCertificate;
import io.tapelake.live.market.IdGap;
import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.LiveSettings;
import io.tapelake.vault.ParsedTrade;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** What is told of an instrument's tape, as JSON. */
final class TapeJson {

  static final JsonFactory JSON = new JsonFactory();

  /** Digits of numbers that are only drawn. */
  private static final MathContext DRAWN = new MathContext(10);

  /** Of more gaps the newest ones are listed. */
  private static final int GAPS_LISTED = 1000;

  /** Rows that are made at a time. */
  private static final int ROWS_AT_ONCE = 360;

  private final LiveSettings settings;
  private final Spans spans;
  private final List<String> names;
  private final RowJson rows;

  TapeJson(LiveSettings settings) {
    this.settings = settings;
    spans = settings.spans();
    names = spans.names();
    rows = new RowJson(names);
  }

  /** Something that is written. */
  @FunctionalInterface
  interface Part {
    void write(JsonGenerator json) throws IOException;
  }

  /** A whole object. */
  static byte[] object(Part fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 12);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  LiveSettings settings() {
    return settings;
  }

  /** The closed minutes of a range, written as they are made. */
  void minutes(InstrumentTape tape, long from, long to, long asOf, OutputStream out)
      throws IOException {
    long last = Math.min(to, tape.closedTo(asOf));
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("inst", tape.name());
      json.writeStringField("as_of", Instant.ofEpochMilli(asOf).toString());
      json.writeArrayFieldStart("rows");
      for (long at = from; at <= last; at += ROWS_AT_ONCE) {
        long covered = tape.coveredFrom();
        for (MinuteFigures row : tape.rows(at, Math.min(last, at + ROWS_AT_ONCE - 1))) {
          row(json, row, false, covered);
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  /**
   * Writes a row. {@code covered} is {@link InstrumentTape#coveredFrom} from before the row was
   * made: a day that is put in later makes none of its figures known.
   */
  void row(JsonGenerator json, MinuteFigures row, boolean isProvisional, long covered)
      throws IOException {
    rows.write(json, row, isProvisional, known(row.minute(), covered));
  }

  /** The same as fields of an object that was begun. */
  void rowFields(JsonGenerator json, MinuteFigures row, boolean isProvisional, long covered)
      throws IOException {
    rows.fields(json, row, isProvisional, known(row.minute(), covered));
  }

  /** By span, whether all days are read that it looks at. */
  private boolean[] known(long minute, long covered) {
    boolean[] known = new boolean[names.size()];
    for (int i = 0; i < known.length; i++) {
      known[i] = settings.isKnown(i, minute, covered);
    }
    return known;
  }

  /**
   * The minutes of a range by column, as numbers that are only drawn. A minute that nothing was
   * traded in has its close alone.
   */
  void columns(JsonGenerator json, InstrumentTape tape, long from, long to) throws IOException {
    long covered = tape.coveredFrom();
    List<MinuteFigures> minutes = tape.rows(from, to);
    json.writeStringField("inst", tape.name());
    json.writeArrayFieldStart("minute");
    for (MinuteFigures row : minutes) {
      json.writeNumber(row.minute());
    }
    json.writeEndArray();
    column(json, "open", minutes, row -> ofBar(row, MinuteBar::open));
    column(json, "high", minutes, row -> ofBar(row, MinuteBar::high));
    column(json, "low", minutes, row -> ofBar(row, MinuteBar::low));
    column(json, "close", minutes, MinuteFigures::close);
    column(json, "volume", minutes, row -> row.own().vwap().baseVolume());
    column(json, "delta", minutes, row -> row.own().delta().base());
    column(json, "count", minutes, row -> BigDecimal.valueOf(row.tradeCount()));
    for (int i = 0; i < names.size(); i++) {
      int span = i;
      column(
          json,
          "vwap_" + names.get(i),
          minutes,
          ofSpan(covered, span, figures -> number(figures.vwap())));
      column(
          json,
          "vwap_base_" + names.get(i),
          minutes,
          ofSpan(covered, span, figures -> number(figures.vwapBase())));
      column(
          json,
          "stddev_" + names.get(i),
          minutes,
          ofSpan(covered, span, figures -> number(figures.band().stddev())));
      column(
          json,
          "stddev_base_" + names.get(i),
          minutes,
          ofSpan(covered, span, figures -> number(figures.baseBand().stddev())));
      column(
          json,
          "cvd_" + names.get(i),
          minutes,
          ofSpan(covered, span, figures -> figures.delta().base()));
    }
  }

  private static BigDecimal ofBar(MinuteFigures row, Function<MinuteBar, BigDecimal> figure) {
    return row.bar() == null ? null : figure.apply(row.bar());
  }

  private Function<MinuteFigures, BigDecimal> ofSpan(
      long covered, int span, Function<SpanFigures, BigDecimal> figure) {
    return row ->
        settings.isKnown(span, row.minute(), covered) ? figure.apply(row.spans().get(span)) : null;
  }

  private static BigDecimal number(Quotient quotient) {
    return quotient == null ? null : quotient.toBigDecimal();
  }

  private static BigDecimal number(double statistic) {
    return Double.isFinite(statistic) ? BigDecimal.valueOf(statistic) : null;
  }

  private static void column(
      JsonGenerator json,
      String name,
      List<MinuteFigures> minutes,
      Function<MinuteFigures, BigDecimal> figure)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (MinuteFigures minute : minutes) {
      BigDecimal number = figure.apply(minute);
      if (number == null) {
        json.writeNull();
      } else {
        json.writeNumber(number.round(DRAWN).doubleValue());
      }
    }
    json.writeEndArray();
  }

  static void trade(JsonGenerator json, ParsedTrade trade) throws IOException {
    BigDecimal price = trade.price();
    BigDecimal contracts = trade.contracts();
    json.writeStartObject();
    json.writeStringField("id", Long.toString(trade.id()));
    json.writeNumberField("time", trade.millis());
    json.writeStringField("side", trade.side().text());
    RowJson.exact(json, "price", price);
    RowJson.exact(json, "contracts", contracts);
    RowJson.exact(json, "notional", trade.contract().notional(contracts, price));
    json.writeEndObject();
  }

  static void gaps(JsonGenerator json, List<IdGap> gaps) throws IOException {
    json.writeNumberField("gap_count", gaps.size());
    json.writeArrayFieldStart("gaps");
    for (IdGap gap : gaps.subList(Math.max(0, gaps.size() - GAPS_LISTED), gaps.size())) {
      json.writeStartObject();
      json.writeStringField("from_id", Long.toString(gap.from()));
      json.writeStringField("to_id", Long.toString(gap.to()));
      json.writeNumberField("after", gap.afterMillis());
      json.writeNumberField("before", gap.beforeMillis());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** The session's volume by price, up to the newest trade. */
  static void profile(JsonGenerator json, InstrumentTape tape) throws IOException {
    long session = MinuteRange.dayOf(tape.newestMinute()).from();
    json.writeStringField("session", RowJson.time(session));
    json.writeArrayFieldStart("profile");
    var bars = tape.bars(session, tape.newestMinute());
    for (ProfileBucket bucket : SessionProfiles.of(tape.name(), session, bars.values())) {
      json.writeStartArray();
      json.writeNumber(bucket.lower().doubleValue());
      json.writeNumber(bucket.upper().doubleValue());
      json.writeNumber(bucket.volume().baseVolume().doubleValue());
      json.writeNumber(bucket.volume().buyBaseVolume().doubleValue());
      json.writeNumber(bucket.isPoc() ? 2 : bucket.inValueArea() ? 1 : 0);
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  static void signals(JsonGenerator json, List<Signal> signals) throws IOException {
    json.writeArrayFieldStart("signals");
    for (Signal signal : signals) {
      json.writeStartObject();
      json.writeStringField("id", signal.id());
      json.writeStringField("inst", signal.instrument());
      json.writeNumberField("minute", signal.minute());
      json.writeStringField("kind", signal.kind().text());
      json.writeStringField("direction", signal.direction().text());
      json.writeStringField("window", signal.window());
      RowJson.exact(json, "price", signal.price());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** What is there by day. */
  static void days(JsonGenerator json, InstrumentTape tape, double mostRefused) throws IOException {
    json.writeArrayFieldStart("days");
    for (var day : tape.counts().entrySet()) {
      DayCounts counts = day.getValue();
      json.writeStartObject();
      json.writeStringField("day", day.getKey().toString());
      json.writeNumberField("lines", counts.lines());
      json.writeNumberField("duplicates", counts.duplicates());
      json.writeNumberField("refused", counts.allRefused());
      json.writeBooleanField("left_alone", counts.isLeftAlone(mostRefused));
      DayCertificate certificate = tape.certificate(day.getKey());
      if (certificate != null) {
        json.writeBooleanField("complete", certificate.isComplete());
        json.writeNumberField("missing_ids", certificate.missingIds());
        json.writeStringField("because", String.join("; ", certificate.because()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** What the page has to know once. */
  void settings(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("spans");
    for (int i = 0; i < names.size(); i++) {
      json.writeStartObject();
      json.writeStringField("name", names.get(i));
      if (i < spans.windows().size()) {
        json.writeNumberField("minutes", spans.windows().get(i).minutes());
      } else if (i >= spans.withoutAnchors()) {
        Anchor anchor = spans.anchors().get(i - spans.withoutAnchors());
        json.writeNumberField("since", anchor.minute());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("grace_ms", settings.grace().toMillis());
  }
}
