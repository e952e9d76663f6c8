package io.tapelake.jobs.job;

import io.tapelake.jobs.minute.MinuteBar;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.jobs.publish.Lake;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.read.SliceResult;
import io.tapelake.jobs.read.SliceTasks;
import io.tapelake.jobs.window.MinuteRange;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables that hold the tape itself: single trades, and minutes with trades. */
final class TapeTables {

  /** Raw bytes whose trades go into one file of the table of trades. */
  private static final long TRADE_FILE_BYTES = 512L << 20;

  private final OutputSettings settings;
  private final Lake lake;
  private final SliceTasks tasks;

  TapeTables(OutputSettings settings, Lake lake, SliceTasks tasks) {
    this.settings = settings;
    this.lake = lake;
    this.tasks = tasks;
  }

  void writeBars(List<InstrumentChange> changes) throws IOException {
    Map<String, Collection<MinuteBar>> written = new TreeMap<>();
    Map<String, List<MinuteRange>> ranges = new TreeMap<>();
    boolean replaces = false;
    for (InstrumentChange change : changes) {
      if (change.written().isEmpty() && change.replacedBars().isEmpty()) {
        continue;
      }
      written.put(change.instrument(), change.written());
      List<MinuteRange> touched = new ArrayList<>(change.writtenRanges());
      touched.addAll(change.replacedBars());
      ranges.put(change.instrument(), MinuteRange.union(touched));
      replaces |= !change.replacedBars().isEmpty();
    }
    if (written.isEmpty()) {
      return;
    }
    if (replaces) {
      lake.replaceBars(written, ranges);
    } else {
      lake.appendBars(written);
    }
    Steps.done(Steps.BARS);
  }

  void writeTrades(List<InstrumentChange> changes) throws IOException {
    if (!settings.trades()) {
      return;
    }
    List<Slice> added = new ArrayList<>();
    List<Slice> replacing = new ArrayList<>();
    Map<String, List<LocalDate>> replaced = new TreeMap<>();
    for (InstrumentChange change : changes) {
      List<LocalDate> days = change.replacedTradeDays();
      if (!days.isEmpty()) {
        replaced.put(change.instrument(), days);
      }
      for (FileOutcome outcome : change.outcomes()) {
        if (outcome.cursor().broken() || outcome.trades() == 0) {
          continue;
        }
        boolean replaces = days.contains(outcome.work().file().day());
        outcome.slices().stream()
            .map(SliceResult::slice)
            .forEach((replaces ? replacing : added)::add);
      }
    }
    if (!added.isEmpty()) {
      lake.appendTrades(tasks.trades(added, TRADE_FILE_BYTES));
    }
    if (!replaced.isEmpty()) {
      lake.replaceTrades(tasks.trades(replacing, TRADE_FILE_BYTES), replaced);
    }
    Steps.done(Steps.TRADES);
  }
}
