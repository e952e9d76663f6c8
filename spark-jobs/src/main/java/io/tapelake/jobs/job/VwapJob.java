package io.tapelake.jobs.job;

import io.tapelake.jobs.alert.AlertSettings;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FoundFile;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.RunPlan;
import io.tapelake.jobs.plan.RunPlanner;
import io.tapelake.jobs.publish.CursorFiles;
import io.tapelake.jobs.publish.Lake;
import io.tapelake.jobs.publish.RunJournal;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A run: raw files → exact minutes → rolling windows → tables, export, cursor. {@code run} and
 * {@code backfill} differ only in what the plan takes up.
 *
 * <p>Whatever it does can be repeated. Tables and files are written before the cursors that say so,
 * and a journal lets the next run undo what an interrupted one left half done.
 */
final class VwapJob {

  /** From so many files on a work is a large one, however little is in them. */
  private static final int LARGE_FILES = 64;

  private final SparkStart spark;
  private final VaultStore store;
  private final long inlineBytes;
  private final AlertSettings alertSettings;
  private final OutputSettings settings;
  private final Clock clock;
  private final Lake lake;
  private final CursorFiles cursorFiles;
  private final RunJournal journal;
  private final Clearing clearing;
  private final FileReading reading;
  private final Publication publication;
  private final Alerts alerts;
  private final BackfillMarker marker;
  private final Progress progress;

  VwapJob(
      SparkStart spark,
      VaultStore store,
      OutputSettings settings,
      long sliceBytes,
      long inlineBytes,
      AlertSettings alertSettings,
      Clock clock,
      Progress progress) {
    this.spark = spark;
    this.store = store;
    this.settings = settings;
    this.inlineBytes = inlineBytes;
    this.alertSettings = alertSettings;
    this.clock = clock;
    this.progress = progress;
    marker = new BackfillMarker(store);
    lake = new Lake(spark, store, settings);
    cursorFiles = new CursorFiles(store);
    journal = new RunJournal(store);
    clearing = new Clearing(store, lake, journal, cursorFiles);
    reading = new FileReading(spark, store, settings, sliceBytes);
    alerts = new Alerts(store, alertSettings, clock);
    publication = new Publication(spark, store, settings, lake, journal, cursorFiles, alerts);
  }

  /** Does what is asked; the caller holds the vault's lock. */
  RunSummary run(String verb, RunRequest request) throws IOException {
    Instant started = clock.instant();
    long clockStart = System.nanoTime();
    RunSummary summary = new RunSummary(verb, started);

    // 1. What is there, and what was done before.
    new Recovery(spark, store, lake, journal, cursorFiles, clearing).repair(summary);
    Map<String, InstrumentCursor> all = cursorFiles.readAll();
    RawFileFinder finder = new RawFileFinder(store);
    Set<String> instruments = chosen(request, finder.instruments(), all.keySet());
    Map<String, InstrumentCursor> cursors = new TreeMap<>(all);
    cursors.keySet().retainAll(instruments);
    BackfillMarker.Interrupted interrupted =
        request.isBackfill() ? marker.find(request, settings) : null;
    Instant asOf = interrupted == null ? asOf(request, cursors.values()) : interrupted.asOf();
    summary.asOf(asOf);
    checkSettings(request, all, instruments);
    List<FoundFile> found = finder.find(instruments, cursors);
    if (found.isEmpty() && cursors.isEmpty()) {
      throw JobException.usage(noTrades(instruments));
    }
    if (interrupted != null) {
      summary.warn("continuing the backfill as of " + asOf + " that was interrupted");
    } else if (request.isBackfill()) {
      if (request.scope() == RunRequest.Scope.ALL) {
        clear(started, instruments, all, cursors);
        found = finder.find(instruments, cursors);
      }
      marker.note(request, settings, asOf, null);
    }

    // 2. What to do.
    RunPlan plan =
        RunPlanner.plan(
            inScope(found, request),
            cursors,
            settings.openFrom(asOf),
            request.daysLeft(interrupted),
            request.acceptMissing());
    report(plan, cursors, summary, found, request);
    if (!plan.isEmpty()) {
      spark.begin();
    }

    // 3. Much that is new goes through Spark's tasks as a whole.
    progress.planned(plan.work());
    if (cursors.isEmpty() && !plan.isEmpty() && tellsNobody(request) && isLarge(plan)) {
      new Rebuild(spark, store, settings, lake, journal, cursorFiles)
          .run(plan.work(), asOf, cursors, summary);
      progress.done(plan.work(), summary);
      return end(request, asOf, cursors, Map.of(), finder, summary, clockStart);
    }

    // 4. Less is read, summed and published here, block by block, each a whole by itself.
    // What an interrupted backfill has not read yet is not late.
    publication.begin(interrupted == null ? cursors : Map.of());
    Map<String, Long> versions = plan.isEmpty() ? Map.of() : lake.versions();
    List<List<FileWork>> blocks = WorkBlocks.cut(plan);
    for (int i = 0; i < blocks.size(); i++) {
      List<FileWork> block = blocks.get(i);
      Set<String> later = WorkBlocks.instruments(blocks.subList(i + 1, blocks.size()));
      List<FileOutcome> outcomes = reading.read(block, summary);
      publication.publish(outcomes, plan.growing(), later, asOf, cursors, summary);
      if (request.isBackfill() && i + 1 < blocks.size()) {
        // Of the last day of a block other files may come in the next one.
        marker.note(request, settings, asOf, block.get(block.size() - 1).file().day().minusDays(1));
      }
      progress.done(block, summary);
    }
    publication.advance(cursors, asOf);
    return end(request, asOf, cursors, versions, finder, summary, clockStart);
  }

  private RunSummary end(
      RunRequest request,
      Instant asOf,
      Map<String, InstrumentCursor> cursors,
      Map<String, Long> versions,
      RawFileFinder finder,
      RunSummary summary,
      long clockStart)
      throws IOException {
    finder.remember();
    marker.remove();

    // 5. Tell of new signals, now that the outputs hold them.
    if (!request.isBackfill()) {
      long start = System.nanoTime();
      alerts.deliver(asOf, summary);
      summary.step("alerts", start);
    }

    // 6. Tidy up, when there was something to do.
    cursors.values().forEach(cursor -> summary.newest(cursor.newestClosed()));
    if (summary.hasCommits() && summary.newest() != null) {
      LocalDate newestDay = LocalDate.ofInstant(summary.newest().time(), ZoneOffset.UTC);
      new Upkeep(store, lake, clock).afterRun(versions, newestDay);
    }
    summary.took(Duration.ofNanos(System.nanoTime() - clockStart));
    return summary;
  }

  private boolean tellsNobody(RunRequest request) {
    return request.isBackfill() || !alertSettings.isOn();
  }

  /** Whether there is more to read than is read sooner here than by tasks, or more rows to make. */
  private boolean isLarge(RunPlan plan) {
    long bytes = 0;
    for (FileWork file : plan.work()) {
      bytes += file.length() == FoundFile.UNKNOWN ? inlineBytes : file.length();
    }
    return bytes >= inlineBytes || plan.work().size() >= LARGE_FILES;
  }

  private void clear(
      Instant started,
      Set<String> instruments,
      Map<String, InstrumentCursor> all,
      Map<String, InstrumentCursor> cursors)
      throws IOException {
    boolean hasOthers = !instruments.containsAll(all.keySet());
    journal.beginClearing(started, hasOthers ? lake.versions() : Map.of(), instruments);
    clearing.clear(instruments, !hasOthers);
    cursors.clear();
  }

  private static Set<String> chosen(
      RunRequest request, Collection<String> withFiles, Collection<String> withCursors) {
    Set<String> known = new TreeSet<>(withFiles);
    known.addAll(withCursors);
    if (request.instruments().isEmpty()) {
      return known;
    }
    for (String instrument : request.instruments()) {
      if (!known.contains(instrument)) {
        throw JobException.usage(
            "no raw files of instrument '%s'; the vault has %s".formatted(instrument, known));
      }
    }
    return request.instruments();
  }

  /** As-of does not move backwards, except where everything is made anew. */
  private Instant asOf(RunRequest request, Collection<InstrumentCursor> cursors) {
    Instant newest = Instant.MIN;
    for (InstrumentCursor cursor : cursors) {
      newest = cursor.asOf().isAfter(newest) ? cursor.asOf() : newest;
    }
    Instant asked = request.asOf();
    boolean everything = request.scope() == RunRequest.Scope.ALL;
    if (asked != null && !everything && asked.isBefore(newest)) {
      throw JobException.usage(
          "--as-of %s is earlier than the last run's, %s; './tapelake backfill --as-of' goes back"
              .formatted(asked, newest));
    }
    if (asked != null) {
      return asked;
    }
    Instant now = clock.instant();
    // A wall clock that stepped back closes nothing new.
    return everything || now.isAfter(newest) ? now : newest;
  }

  private void checkSettings(
      RunRequest request, Map<String, InstrumentCursor> all, Set<String> instruments) {
    boolean everything = request.scope() == RunRequest.Scope.ALL;
    for (InstrumentCursor cursor : all.values()) {
      boolean madeAnew = everything && instruments.contains(cursor.instrument());
      if (!madeAnew && !cursor.settings().equals(settings)) {
        throw JobException.usage(
            "the outputs of %s were made with %s, not with %s; './tapelake backfill' with the new"
                    .formatted(cursor.instrument(), describe(cursor.settings()), describe(settings))
                + " settings rebuilds all instruments");
      }
    }
  }

  private static String describe(OutputSettings settings) {
    String plain =
        "windows=%s grace=%ss max-refused-ratio=%s trades=%s analytics=%s"
            .formatted(
                settings.windowNames(),
                settings.grace().toSeconds(),
                settings.maxRefusedRatio().toPlainString(),
                settings.trades(),
                settings.hasAnalytics());
    return settings.hasAnalytics() ? plain + " " + settings.analytics().describe() : plain;
  }

  /** A backfill of some days leaves the other days' files for the next run. */
  private static List<FoundFile> inScope(List<FoundFile> found, RunRequest request) {
    return request.scope() == RunRequest.Scope.DAYS
        ? found.stream().filter(each -> request.days().contains(each.file().day())).toList()
        : found;
  }

  private void report(
      RunPlan plan,
      Map<String, InstrumentCursor> cursors,
      RunSummary summary,
      List<FoundFile> found,
      RunRequest request) {
    for (FileWork work : plan.work()) {
      if (work.why() != null) {
        summary.warn("reading %s again: %s".formatted(work.path(), work.why()));
      }
    }
    Set<DayFile> present = new TreeSet<>();
    found.forEach(each -> present.add(each.file()));
    for (DayFile file : plan.vanished()) {
      if (!present.contains(file) && request.scope() != RunRequest.Scope.DAYS) {
        summary.problem(
            "%s is gone although it was read; put it back, or give --accept-missing to take its"
                    .formatted(file.rawPath())
                + " trades out");
      }
    }
    for (DayFile file : plan.broken()) {
      summary.problem(FileReading.brokenMessage(file, cursors, settings));
    }
  }

  private static String noTrades(Set<String> instruments) {
    return "no trades to read: there is no file %s/{INSTID}/{YYYY-MM-DD}.jsonl%s; './tapelake collect'"
            .formatted(DayFile.RAW_ROOT, instruments.isEmpty() ? "" : " of " + instruments)
        + " or './tapelake demo' makes some";
  }
}
