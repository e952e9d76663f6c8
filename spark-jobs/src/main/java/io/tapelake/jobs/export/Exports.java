package io.tapelake.jobs.export;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.table.Derived;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Row;

/** The JSONL files of each instrument. */
public final class Exports {

  private final VaultStore store;
  private final OutputSettings settings;
  private final VwapExport vwap;
  private final CvdExport cvd;
  private final SignalExport signals;

  public Exports(VaultStore store, OutputSettings settings) {
    this.store = store;
    this.settings = settings;
    vwap = new VwapExport(store, settings.spans().names());
    cvd = settings.hasAnalytics() ? new CvdExport(store, settings) : null;
    signals = new SignalExport(store);
  }

  /** Adds rows behind the last ones; the lengths after it. */
  public ExportLengths append(
      String instrument, ExportLengths lengths, List<Row> vwaps, List<Row> flows)
      throws IOException {
    if (vwaps.isEmpty()) {
      return lengths;
    }
    return new ExportLengths(
        vwap.append(instrument, lengths.vwap(), vwaps),
        cvd == null ? 0 : cvd.append(instrument, lengths.cvd(), flows),
        lengths.signals());
  }

  /** Puts rows in place of those in some ranges of minutes; the lengths after it. */
  public ExportLengths replace(
      String instrument,
      ExportLengths lengths,
      List<Row> vwaps,
      List<Row> flows,
      List<MinuteRange> replaced)
      throws IOException {
    return new ExportLengths(
        vwap.replace(instrument, vwaps, replaced),
        cvd == null ? 0 : cvd.replace(instrument, flows, replaced),
        lengths.signals());
  }

  /** Makes an instrument's files anew from the tables; the lengths after it. */
  public ExportLengths rewrite(String instrument, Lake lake) throws IOException {
    return new ExportLengths(
        vwap.rewrite(instrument, lake.rows(Derived.VWAP, instrument)),
        cvd == null ? 0 : cvd.rewrite(instrument, lake.rows(Derived.FLOW, instrument)),
        cvd == null
            ? 0
            : withoutEmpty(
                instrument, signals.rewrite(instrument, lake.standingSignals(instrument))));
  }

  /**
   * Adds signals that stand, or puts them in place of those of some ranges of minutes.
   *
   * @param replaced the ranges; none when the signals come behind all others
   * @return the lengths after it
   */
  public ExportLengths signals(
      String instrument, ExportLengths lengths, List<Signal> each, List<MinuteRange> replaced)
      throws IOException {
    long length = lengths.signals();
    if (!replaced.isEmpty() && length > 0) {
      length = withoutEmpty(instrument, signals.replace(instrument, each, replaced));
    } else if (!each.isEmpty()) {
      length = signals.append(instrument, length, each);
    }
    return new ExportLengths(lengths.vwap(), lengths.cvd(), length);
  }

  /** Where there are no signals there is no file. */
  private long withoutEmpty(String instrument, long length) throws IOException {
    if (length == 0) {
      store.delete(Export.SIGNALS.path(instrument));
    }
    return length;
  }

  /** The lengths that the files have. */
  public ExportLengths found(String instrument) throws IOException {
    return new ExportLengths(
        length(Export.VWAP.path(instrument)),
        settings.hasAnalytics() ? length(Export.CVD.path(instrument)) : 0,
        settings.hasAnalytics() ? length(Export.SIGNALS.path(instrument)) : 0);
  }

  private long length(String path) throws IOException {
    return Math.max(0, store.length(path));
  }

  /** Removes an instrument's files, whatever settings they were made with. */
  public static void delete(String instrument, VaultStore store) throws IOException {
    for (String path : Export.paths(instrument)) {
      store.delete(path);
    }
  }
}
