package io.tapelake.jobs.derive;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.signal.SignalMachine;
import io.tapelake.analytics.signal.SignalSettings;
import io.tapelake.analytics.signal.SignalState;
import io.tapelake.jobs.derive.DerivedUnit.Segment;
import io.tapelake.jobs.export.Export;
import io.tapelake.jobs.export.SignalExport;
import io.tapelake.jobs.lake.PartFile;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.table.Derived;
import io.tapelake.jobs.table.DerivedColumns;
import io.tapelake.jobs.table.StoredSignal;
import io.tapelake.vault.VaultLayout;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;

/**
 * The signals of some instruments over all their days, in the days' order, from the little that
 * signals look at. What an instrument's signals are depends on all minutes before them, so that
 * this is one task for some instruments where rows are many.
 */
record SignalStage(OutputSettings settings, String vaultUri, String work) implements Serializable {

  /**
   * What a task left.
   *
   * @param files of the table of signals
   * @param segments of the export
   * @param states by instrument and day where the signals are after it
   */
  record Signals(
      List<WrittenFile> files, List<Segment> segments, Map<String, TreeMap<Long, String>> states)
      implements Serializable {}

  /** The windows that signals are about. */
  static Set<String> windows(OutputSettings settings) {
    Set<String> windows = new TreeSet<>();
    if (settings.hasAnalytics()) {
      SignalSettings signals = settings.analytics().signals();
      windows.addAll(signals.windows());
      windows.add(signals.fast());
      windows.add(signals.slow());
    }
    return windows;
  }

  /** Finds the signals of some instruments, whose days come in no order. */
  Signals find(List<DerivedUnit.Day> days, Configuration configuration) throws IOException {
    List<DerivedUnit.Day> ordered = new ArrayList<>(days);
    ordered.sort(
        Comparator.comparingLong(DerivedUnit.Day::epochDay)
            .thenComparing(DerivedUnit.Day::instrument));
    Map<String, SignalMachine> machines = new TreeMap<>();
    Signals found = new Signals(new ArrayList<>(), new ArrayList<>(), new TreeMap<>());
    DerivedColumns columns = new DerivedColumns(settings.spans());
    SignalExport export = new SignalExport(null);
    try (ScratchFile lines = new ScratchFile(configuration, vaultUri, work, "signal-lines")) {
      PartFile file = null;
      for (int i = 0; i < ordered.size(); i++) {
        DerivedUnit.Day day = ordered.get(i);
        SignalMachine machine =
            machines.computeIfAbsent(
                day.instrument(),
                name -> new SignalMachine(name, settings.analytics().signals(), SignalState.START));
        List<Signal> signals = signals(day, machine, configuration);
        found
            .states()
            .computeIfAbsent(day.instrument(), name -> new TreeMap<>())
            .put(day.epochDay(), machine.state().text());
        if (!signals.isEmpty()) {
          file = file == null ? open(day, columns, configuration) : file;
          long from = lines.position();
          for (Row row :
              columns.signalRows(
                  signals.stream().map(signal -> new StoredSignal(signal, null)).toList())) {
            file.write(row);
          }
          for (Signal signal : signals) {
            export.write(signal, lines.out());
          }
          found
              .segments()
              .add(
                  new Segment(
                      Export.SIGNALS, day.instrument(), lines.path(), from, lines.position()));
        }
        boolean isLastOfDay =
            i + 1 == ordered.size() || ordered.get(i + 1).epochDay() != day.epochDay();
        if (isLastOfDay && file != null) {
          file.finish().ifPresent(found.files()::add);
          file = null;
        }
      }
    }
    return found;
  }

  private PartFile open(DerivedUnit.Day day, DerivedColumns columns, Configuration configuration)
      throws IOException {
    return new PartFile(
        configuration,
        vaultUri + "/" + VaultLayout.table(Derived.SIGNALS.table()),
        columns.schema(Derived.SIGNALS),
        day.epochDay());
  }

  /** The signals of a day, by minute and id. */
  private List<Signal> signals(
      DerivedUnit.Day day, SignalMachine machine, Configuration configuration) throws IOException {
    List<Signal> signals = new ArrayList<>();
    SignalRecords records = new SignalRecords(windows(settings));
    Unit.Section inputs = day.signals();
    try (DataInputStream in =
        ScratchFile.open(configuration, vaultUri, inputs.path(), inputs.offset())) {
      for (int left = inputs.count(); left > 0; left--) {
        signals.addAll(machine.next(records.read(in)));
      }
    }
    signals.sort(Comparator.comparingLong(Signal::minute).thenComparing(Signal::id));
    return signals;
  }
}
