package io.tapelake.jobs.increment;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.MinuteRange;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.outcome.Steps;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.read.SliceReader;
import io.tapelake.jobs.read.SliceResult;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables that hold the tape itself: single trades, and minutes with trades. */
public final class TapeTables {

  private final OutputSettings settings;
  private final Lake lake;
  private final SliceReader reader;

  public TapeTables(OutputSettings settings, Lake lake, SliceReader reader) {
    this.settings = settings;
    this.lake = lake;
    this.reader = reader;
  }

  public void writeBars(List<InstrumentChange> changes) throws IOException {
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

  public void writeTrades(List<InstrumentChange> changes) throws IOException {
    if (!settings.trades()) {
      return;
    }
    List<Slice> slices = new ArrayList<>();
    Map<String, List<LocalDate>> replaced = new TreeMap<>();
    for (InstrumentChange change : changes) {
      List<LocalDate> days = change.replacedTradeDays();
      if (!days.isEmpty()) {
        replaced.put(change.instrument(), days);
      }
      for (FileOutcome outcome : change.outcomes()) {
        if (!outcome.cursor().broken() && outcome.trades() > 0) {
          outcome.slices().stream().map(SliceResult::slice).forEach(slices::add);
        }
      }
    }
    if (!slices.isEmpty() || !replaced.isEmpty()) {
      List<WrittenFile> files = reader.writeTrades(slices, VaultLayout.table(LakeSchema.TRADES));
      if (replaced.isEmpty()) {
        lake.appendTrades(files);
      } else {
        lake.replaceTrades(replaced, files);
      }
    }
    Steps.done(Steps.TRADES);
  }
}
