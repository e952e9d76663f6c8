package io.tapelake.jobs.oracle;

import static io.tapelake.jobs.oracle.TableRow.plain;

import io.tapelake.jobs.oracle.OracleConfig.Span;
import io.tapelake.jobs.oracle.OracleSums.Measure;
import io.tapelake.jobs.oracle.OracleSums.Summand;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The signals of one instrument with the default thresholds. Each kind is looked for on its own,
 * over all rows from the first one on, and the findings are put into order at the end.
 */
final class OracleSignals {

  private static final List<String> WINDOWS = List.of("1h", "4h", "session");
  private static final BigDecimal BPS = BigDecimal.valueOf(10_000);

  private final OracleTape tape;
  private final List<Event> events = new ArrayList<>();

  /**
   * A signal.
   *
   * @param place its place among those of the same minute
   * @param figures the numbers in it by key; null where there is none
   */
  private record Event(
      long minute,
      int place,
      String kind,
      boolean up,
      String window,
      Map<String, BigDecimal> figures,
      String thresholds) {}

  /** What a minute's row says about a window that has a VWAP. */
  private record Figures(
      long minute,
      long since,
      BigDecimal close,
      BigDecimal high,
      BigDecimal low,
      OracleSums sums,
      BigDecimal vwap,
      BigDecimal deviation,
      BigDecimal z) {

    boolean hasTrades() {
      return high != null;
    }

    Map<String, BigDecimal> numbers() {
      Map<String, BigDecimal> numbers = new LinkedHashMap<>();
      numbers.put("price", close);
      numbers.put("level", vwap);
      numbers.put("deviation_bps", asDouble(deviation));
      numbers.put("z", z);
      numbers.put("cvd", TableRow.decimal38(sums.delta(Measure.BASE)));
      return numbers;
    }
  }

  OracleSignals(OracleTape tape) {
    this.tape = tape;
    Map<String, List<Figures>> windows = new LinkedHashMap<>();
    for (String name : WINDOWS) {
      for (Span span : tape.config().spansWithoutAnchors()) {
        if (span.name().equals(name)) {
          windows.put(name, figures(span));
        }
      }
    }
    if (windows.containsKey("1h") && windows.containsKey("4h")) {
      crosses(windows.get("1h"), windows.get("4h"));
    }
    for (int i = 0; i < WINDOWS.size(); i++) {
      if (windows.containsKey(WINDOWS.get(i))) {
        List<Figures> rows = windows.get(WINDOWS.get(i));
        deviations(WINDOWS.get(i), rows, 10 * i);
        flows(WINDOWS.get(i), rows, 10 * i + 3);
        levels(WINDOWS.get(i), rows, 10 * i + 4);
      }
    }
    events.sort(Comparator.comparing(Event::minute).thenComparing(this::id));
  }

  private List<Figures> figures(Span span) {
    List<Figures> rows = new ArrayList<>();
    for (long minute : tape.minutes()) {
      OracleSums sums = tape.sums(span.from(minute), minute);
      if (sums.vwap() != null) {
        BigDecimal close = tape.newest(minute).orElseThrow().price();
        List<BigDecimal> prices =
            tape.trades(minute, minute).stream()
                .map(Summand::trade)
                .map(OracleTrade::price)
                .sorted()
                .toList();
        BigDecimal distance = close.multiply(sums.notional()).subtract(sums.priceNotional());
        BigDecimal spread =
            sums.squaredPriceNotional()
                .multiply(sums.notional())
                .subtract(sums.priceNotional().multiply(sums.priceNotional()));
        rows.add(
            new Figures(
                minute,
                span.name().equals("session") ? span.from(minute) : 0,
                close,
                prices.isEmpty() ? null : prices.get(prices.size() - 1),
                prices.isEmpty() ? null : prices.get(0),
                sums,
                sums.vwap(),
                OracleSums.quotient(distance.multiply(BPS), sums.priceNotional()),
                z(distance, spread)));
      }
    }
    return rows;
  }

  /** The double nearest to a number, as a number. */
  private static BigDecimal asDouble(BigDecimal number) {
    return new BigDecimal(Double.toString(number.doubleValue()));
  }

  /** The root of the double nearest to the exact square, with the distance's sign. */
  private static BigDecimal z(BigDecimal distance, BigDecimal spread) {
    if (spread.signum() <= 0) {
      return null;
    }
    double root = Math.sqrt(OracleSums.quotient(distance.multiply(distance), spread).doubleValue());
    return new BigDecimal(Double.toString(distance.signum() < 0 ? -root : root));
  }

  private void crosses(List<Figures> fast, List<Figures> slow) {
    Map<Long, Figures> slower = new LinkedHashMap<>();
    slow.forEach(row -> slower.put(row.minute(), row));
    Boolean above = null;
    for (Figures row : fast) {
      Figures other = slower.get(row.minute());
      BigDecimal apart = bps(row.vwap(), other.vwap());
      if (apart.abs().compareTo(new BigDecimal("2")) >= 0) {
        boolean now = apart.signum() > 0;
        if (above != null && above != now) {
          Map<String, BigDecimal> numbers = new LinkedHashMap<>();
          numbers.put("price", row.close());
          numbers.put("level", other.vwap());
          numbers.put("deviation_bps", asDouble(apart));
          numbers.put("z", null);
          numbers.put("cvd", null);
          events.add(new Event(row.minute(), -1, "vwap_cross", now, "1h/4h", numbers, "bps=2"));
        }
        above = now;
      }
    }
  }

  private void deviations(String window, List<Figures> rows, int place) {
    String thresholds = "on=50 off=25";
    int far = 0;
    for (Figures row : rows) {
      int now = side(far, row.deviation(), "50", "25");
      if (far != 0 && now != far) {
        events.add(event(row, place, "deviation_left", far > 0, window, thresholds));
      }
      if (now != 0 && now != far) {
        events.add(event(row, place + 1, "deviation_entered", now > 0, window, thresholds));
      }
      far = now;
    }
  }

  /** 1 or −1 from {@code on} until {@code off}, else 0. */
  private static int side(int before, BigDecimal figure, String on, String off) {
    if (figure.abs().compareTo(new BigDecimal(on)) >= 0) {
      return figure.signum();
    }
    boolean sameSide = figure.signum() == before;
    return sameSide && figure.abs().compareTo(new BigDecimal(off)) > 0 ? before : 0;
  }

  private void flows(String window, List<Figures> rows, int place) {
    int price = 0;
    int flow = 0;
    for (Figures row : rows) {
      int priceNow = side(price, row.deviation(), "10", "5");
      BigDecimal imbalance = OracleSums.quotient(row.sums().delta(Measure.BASE), row.sums().base());
      int flowNow = imbalance == null ? flow : side(flow, imbalance, "0.1", "0.05");
      boolean changed = priceNow != price || flowNow != flow;
      if (changed && priceNow != 0 && flowNow != 0) {
        boolean above = priceNow > 0;
        boolean buying = flowNow > 0;
        String kind =
            buying
                ? (above ? "confirmed_buying" : "accumulation")
                : (above ? "distribution" : "confirmed_selling");
        events.add(event(row, place, kind, buying, window, "side=10/5 flow=0.1/0.05"));
      }
      price = priceNow;
      flow = flowNow;
    }
  }

  /** From the close that was away: the touch that follows, and what became of it. */
  private void levels(String window, List<Figures> rows, int place) {
    List<Figures> traded = rows.stream().filter(Figures::hasTrades).toList();
    int next = 0;
    while (next < traded.size()) {
      int away = next;
      while (away < traded.size() && !isAway(traded.get(away))) {
        away++;
      }
      next = away == traded.size() ? away : afterAway(window, traded, away, place);
    }
  }

  /** The row at which to look for a close that is away again. */
  private int afterAway(String window, List<Figures> rows, int away, int place) {
    boolean above = rows.get(away).deviation().signum() > 0;
    for (int i = away + 1; i < rows.size(); i++) {
      Figures row = rows.get(i);
      if (row.since() != rows.get(away).since()) {
        return i;
      }
      BigDecimal reach = bps(above ? row.low() : row.high(), row.vwap());
      BigDecimal from = above ? reach : reach.negate();
      if (from.compareTo(new BigDecimal("2")) <= 0) {
        events.add(event(row, place, "level_touch", !above, window, LEVEL));
        return afterTouch(window, rows, i, above, place);
      }
      // Away on the other side without a touch cannot be: that passes the level.
    }
    return rows.size();
  }

  private static final String LEVEL = "touch=2 bounce=10 minutes=15 closes=2";

  private int afterTouch(String window, List<Figures> rows, int touch, boolean above, int place) {
    int beyond = 0;
    boolean pierced = false;
    for (int i = touch; i < rows.size(); i++) {
      Figures row = rows.get(i);
      if (row.since() != rows.get(touch).since() || row.minute() - rows.get(touch).minute() > 15) {
        return i;
      }
      BigDecimal back = above ? row.deviation() : row.deviation().negate();
      boolean isBeyond = back.compareTo(new BigDecimal("-2")) < 0;
      beyond = isBeyond ? beyond + 1 : 0;
      pierced |= isBeyond;
      if (beyond == 2) {
        events.add(event(row, place + 1, "level_break", !above, window, LEVEL));
        return i;
      }
      if (back.compareTo(BigDecimal.TEN) >= 0) {
        if (!pierced) {
          events.add(event(row, place + 1, "level_bounce", above, window, LEVEL));
        }
        return i;
      }
    }
    return rows.size();
  }

  private static boolean isAway(Figures row) {
    return row.deviation().abs().compareTo(BigDecimal.TEN) >= 0;
  }

  private static Event event(
      Figures row, int place, String kind, boolean up, String window, String thresholds) {
    return new Event(row.minute(), place, kind, up, window, row.numbers(), thresholds);
  }

  private static BigDecimal bps(BigDecimal price, BigDecimal level) {
    return OracleSums.quotient(price.subtract(level).multiply(BPS), level);
  }

  private String id(Event event) {
    return String.join(
        "|",
        tape.instrument(),
        OracleTape.start(event.minute()).toString(),
        event.kind(),
        event.window(),
        event.up() ? "up" : "down");
  }

  byte[] export() {
    StringBuilder lines = new StringBuilder();
    for (Event event : events) {
      lines
          .append(OracleInstrument.lineStart(tape.instrument(), event.minute()))
          .append(",\"id\":\"" + id(event))
          .append("\",\"kind\":\"" + event.kind())
          .append("\",\"direction\":\"" + (event.up() ? "up" : "down"))
          .append("\",\"window\":\"" + event.window() + "\"");
      event
          .figures()
          .forEach(
              (key, number) ->
                  lines
                      .append(",\"" + key + "\":")
                      .append(number == null ? "null" : "\"" + plain(number) + "\""));
      lines.append(",\"thresholds\":\"").append(event.thresholds()).append("\"}\n");
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The rows of {@code signals} that stand. */
  List<TableRow> rows() {
    return events.stream().map(this::row).toList();
  }

  private TableRow row(Event event) {
    TableRow row =
        new TableRow()
            .with("inst_id", tape.instrument())
            .with("minute", OracleTape.start(event.minute()))
            .with("date", OracleTape.day(event.minute()))
            .with("id", id(event))
            .with("kind", event.kind())
            .with("direction", event.up() ? "up" : "down")
            .with("window", event.window())
            .with("thresholds", event.thresholds())
            .with("withdrawn_as_of", null);
    Map<String, BigDecimal> figures = event.figures();
    return row.decimal("price", figures.get("price"))
        .exact("level", figures.get("level"))
        .about("deviation_bps", figures.get("deviation_bps"))
        .about("z", figures.get("z"))
        .decimal("cvd", figures.get("cvd"));
  }
}
