package io.tapelake.simulator.exchange;

import io.tapelake.simulator.tape.Grid;
import io.tapelake.simulator.tape.Listing;
import io.tapelake.simulator.tape.Print;
import io.tapelake.simulator.tape.Tape;
import io.tapelake.simulator.tape.TradeSeries;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An official file of an instrument's trades: a zip with one CSV.
 *
 * <p>Its days are those of UTC+8. Files of days before 2022 have the old header in GBK and no
 * instrument column; those from 2026 on have a source column.
 *
 * @param name the file's name without its ending
 * @param instrument whose trades
 * @param first the first day, UTC+8
 * @param end the first day that is not in it any more
 */
record Archive(String name, String instrument, LocalDate first, LocalDate end) {

  private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
  private static final LocalDate MODERN = LocalDate.of(2022, 1, 1);
  private static final LocalDate WITH_SOURCE = LocalDate.of(2026, 1, 1);

  static Archive daily(String instrument, LocalDate day) {
    return new Archive(instrument + "-trades-" + day, instrument, day, day.plusDays(1));
  }

  static Archive monthly(String instrument, LocalDate month) {
    LocalDate first = month.withDayOfMonth(1);
    String name = instrument + "-trades-" + first.toString().substring(0, 7);
    return new Archive(name, instrument, first, first.plusMonths(1));
  }

  /** When its first trade can have happened. */
  Instant from() {
    return first.atStartOfDay().toInstant(CHINA);
  }

  /** Before which its last trade happened. */
  Instant until() {
    return end.atStartOfDay().toInstant(CHINA);
  }

  /** The UTC+8 day of a time. */
  static LocalDate dayOf(Instant time) {
    return LocalDate.ofInstant(time, CHINA);
  }

  /** Writes the file to a stream, which is left open. */
  void writeTo(OutputStream out, Tape tape) throws IOException {
    TradeSeries series = tape.open(instrument);
    long count = series.countAt(until().minusMillis(1));
    boolean modern = !first.isBefore(MODERN);
    boolean source = !first.isBefore(WITH_SOURCE);
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.putNextEntry(new ZipEntry(name + ".csv"));
    zip.write(header(modern, source));
    StringBuilder line = new StringBuilder(128);
    for (long place = series.countBefore(from()); place < count; place++) {
      line.setLength(0);
      Print print = series.at(place);
      append(line, series, print, modern);
      line.append(source ? "," + print.source() : "").append('\n');
      zip.write(line.toString().getBytes(StandardCharsets.US_ASCII));
    }
    zip.finish();
  }

  private static byte[] header(boolean modern, boolean source) {
    if (!modern) {
      return "trade_id/撮合id,side/交易方向,size/数量,price/价格,created_time/成交时间\n"
          .getBytes(Charset.forName("GBK"));
    }
    String columns = "instrument_name,trade_id,side,price,size,created_time";
    return (columns + (source ? ",source\n" : "\n")).getBytes(StandardCharsets.US_ASCII);
  }

  private void append(StringBuilder line, TradeSeries series, Print print, boolean modern) {
    Listing terms = series.lifecycle().traded(series.listing(), Instant.ofEpochMilli(print.time()));
    String price = Grid.of(terms.tickSize()).text(print.ticks());
    String size = Grid.of(terms.lotSize()).text(print.lots());
    if (modern) {
      line.append(instrument).append(',');
    }
    line.append(print.id()).append(',').append(print.side().text()).append(',');
    line.append(modern ? price : size).append(',').append(modern ? size : price).append(',');
    line.append(print.time());
  }
}
