package io.tapelake.live.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tapelake.analytics.bar.Extremes;
import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.number.SqlDecimal;
import io.tapelake.analytics.window.Band;
import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.analytics.window.SpanFigures;
import io.tapelake.analytics.window.SpanSums;
import io.tapelake.analytics.window.ValueArea;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * One minute as JSON, with the keys of the tables. Exact numbers are strings, in plain notation,
 * rounded as the tables round them; VWAPs have all their digits; statistics are numbers; what is
 * undefined, or not known yet, is null.
 */
final class RowJson {

  private static final long SECONDS_A_MINUTE = 60;

  private final List<String> spans;

  RowJson(List<String> spans) {
    this.spans = spans;
  }

  /** Writes a minute; by span it is told whether all days are read that it looks at. */
  void write(JsonGenerator json, MinuteFigures row, boolean isProvisional, boolean[] known)
      throws IOException {
    json.writeStartObject();
    fields(json, row, isProvisional, known);
    json.writeEndObject();
  }

  /** The same as fields of an object that was begun. */
  void fields(JsonGenerator json, MinuteFigures row, boolean isProvisional, boolean[] known)
      throws IOException {
    json.writeStringField("minute", time(row.minute()));
    json.writeBooleanField("provisional", isProvisional);
    own(json, row);
    for (int i = 0; i < spans.size(); i++) {
      span(json, "_" + spans.get(i), known[i] ? row.spans().get(i) : null);
    }
  }

  /** A minute's start. */
  static String time(long minute) {
    return Instant.ofEpochSecond(minute * SECONDS_A_MINUTE).toString();
  }

  private static void own(JsonGenerator json, MinuteFigures row) throws IOException {
    MinuteBar bar = row.bar();
    exact(json, "open", bar == null ? null : bar.open());
    exact(json, "high", bar == null ? null : bar.high());
    exact(json, "low", bar == null ? null : bar.low());
    exact(json, "close", row.close());
    json.writeNumberField("trade_count_1m", row.tradeCount());
    json.writeNumberField("buy_count_1m", bar == null ? 0 : bar.buyCount());
    SpanSums own = row.own();
    exact(json, "contracts", own.flow().contracts());
    exact(json, "base_volume", own.vwap().baseVolume());
    exact(json, "notional", own.vwap().notional());
    exact(json, "buy_base_volume", own.flow().buyBaseVolume());
    exact(json, "buy_notional", own.flow().buyNotional());
    delta(json, own.delta(), row);
    if (bar != null) {
      json.writeStringField("first_trade_id", Long.toString(bar.first().id()));
      json.writeStringField("last_trade_id", Long.toString(bar.last().id()));
    }
  }

  private static void delta(JsonGenerator json, SpanSums.Delta delta, MinuteFigures row)
      throws IOException {
    exact(json, "delta_base", delta.base());
    exact(json, "delta_notional", delta.notional());
    exact(json, "delta_contracts", delta.contracts());
    Extremes base = row.flow().base();
    exact(json, "delta_base_high", base.high());
    exact(json, "delta_base_low", base.low());
  }

  private static void span(JsonGenerator json, String of, SpanFigures figures) throws IOException {
    boolean isThere = figures != null;
    exact(json, "vwap" + of, isThere ? figures.vwap() : null);
    exact(json, "vwap_base" + of, isThere ? figures.vwapBase() : null);
    if (!isThere) {
      json.writeNullField("trade_count" + of);
      return;
    }
    SpanSums sums = figures.sums();
    json.writeNumberField("trade_count" + of, sums.vwap().tradeCount());
    exact(json, "base_volume" + of, sums.vwap().baseVolume());
    exact(json, "notional" + of, sums.vwap().notional());
    band(json, of, figures.band());
    band(json, "_base" + of, figures.baseBand());
    SpanSums.Delta cvd = figures.delta();
    exact(json, "cvd" + of + "_base", cvd.base());
    exact(json, "cvd" + of + "_notional", cvd.notional());
    exact(json, "cvd" + of + "_contracts", cvd.contracts());
    number(json, "imbalance_base" + of, figures.imbalance().base());
    number(json, "imbalance_notional" + of, figures.imbalance().notional());
    number(json, "imbalance_count" + of, figures.imbalance().count());
    ValueArea area = figures.area();
    exact(json, "poc" + of, area == null ? null : area.pocPrice());
    exact(json, "vah" + of, area == null ? null : area.highPrice());
    exact(json, "val" + of, area == null ? null : area.lowPrice());
  }

  private static void band(JsonGenerator json, String of, Band band) throws IOException {
    number(json, "stddev" + of, band.stddev());
    number(json, "deviation_bps" + of, band.deviationBps());
    number(json, "z" + of, band.z());
  }

  static void exact(JsonGenerator json, String key, BigDecimal number) throws IOException {
    json.writeStringField(key, SqlDecimal.text(SqlDecimal.fit(number)));
  }

  private static void exact(JsonGenerator json, String key, Quotient quotient) throws IOException {
    json.writeStringField(key, quotient == null ? null : quotient.toString());
  }

  private static void number(JsonGenerator json, String key, double number) throws IOException {
    if (Double.isFinite(number)) {
      json.writeNumberField(key, number);
    } else {
      json.writeNullField(key);
    }
  }
}
