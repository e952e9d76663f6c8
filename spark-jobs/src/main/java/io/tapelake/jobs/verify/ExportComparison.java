package io.tapelake.jobs.verify;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.export.CvdExport;
import io.tapelake.jobs.export.MinuteExport;
import io.tapelake.jobs.export.SignalExport;
import io.tapelake.jobs.export.VwapExport;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.table.Derived;
import io.tapelake.jobs.table.DerivedBlock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.List;
import org.apache.spark.sql.Row;

/** Compares the lines of an instrument's exports with the rows they should be, as they come. */
final class ExportComparison {

  /** Is told of each difference. */
  @FunctionalInterface
  interface Differences {
    void differ(String where, String what, Object... values);
  }

  private final String instrument;
  private final MinuteRange minutes;
  private final Differences differences;
  private final Lines<Row> vwap;
  private final Lines<Row> cvd;
  private final Lines<Signal> signal;

  /** The lines of some minutes; rows that come are all there should be, ascending. */
  ExportComparison(
      VaultStore store, InstrumentCursor cursor, MinuteRange minutes, Differences differences)
      throws IOException {
    instrument = cursor.instrument();
    this.minutes = minutes;
    this.differences = differences;
    OutputSettings settings = cursor.settings();
    vwap = new Lines<>("export", new VwapExport(store, settings.spans().names()), store, cursor);
    cvd =
        settings.hasAnalytics()
            ? new Lines<>("cvd export", new CvdExport(store, settings), store, cursor)
            : null;
    signal = new Lines<>("signals export", new SignalExport(store), store, cursor);
  }

  /** Compares with the next rows. */
  void next(DerivedBlock rows, List<Signal> signals) throws IOException {
    vwap.compare(rows.rows(Derived.VWAP, instrument));
    if (cvd != null) {
      cvd.compare(rows.rows(Derived.FLOW, instrument));
      signal.compare(signals);
    }
  }

  /** There are no more rows. */
  void end() throws IOException {
    vwap.end();
    if (cvd != null) {
      cvd.end();
      signal.end();
    }
  }

  /** An export that is being read. */
  private final class Lines<R> {

    private final String name;
    private final MinuteExport<R> export;
    private final BufferedReader lines;

    Lines(String name, MinuteExport<R> export, VaultStore store, InstrumentCursor cursor)
        throws IOException {
      this.name = name;
      this.export = export;
      String path = export.path(cursor.instrument());
      lines =
          store.exists(path)
              ? new BufferedReader(
                  new InputStreamReader(store.open(path, 0), StandardCharsets.UTF_8))
              : null;
    }

    void compare(List<R> rows) throws IOException {
      for (R row : rows) {
        String expected = export.line(row);
        String line = next();
        if (!expected.equals(line)) {
          differences.differ(name, "has %s, raw files give %s", line, expected);
        }
      }
    }

    void end() throws IOException {
      for (String line = next(); line != null; line = next()) {
        differences.differ(name, "has %s, raw files give no line", line);
      }
      if (lines != null) {
        lines.close();
      }
    }

    private String next() throws IOException {
      String line = lines == null ? null : lines.readLine();
      while (line != null && isOfAnotherMinute(line, minutes)) {
        line = lines.readLine();
      }
      return line;
    }
  }

  /** A line without a readable minute is in the way of those that are compared. */
  private static boolean isOfAnotherMinute(String line, MinuteRange minutes) {
    try {
      return !minutes.contains(MinuteExport.minute(line));
    } catch (IndexOutOfBoundsException | DateTimeException e) {
      return false;
    }
  }
}
