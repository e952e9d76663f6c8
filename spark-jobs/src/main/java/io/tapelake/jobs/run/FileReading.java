package io.tapelake.jobs.run;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.jobs.outcome.InstrumentSummary;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FoundFile;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.read.SliceMerge;
import io.tapelake.jobs.read.SliceRead;
import io.tapelake.jobs.read.SliceReader;
import io.tapelake.jobs.read.SliceResult;
import io.tapelake.jobs.read.UnsortedMinutes;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Reads raw files in slices, and more thoroughly where slices alone do not tell the truth. */
public final class FileReading {

  private final OutputSettings settings;
  private final long sliceBytes;
  private final SliceReader reader;
  private final VaultStore store;

  /** Files that could not be read, by what their cursors were before. */
  private final Map<DayFile, FileWork> failed = new TreeMap<>();

  public FileReading(SparkStart spark, VaultStore store, OutputSettings settings, long sliceBytes) {
    this.settings = settings;
    this.sliceBytes = sliceBytes;
    reader = spark.sliceReader(store);
    this.store = store;
  }

  /** Files that could not be read so far, which are as they were. */
  Map<DayFile, FileWork> failed() {
    return failed;
  }

  /** What the files of a block come to that can be read, in the block's order. */
  public List<FileOutcome> read(List<FileWork> block, RunSummary summary) throws IOException {
    long start = System.nanoTime();
    Map<DayFile, FileOutcome> outcomes = new LinkedHashMap<>();
    block.forEach(work -> outcomes.put(work.file(), null));
    List<FileWork> left = block;
    while (!left.isEmpty()) {
      List<FileWork> again = new ArrayList<>();
      Map<FileWork, List<SliceRead>> results = scan(left);
      for (FileWork work : left) {
        List<SliceRead> reads = results.get(work);
        String failure =
            reads.stream()
                .map(SliceRead::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (failure != null) {
          fail(work, failure, summary);
          continue;
        }
        List<SliceResult> slices = reads.stream().map(SliceRead::result).toList();
        FileWork moreThorough = SliceMerge.moreThorough(work, slices);
        if (moreThorough == null) {
          merge(work, slices, outcomes, summary);
        } else {
          again.add(moreThorough);
          summary.of(work.file().instrument()).bytesRead += bytes(slices);
        }
      }
      left = again;
    }
    outcomes.values().removeIf(Objects::isNull);
    sort(outcomes);
    outcomes.values().forEach(outcome -> note(outcome, summary));
    summary.step("read", Duration.ofNanos(System.nanoTime() - start));
    return List.copyOf(outcomes.values());
  }

  /** What to tell a person about a file that was left alone. */
  static String brokenMessage(
      DayFile file, Map<String, InstrumentCursor> cursors, OutputSettings settings) {
    FileCursor cursor = cursors.get(file.instrument()).files().get(file.day());
    return settings.brokenMessage(file, cursor, "");
  }

  private void merge(
      FileWork work,
      List<SliceResult> slices,
      Map<DayFile, FileOutcome> outcomes,
      RunSummary summary) {
    try {
      outcomes.put(work.file(), withEdges(SliceMerge.merge(work, slices, settings)));
    } catch (IOException e) {
      fail(work, SliceRead.reason(e), summary);
    }
  }

  /**
   * Leaves a file alone that a task could not read, of which nothing is in the outputs then.
   *
   * @throws JobException when it can be read here: outputs without its trades are not to count
   */
  void failInTask(FileWork work, String reason, RunSummary summary) {
    if (isReadable(work)) {
      throw JobException.failed(
          "%s could not be read where the work is done (%s), but can be from here; executors must see"
                  .formatted(work.path(), reason)
              + " the vault under the same path. What counts is as it was, running again is safe");
    }
    fail(work, reason, summary);
  }

  private void fail(FileWork work, String reason, RunSummary summary) {
    failed.put(work.file(), work);
    summary.problem(SliceRead.unreadableMessage(work.path(), reason));
  }

  private boolean isReadable(FileWork work) {
    try (InputStream in = RawFileFinder.plainBytes(store, work.path()).open(0)) {
      long bytes = in.transferTo(OutputStream.nullOutputStream());
      return work.length() == FoundFile.UNKNOWN || bytes >= work.length();
    } catch (IOException e) {
      return false;
    }
  }

  private Map<FileWork, List<SliceRead>> scan(List<FileWork> works) throws IOException {
    List<Slice> slices = new ArrayList<>();
    Map<FileWork, List<SliceRead>> results = new LinkedHashMap<>();
    List<FileWork> owners = new ArrayList<>();
    for (FileWork work : works) {
      results.put(work, new ArrayList<>());
      for (Slice slice : work.slices(sliceBytes, settings.hasAnalytics())) {
        slices.add(slice);
        owners.add(work);
      }
    }
    List<SliceRead> scanned = reader.scan(slices);
    for (int i = 0; i < scanned.size(); i++) {
      results.get(owners.get(i)).add(scanned.get(i));
    }
    return results;
  }

  /** Reads the minutes again whose trades came out of order or stand in two slices. */
  private void sort(Map<DayFile, FileOutcome> outcomes) throws IOException {
    List<UnsortedMinutes> portions = new ArrayList<>();
    outcomes.values().forEach(outcome -> portions.addAll(UnsortedMinutes.of(outcome)));
    Map<DayFile, List<MinuteBar>> sorted = new LinkedHashMap<>();
    Map<DayFile, Long> bytes = new LinkedHashMap<>();
    List<List<MinuteBar>> results = reader.sort(portions);
    for (int i = 0; i < results.size(); i++) {
      DayFile file = portions.get(i).slice().file();
      sorted.computeIfAbsent(file, key -> new ArrayList<>()).addAll(results.get(i));
      bytes.merge(file, portions.get(i).bytes(), Long::sum);
    }
    sorted.forEach(
        (file, bars) ->
            outcomes.computeIfPresent(
                file, (key, outcome) -> outcome.withSorted(bars, bytes.get(file))));
  }

  private FileOutcome withEdges(FileOutcome outcome) throws IOException {
    long bytes = outcome.cursor().bytes();
    return outcome.with(
        outcome
            .cursor()
            .withEdges(
                bytes == 0
                    ? 0
                    : RawFileFinder.plainBytes(store, outcome.work().path()).edges(bytes)));
  }

  private void note(FileOutcome outcome, RunSummary summary) {
    InstrumentSummary each = summary.of(outcome.work().file().instrument());
    each.bytesRead += outcome.bytesRead();
    each.duplicates += outcome.duplicates();
    outcome
        .refused()
        .forEach((reason, count) -> each.refused.merge(reason.code(), count, Long::sum));
    if (outcome.cursor().broken()) {
      Map<String, Long> reasons = new TreeMap<>();
      outcome.refused().forEach((reason, count) -> reasons.put(reason.code(), count));
      summary.problem(
          settings.brokenMessage(outcome.work().file(), outcome.cursor(), " " + reasons));
    } else {
      each.trades += outcome.trades();
    }
  }

  private static long bytes(List<SliceResult> slices) {
    long bytes = 0;
    for (SliceResult slice : slices) {
      bytes += Math.max(0, Math.min(slice.slice().to(), slice.end()) - slice.slice().from());
    }
    return bytes;
  }
}
