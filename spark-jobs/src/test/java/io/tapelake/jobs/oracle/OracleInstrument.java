package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.decimal38;
import static io.tapelake.jobs.oracle.TableRow.plain;

import io.tapelake.jobs.oracle.OracleConfig.Span;
import io.tapelake.jobs.oracle.OracleSums.Summand;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The outputs of one instrument by brute force: for every minute and every window, the sums are
 * taken anew over the single trades.
 */
final class OracleInstrument {

  private final OracleTape tape;
  private final OracleConfig config;

  OracleInstrument(OracleTape tape) {
    this.tape = tape;
    config = tape.config();
  }

  Optional<Expected.CursorHead> cursor() {
    return tape.trades().stream()
        .map(Summand::trade)
        .max(OracleTrade.BY_TIME_AND_ID)
        .map(
            newest -> {
              List<Long> minutes = tape.minutes();
              return Expected.CursorHead.of(newest, minutes.get(minutes.size() - 1));
            });
  }

  byte[] export() {
    List<Span> spans = config.spans();
    List<Span> fixed = new ArrayList<>();
    for (String name : List.of("1h", "4h")) {
      spans.stream().filter(span -> span.name().equals(name)).forEach(fixed::add);
    }
    StringBuilder lines = new StringBuilder();
    for (long minute : tape.minutes()) {
      lines.append(lineStart(tape.instrument(), minute));
      fixed.forEach(span -> appendVwap(span, minute, lines));
      fixed.forEach(span -> appendCount(span, minute, lines));
      for (Span span : spans) {
        if (!fixed.contains(span)) {
          appendVwap(span, minute, lines);
          appendCount(span, minute, lines);
        }
      }
      lines.append("}\n");
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The keys that each line of an export of minutes begins with. */
  static String lineStart(String instrument, long minute) {
    return "{\"window_start_utc\":\""
        + OracleTape.start(minute)
        + "\",\"instId\":\""
        + instrument
        + "\",\"exchange\":\"okx\",\"market\":\"perp\"";
  }

  private void appendVwap(Span span, long minute, StringBuilder line) {
    String vwap = plain(sums(minute, span).vwap());
    line.append(",\"vwap_").append(span.name()).append("\":");
    line.append(vwap == null ? "null" : "\"" + vwap + "\"");
  }

  private void appendCount(Span span, long minute, StringBuilder line) {
    line.append(",\"trade_count_").append(span.name()).append("\":");
    line.append(sums(minute, span).count());
  }

  List<TableRow> bars() {
    List<TableRow> rows = new ArrayList<>();
    tape.byMinute().forEach((minute, trades) -> rows.add(bar(minute, trades)));
    return rows;
  }

  private TableRow bar(long minute, List<Summand> summands) {
    List<OracleTrade> ordered = summands.stream().map(Summand::trade).toList();
    OracleTrade first = ordered.get(0);
    OracleTrade last = ordered.get(ordered.size() - 1);
    OracleSums all = OracleSums.of(summands);
    Comparator<BigDecimal> byValue = Comparator.naturalOrder();
    TableRow row =
        new TableRow()
            .with("inst_id", tape.instrument())
            .with("minute", OracleTape.start(minute))
            .with("date", OracleTape.day(minute))
            .with("open", decimal38(first.price()))
            .with("high", decimal38(ordered.stream().map(OracleTrade::price).max(byValue).get()))
            .with("low", decimal38(ordered.stream().map(OracleTrade::price).min(byValue).get()))
            .with("close", decimal38(last.price()))
            .with("trade_count", all.count())
            .with("buy_count", all.buys())
            .with("contracts", decimal38(all.contracts()))
            .with("buy_contracts", decimal38(all.buyContracts()))
            .with("first_trade_id", first.id())
            .with("last_trade_id", last.id())
            .exact("base_volume", all.base())
            .exact("notional", all.notional())
            .exact("buy_base_volume", all.buyBase())
            .exact("buy_notional", all.buyNotional())
            .with("price_notional_exact", plain(all.priceNotional()))
            .with("squared_price_notional_exact", plain(all.squaredPriceNotional()));
    // Without analytics nobody looks at trades one by one.
    return MinuteFacts.addTo(row, config.analytics() ? summands : List.of());
  }

  List<TableRow> vwaps() {
    return tape.minutes().stream().map(this::vwap).toList();
  }

  private TableRow vwap(long minute) {
    TableRow row =
        new TableRow()
            .with("inst_id", tape.instrument())
            .with("minute", OracleTape.start(minute))
            .with("date", OracleTape.day(minute))
            .with("close", decimal38(tape.newest(minute).orElseThrow().price()))
            .with("trade_count_1m", tape.sums(minute, minute).count());
    for (Span span : config.spans()) {
      OracleSums sums = sums(minute, span);
      String name = "_" + span.name();
      row.exact("vwap" + name, sums.vwap())
          .exact("vwap_base" + name, sums.vwapBase())
          .with("trade_count" + name, sums.count())
          .decimal("base_volume" + name, sums.base())
          .decimal("notional" + name, sums.notional());
    }
    return row;
  }

  List<String> trades() {
    return tape.trades().stream()
        .map(Summand::trade)
        .map(
            trade ->
                new TableRow()
                    .with("exchange", "okx")
                    .with("inst_id", tape.instrument())
                    .with("trade_id", trade.id())
                    .with("ts", trade.time().truncatedTo(ChronoUnit.MICROS))
                    .with("date", trade.day())
                    .with("side", trade.buy() ? "buy" : "sell")
                    .with("price", decimal38(trade.price()))
                    .with("contracts", decimal38(trade.contracts()))
                    .with("base_volume", decimal38(trade.baseVolume()))
                    .with("notional", decimal38(trade.notional()))
                    .toString())
        .toList();
  }

  private OracleSums sums(long minute, Span span) {
    return tape.sums(span.from(minute), minute);
  }
}
