package io.tapelake.jobs.measure;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.CarriedSums;
import io.tapelake.analytics.window.PackedBar;
import io.tapelake.analytics.window.SpanSums;
import io.tapelake.jobs.lake.PartFile;
import io.tapelake.jobs.parquet.WrittenFile;
import io.tapelake.jobs.plan.AnalyticsSettings;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.jobs.published.QuarantineFile;
import io.tapelake.jobs.published.StagedFiles;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.read.MinuteSort;
import io.tapelake.jobs.read.RawFileBytes;
import io.tapelake.jobs.read.SliceMerge;
import io.tapelake.jobs.read.SliceRead;
import io.tapelake.jobs.read.SliceResult;
import io.tapelake.jobs.read.SliceScan;
import io.tapelake.jobs.read.TradeParquet;
import io.tapelake.jobs.read.UnsortedMinutes;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.jobs.table.BarsTable;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.VaultLayout;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Goes once over the bytes of a group's raw files: validates, drops duplicates, sums up, and writes
 * what is final after that, which are minutes, trades and refused lines. What is wrong with one
 * file stays with it.
 */
public final class DayMeasuring {

  private final DayGroup group;
  private final OutputSettings settings;
  private final String vaultUri;
  private final String publication;
  private final String work;
  private final Configuration configuration;

  /**
   * Measures one group.
   *
   * @param publication the name of the run's files, among which refused lines come
   * @param work the folder below the vault for what only this run needs
   */
  public DayMeasuring(
      DayGroup group,
      OutputSettings settings,
      String vaultUri,
      String publication,
      String work,
      Configuration configuration) {
    this.group = group;
    this.settings = settings;
    this.vaultUri = vaultUri;
    this.publication = publication;
    this.work = work;
    this.configuration = configuration;
  }

  /** Measures the group. */
  public MeasuredGroup measure() throws IOException {
    List<MeasuredDay> bad = new ArrayList<>();
    DayGroup left = group;
    while (true) {
      try (Outputs outputs = new Outputs()) {
        List<FileWork> spoilt = new ArrayList<>();
        List<MeasuredDay> days = measure(left, outputs, spoilt, bad);
        if (spoilt.isEmpty()) {
          days.addAll(bad);
          return outputs.finish(days);
        }
        // What they left in the files of trades and minutes must not stay there: once more,
        // without.
        left = left.without(spoilt);
      }
    }
  }

  private List<MeasuredDay> measure(
      DayGroup files, Outputs outputs, List<FileWork> spoilt, List<MeasuredDay> bad)
      throws IOException {
    List<MeasuredDay> days = new ArrayList<>();
    for (FileWork file : files.files()) {
      MeasuredDay day = measure(file, outputs);
      if (day.problem() == null) {
        days.add(day);
      } else {
        bad.add(day);
        spoilt.add(file);
      }
    }
    return days;
  }

  /** A file that cannot be read is left alone; what cannot be written fails the task. */
  private MeasuredDay measure(FileWork file, Outputs outputs) throws IOException {
    FileOutcome outcome;
    try {
      outcome = read(file, outputs);
    } catch (IOException e) {
      return MeasuredDay.unreadable(file.file(), SliceRead.reason(e));
    }
    FileCursor cursor = outcome.cursor().withQuarantineBytes(quarantine(outcome));
    Map<String, Long> refused = new TreeMap<>();
    outcome.refused().forEach((reason, count) -> refused.put(reason.code(), count));
    return new MeasuredDay(
        file.file(),
        cursor,
        cursor.broken() ? settings.brokenMessage(file.file(), cursor, " " + refused) : null,
        refused,
        outcome.duplicates(),
        outcome.bytesRead(),
        outputs.bars(file.file().instrument(), outcome.bars()));
  }

  private FileOutcome read(FileWork file, Outputs outputs) throws IOException {
    FileWork whole = file.as(FileWork.Mode.REBUILD_WHOLE, null);
    List<Slice> slices = whole.slices(Long.MAX_VALUE, settings.hasAnalytics());
    RawFileBytes bytes = new RawFileBytes(vaultUri + "/" + file.path(), configuration);
    List<SliceResult> results = new ArrayList<>();
    outputs.tradesOf(file.file().instrument());
    for (Slice slice : slices) {
      results.add(SliceScan.scan(slice, bytes, outputs::trade));
    }
    FileOutcome merged = SliceMerge.merge(whole, results, settings);
    FileOutcome outcome = MinuteSort.sorted(merged, UnsortedMinutes.of(merged), bytes);
    long consumed = outcome.cursor().bytes();
    return outcome.with(outcome.cursor().withEdges(consumed == 0 ? 0 : bytes.edges(consumed)));
  }

  private long quarantine(FileOutcome outcome) throws IOException {
    if (outcome.refusedLines().isEmpty()) {
      return 0;
    }
    StagedFiles staged = new StagedFiles(VaultStores.open(vaultUri, configuration));
    staged.begin(publication);
    return new QuarantineFile(staged)
        .replace(
            outcome.work().file(),
            SliceScan.refusedLines(
                outcome, slice -> new RawFileBytes(vaultUri + "/" + slice.path(), configuration)));
  }

  /** The files that a group's minutes and trades go into, opened when the first of them comes. */
  private final class Outputs implements Closeable {

    private final String rowsPath =
        "%s/bars-%d-%d-%s".formatted(work, group.epochDay(), group.bucket(), UUID.randomUUID());

    private PartFile bars;
    private DataOutputStream rows;
    private TradeParquet trades;
    private String instrument;
    private boolean finished;

    void tradesOf(String name) {
      instrument = name;
      if (trades != null) {
        trades.of(name);
      }
    }

    /** Writes a trade as it is read: its failure must not look like one of reading. */
    void trade(ParsedTrade trade) {
      if (!settings.trades()) {
        return;
      }
      try {
        if (trades == null) {
          trades = new TradeParquet(configuration, table(LakeSchema.TRADES), group.epochDay());
          tradesOf(instrument);
        }
        trades.write(trade);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String table(String name) {
      return vaultUri + "/" + VaultLayout.table(name);
    }

    MeasuredDay.Bars bars(String name, List<MinuteBar> minutes) throws IOException {
      if (minutes.isEmpty()) {
        return null;
      }
      if (bars == null) {
        bars =
            new PartFile(
                configuration, table(LakeSchema.BARS), BarsTable.schema(), group.epochDay());
        Path path = new Path(vaultUri + "/" + rowsPath);
        rows =
            new DataOutputStream(
                new BufferedOutputStream(
                    path.getFileSystem(configuration).create(path, true), 1 << 16));
      }
      long offset = rows.size();
      SpanSums own = SpanSums.NONE;
      SumDigits digits = new SumDigits();
      for (MinuteBar minute : minutes) {
        bars.write(BarsTable.row(name, minute));
        byte[] packed = PackedBar.pack(minute);
        rows.writeInt(packed.length);
        rows.write(packed);
        own = own.plus(SpanSums.of(minute));
        digits.note(minute);
      }
      AnalyticsSettings analytics = settings.analytics();
      return new MeasuredDay.Bars(
          minutes.size(),
          minutes.get(0).minute(),
          minutes.get(minutes.size() - 1).close(),
          own,
          analytics == null
              ? CarriedSums.none(0)
              : CarriedSums.of(minutes, analytics.anchors(), analytics.cvdOriginMinute()),
          offset,
          digits.decimals(),
          digits.digits());
    }

    MeasuredGroup finish(List<MeasuredDay> days) throws IOException {
      WrittenFile barsFile = bars == null ? null : bars.finish().orElseThrow();
      WrittenFile tradesFile = trades == null ? null : trades.finish().orElse(null);
      if (rows != null) {
        rows.close();
      }
      finished = true;
      return new MeasuredGroup(
          group.bucket(),
          group.epochDay(),
          rows == null ? null : rowsPath,
          rows == null ? 0 : rows.size(),
          barsFile,
          tradesFile,
          days);
    }

    @Override
    public void close() throws IOException {
      if (!finished) {
        // Files that are not finished have no footer and no table knows of them.
        for (Closeable each : new Closeable[] {bars, trades, rows}) {
          if (each != null) {
            each.close();
          }
        }
      }
    }
  }
}
