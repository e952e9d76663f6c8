package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.decimal38;
import static io.tapelake.jobs.oracle.TableRow.plain;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The outputs of one instrument by brute force: for every minute and every window, the sums are
 * taken anew over the single trades.
 */
final class OracleInstrument {

  private static final MathContext QUOTIENT = new MathContext(50, RoundingMode.HALF_EVEN);

  private final String instrument;
  private final OracleConfig config;
  private final TreeMap<Long, List<Summand>> closed = new TreeMap<>();

  /** Sums that were taken already, as several outputs ask for them. */
  private final Map<Window, Map<Long, Sums>> taken = new HashMap<>();

  /** The minute of the newest trade, closed or not. */
  private final Optional<Long> newestMinute;

  private final long lastClosedMinute;

  /** A trade with its three terms computed. */
  private record Summand(
      OracleTrade trade, BigDecimal base, BigDecimal notional, BigDecimal priceNotional) {
    static Summand of(OracleTrade trade) {
      return new Summand(trade, trade.baseVolume(), trade.notional(), trade.priceNotional());
    }
  }

  /** The sums of a number of trades. */
  private record Sums(long count, BigDecimal base, BigDecimal notional, BigDecimal priceNotional) {
    static Sums of(Collection<Summand> summands) {
      return new Sums(
          summands.size(),
          sum(summands, Summand::base),
          sum(summands, Summand::notional),
          sum(summands, Summand::priceNotional));
    }

    BigDecimal vwap() {
      return quotient(priceNotional, notional);
    }

    BigDecimal vwapBase() {
      return quotient(notional, base);
    }

    private static BigDecimal quotient(BigDecimal dividend, BigDecimal divisor) {
      return divisor.signum() == 0 ? null : dividend.divide(divisor, QUOTIENT);
    }
  }

  OracleInstrument(
      String instrument, Collection<OracleTrade> trades, OracleConfig config, Instant asOf) {
    this.instrument = instrument;
    this.config = config;
    lastClosedMinute = lastClosedMinute(config.grace(), asOf);
    for (OracleTrade trade : trades) {
      if (trade.minute() <= lastClosedMinute) {
        closed.computeIfAbsent(trade.minute(), m -> new ArrayList<>()).add(Summand.of(trade));
      }
    }
    newestMinute = trades.stream().map(OracleTrade::minute).max(Comparator.naturalOrder());
  }

  /** The newest M with M + 1 min + grace ≤ as-of. */
  private static long lastClosedMinute(Duration grace, Instant asOf) {
    Instant end = asOf.minus(grace);
    return Math.floorDiv(end.getEpochSecond(), 60L) - 1;
  }

  /** The minutes that have a row, ascending. */
  List<Long> minutes() {
    List<Long> minutes = new ArrayList<>();
    if (!closed.isEmpty()) {
      long last = Math.min(newestMinute.orElseThrow(), lastClosedMinute);
      for (long minute = closed.firstKey(); minute <= last; minute++) {
        if (!window(minute, config.longestWindow()).isEmpty()) {
          minutes.add(minute);
        }
      }
    }
    return minutes;
  }

  Optional<Expected.CursorHead> cursor() {
    return allClosed().stream()
        .max(OracleTrade.BY_TIME_AND_ID)
        .map(
            newest -> {
              List<Long> minutes = minutes();
              return Expected.CursorHead.of(newest, minutes.get(minutes.size() - 1));
            });
  }

  byte[] export() {
    StringBuilder lines = new StringBuilder();
    for (long minute : minutes()) {
      lines.append("{\"window_start_utc\":\"").append(start(minute));
      lines.append("\",\"instId\":\"").append(instrument);
      lines.append("\",\"exchange\":\"okx\",\"market\":\"perp\"");
      List<Window> fixed =
          List.of("1h", "4h").stream().map(Window::of).filter(config.windows()::contains).toList();
      fixed.forEach(window -> appendVwap(window, minute, lines));
      fixed.forEach(window -> appendCount(window, minute, lines));
      for (Window window : config.windows()) {
        if (!fixed.contains(window)) {
          appendVwap(window, minute, lines);
          appendCount(window, minute, lines);
        }
      }
      lines.append("}\n");
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void appendVwap(Window window, long minute, StringBuilder line) {
    String vwap = plain(sums(minute, window).vwap());
    line.append(",\"vwap_").append(window.name()).append("\":");
    line.append(vwap == null ? "null" : "\"" + vwap + "\"");
  }

  private void appendCount(Window window, long minute, StringBuilder line) {
    line.append(",\"trade_count_").append(window.name()).append("\":");
    line.append(sums(minute, window).count());
  }

  List<String> bars() {
    List<String> rows = new ArrayList<>();
    closed.forEach((minute, summands) -> rows.add(bar(minute, summands).toString()));
    return rows;
  }

  private TableRow bar(long minute, List<Summand> summands) {
    List<OracleTrade> ordered =
        summands.stream().map(Summand::trade).sorted(OracleTrade.BY_TIME_AND_ID).toList();
    OracleTrade first = ordered.get(0);
    OracleTrade last = ordered.get(ordered.size() - 1);
    List<Summand> buys = summands.stream().filter(summand -> summand.trade().buy()).toList();
    Sums all = Sums.of(summands);
    Sums bought = Sums.of(buys);
    Comparator<BigDecimal> byValue = Comparator.naturalOrder();
    return new TableRow()
        .with("inst_id", instrument)
        .with("minute", start(minute))
        .with("date", day(minute))
        .with("open", decimal38(first.price()))
        .with("high", decimal38(ordered.stream().map(OracleTrade::price).max(byValue).get()))
        .with("low", decimal38(ordered.stream().map(OracleTrade::price).min(byValue).get()))
        .with("close", decimal38(last.price()))
        .with("trade_count", all.count())
        .with("buy_count", bought.count())
        .with("contracts", decimal38(sum(summands, summand -> summand.trade().contracts())))
        .with("base_volume", decimal38(all.base()))
        .with("notional", decimal38(all.notional()))
        .with("buy_base_volume", decimal38(bought.base()))
        .with("buy_notional", decimal38(bought.notional()))
        .with("first_trade_id", first.id())
        .with("last_trade_id", last.id())
        .with("base_volume_exact", plain(all.base()))
        .with("notional_exact", plain(all.notional()))
        .with("buy_base_volume_exact", plain(bought.base()))
        .with("buy_notional_exact", plain(bought.notional()))
        .with("price_notional_exact", plain(all.priceNotional()));
  }

  List<String> vwaps() {
    return minutes().stream().map(minute -> vwap(minute).toString()).toList();
  }

  private TableRow vwap(long minute) {
    List<Summand> own = closed.getOrDefault(minute, List.of());
    OracleTrade newest =
        closed.headMap(minute, true).lastEntry().getValue().stream()
            .map(Summand::trade)
            .max(OracleTrade.BY_TIME_AND_ID)
            .orElseThrow();
    TableRow row =
        new TableRow()
            .with("inst_id", instrument)
            .with("minute", start(minute))
            .with("date", day(minute))
            .with("close", decimal38(newest.price()))
            .with("trade_count_1m", (long) own.size());
    for (Window window : config.windows()) {
      Sums sums = sums(minute, window);
      String name = "_" + window.name();
      row.with("vwap" + name, decimal38(sums.vwap()))
          .with("vwap_base" + name, decimal38(sums.vwapBase()))
          .with("trade_count" + name, sums.count())
          .with("base_volume" + name, decimal38(sums.base()))
          .with("notional" + name, decimal38(sums.notional()))
          .with("vwap" + name + "_exact", plain(sums.vwap()))
          .with("vwap_base" + name + "_exact", plain(sums.vwapBase()))
          .with("base_volume" + name + "_exact", plain(sums.base()))
          .with("notional" + name + "_exact", plain(sums.notional()));
    }
    return row;
  }

  List<String> trades() {
    return allClosed().stream()
        .map(
            trade ->
                new TableRow()
                    .with("exchange", "okx")
                    .with("inst_id", instrument)
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

  private List<OracleTrade> allClosed() {
    return closed.values().stream().flatMap(List::stream).map(Summand::trade).toList();
  }

  private Sums sums(long minute, Window window) {
    return taken
        .computeIfAbsent(window, w -> new HashMap<>())
        .computeIfAbsent(minute, m -> Sums.of(window(m, window.minutes())));
  }

  /** The trades of the minutes {@code minute − (minutes − 1) … minute}. */
  private List<Summand> window(long minute, int minutes) {
    return closed.subMap(minute - (minutes - 1), true, minute, true).values().stream()
        .flatMap(List::stream)
        .toList();
  }

  private static BigDecimal sum(Collection<Summand> summands, Function<Summand, BigDecimal> term) {
    return summands.stream().map(term).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Instant start(long minute) {
    return Instant.ofEpochSecond(60 * minute);
  }

  private static LocalDate day(long minute) {
    return start(minute).atOffset(ZoneOffset.UTC).toLocalDate();
  }
}
