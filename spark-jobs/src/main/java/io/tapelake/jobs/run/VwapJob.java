package io.tapelake.jobs.run;

import io.tapelake.jobs.alert.AlertSettings;
import io.tapelake.jobs.commit.Clearing;
import io.tapelake.jobs.commit.Publisher;
import io.tapelake.jobs.commit.Recovery;
import io.tapelake.jobs.commit.VaultHold;
import io.tapelake.jobs.increment.Alerts;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.outcome.Progress;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FoundFile;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.RunPlan;
import io.tapelake.jobs.plan.RunPlanner;
import io.tapelake.jobs.published.CursorFiles;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.Published.Backfill;
import io.tapelake.jobs.published.SeenFiles;
import io.tapelake.jobs.published.StagedFiles;
import io.tapelake.jobs.read.FileOutcome;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A run: raw files → exact minutes → rolling windows → tables, export, cursor. {@code run} and
 * {@code backfill} differ only in what the plan takes up, and in when it counts: a run block by
 * block, a backfill of everything at its end.
 */
public final class VwapJob {

  /** What the rows of a day's minutes cost, in bytes of raw files that are read in the time. */
  private static final long BYTES_A_DAY = 1L << 20;

  private final SparkStart spark;
  private final VaultStore store;
  private final long inlineBytes;
  private final OutputSettings settings;
  private final Clock clock;
  private final VaultHold hold;
  private final long fence;
  private final StagedFiles staged;
  private final Lake lake;
  private final FileReading reading;
  private final AlertSettings alertSettings;
  private final Progress progress;

  public VwapJob(
      SparkStart spark,
      VaultStore store,
      OutputSettings settings,
      long sliceBytes,
      long inlineBytes,
      AlertSettings alertSettings,
      Clock clock,
      VaultHold hold,
      Progress progress)
      throws IOException {
    this.spark = spark;
    this.store = store;
    this.settings = settings;
    this.inlineBytes = inlineBytes;
    this.alertSettings = alertSettings;
    this.clock = clock;
    this.hold = hold;
    this.progress = progress;
    fence = Math.max(hold.fence(), Published.fence(store) + 1);
    staged = new StagedFiles(store);
    lake = new Lake(spark, store, settings, fence);
    reading = new FileReading(spark, store, settings, sliceBytes);
  }

  /** Does what is asked; the caller holds the vault. */
  public RunSummary run(String verb, RunRequest request) throws IOException {
    try {
      return runWhole(verb, request);
    } catch (IOException | RuntimeException e) {
      DamagedException.tell(e);
      throw e;
    }
  }

  private RunSummary runWhole(String verb, RunRequest request) throws IOException {
    Instant started = clock.instant();
    long clockStart = System.nanoTime();
    RunSummary summary = new RunSummary(verb, started);
    SeenFiles seen = new SeenFiles(store);
    RawFileFinder finder = new RawFileFinder(store, seen, started);

    // 1. What is there, and what counts of it.
    Set<String> known = withOutputs(request);
    Set<String> instruments = chosen(request, finder.instruments(), known, summary);
    boolean atOnce = request.scope() == RunRequest.Scope.ALL;
    boolean anew = atOnce && instruments.containsAll(known);
    Recovery recovery = new Recovery(spark, staged, lake, seen);
    String described = request.describe(settings);
    Published counts;
    if (anew) {
      counts = recovery.beforeBackfill(summary);
    } else {
      Published published = Published.read(store);
      checkUsage(request, published, instruments);
      Set<String> besides = atOnce ? instruments : Set.of();
      counts = recovery.repair(published, besides, atOnce ? described : null, summary);
    }
    Set<String> madeAnew = atOnce ? new TreeSet<>(instruments) : Set.of();
    if (anew) {
      madeAnew.addAll(counts.instruments());
    }
    Map<String, InstrumentCursor> all = new CursorFiles(store).readAll(counts, madeAnew);
    Publisher publisher = new Publisher(staged, lake, hold, fence, counts);
    if (recovery.hasChangedTables()) {
      publisher.publishTables();
    }
    Map<String, InstrumentCursor> cursors = new TreeMap<>(all);
    cursors.keySet().retainAll(instruments);
    String left = atOnce ? Publisher.interrupted(staged, described) : null;
    Backfill interrupted =
        left != null ? Publisher.checkpoint(staged, left).backfill() : counts.backfill(described);
    Instant asOf = interrupted == null ? asOf(request, counts.asOf(), summary) : interrupted.asOf();
    summary.asOf(asOf);
    List<FoundFile> found = finder.find(instruments, cursors);
    cursors.keySet().removeAll(finder.unlisted());
    if (!request.acceptMissing()) {
      Set<String> listed = new TreeSet<>(madeAnew);
      listed.removeAll(finder.unlisted());
      checkThatNoneIsLost(counts, listed, found);
    }
    if (found.isEmpty() && known.isEmpty()) {
      throw JobException.usage(noTrades(instruments));
    }
    publisher.use(settings);
    if (interrupted != null) {
      summary.warn("continuing the backfill as of " + asOf + " that was interrupted");
    }
    // What tasks have done is not in that folder, and they name no day that is finished.
    boolean goesOnByTasks = left != null && interrupted.doneThrough() == null;
    Set<String> forgotten = anew ? null : instruments;
    Map<String, InstrumentCursor> taken =
        left == null || goesOnByTasks ? null : takeOver(publisher, left, forgotten, summary);
    if (taken != null) {
      cursors.putAll(taken);
      found = finder.find(instruments, cursors);
    } else if (atOnce) {
      publisher.beginAnew(forgotten, goesOnByTasks);
      new Clearing(staged, lake).clear(madeAnew, anew, goesOnByTasks);
      cursors.clear();
      found = finder.find(instruments, cursors);
    }

    // 2. What to do.
    RunPlan plan =
        RunPlanner.plan(
            found,
            cursors,
            cursor -> openFrom(cursor, asOf),
            request.takesPart(),
            request.daysLeft(interrupted),
            request.acceptMissing());
    report(plan, cursors, summary);
    finder.failures(request.takesPart()).forEach(summary::problem);
    if (!plan.isEmpty()) {
      spark.begin();
    }

    // 3. Read, sum, window and write: much that is new in Spark's tasks, less here, block by block.
    Alerts alerts = new Alerts(staged, alertSettings, clock);
    Publication publication = new Publication(spark, staged, settings, lake, publisher, alerts);
    progress.planned(plan.work());
    List<FileWork> unread = new ArrayList<>();
    boolean isLarge = cursors.isEmpty() && tellsNobody(request) && isLarge(plan);
    if (isLarge) {
      publisher.begin();
      if (atOnce) {
        publisher.checkpoint(new Backfill(described, asOf, null, 0), List.of());
      }
      String work = publisher.work(described + " as of " + asOf);
      unread.addAll(
          new Rebuild(spark, staged, settings, lake, reading, work)
              .run(plan.work(), asOf, all.isEmpty(), cursors, summary));
      progress.done(plan.work(), summary);
    }
    // What an interrupted backfill has not read yet is not late.
    publication.begin(interrupted == null ? cursors : Map.of());
    List<List<FileWork>> blocks = isLarge ? List.of() : WorkBlocks.cut(plan);
    List<InstrumentCursor> written = List.of();
    for (int i = 0; i < blocks.size(); i++) {
      List<FileWork> block = blocks.get(i);
      Set<String> later = WorkBlocks.instruments(blocks.subList(i + 1, blocks.size()));
      List<FileOutcome> outcomes = reading.read(block, summary);
      later.addAll(heldUp(plan, cursors, asOf));
      written = publication.write(outcomes, plan.growing(), later, asOf, cursors, summary);
      if (i + 1 < blocks.size()) {
        // Of the last day of a block other files may come in the next one, and what could not be
        // read is asked for again.
        LocalDate last = block.get(block.size() - 1).file().day();
        for (DayFile failed : reading.failed().keySet()) {
          last = failed.day().isBefore(last) ? failed.day() : last;
        }
        LocalDate done = last.minusDays(1);
        Backfill under = new Backfill(described, asOf, done, 0);
        if (atOnce) {
          publisher.checkpoint(under, Publication.ofBlock(written, outcomes));
        } else {
          publication.count(written, request.isBackfill() ? under : null, summary);
        }
      }
      progress.done(block, summary);
    }

    // 4. Let it count.
    publication.advance(cursors, asOf);
    if (staged.isBegun()) {
      publication.count(atOnce || isLarge ? cursors.values() : written, null, summary);
    } else {
      publisher.advance();
    }
    unread.addAll(reading.failed().values());
    remember(finder, seen, request, unread);

    // 5. Tell of new signals, now that the outputs hold them.
    if (!request.isBackfill()) {
      long start = System.nanoTime();
      alerts.deliver(asOf, summary);
      summary.step("alerts", start);
    }
    summary.reached(cursors);
    summary.took(Duration.ofNanos(System.nanoTime() - clockStart));
    return summary;
  }

  /** What is made anew comes without days whose files are gone, as far as cursors tell of them. */
  private void checkThatNoneIsLost(Published counts, Set<String> madeAnew, List<FoundFile> found)
      throws IOException {
    Set<DayFile> gone = new TreeSet<>();
    for (String instrument : madeAnew) {
      try {
        InstrumentCursor cursor =
            counts.instruments().contains(instrument)
                ? new CursorFiles(store).read(instrument, counts)
                : null;
        if (cursor != null) {
          cursor.files().keySet().forEach(day -> gone.add(new DayFile(instrument, day)));
        }
      } catch (DamagedException e) {
        // It is made anew of what there is.
      }
    }
    found.forEach(file -> gone.remove(file.file()));
    if (!gone.isEmpty()) {
      throw JobException.needsPerson(
          "%s%s gone although outputs hold what was read of it; put it back, or give --accept-missing to make"
                  .formatted(
                      gone.iterator().next().rawPath(),
                      gone.size() == 1
                          ? " is"
                          : " and %,d other day files are".formatted(gone.size() - 1))
              + " them anew without its trades. Nothing was changed");
    }
  }

  /** What an interrupted backfill has read; null when what it left is damaged. */
  private static Map<String, InstrumentCursor> takeOver(
      Publisher publisher, String left, Set<String> instruments, RunSummary summary)
      throws IOException {
    try {
      return publisher.takeOver(left, instruments);
    } catch (IOException | RuntimeException e) {
      String damage = DamagedException.damage("what it left", e).getMessage();
      summary.warn("%s: it begins from the start".formatted(damage));
      return null;
    }
  }

  private boolean tellsNobody(RunRequest request) {
    return request.isBackfill() || !alertSettings.isOn();
  }

  /** The first minute that is open of an instrument. */
  private long openFrom(InstrumentCursor cursor, Instant asOf) {
    return settings.openFrom(InstrumentCursor.asOf(cursor, asOf));
  }

  /** Whether there is more to read than is read sooner here than by tasks, or more rows to make. */
  private boolean isLarge(RunPlan plan) {
    long bytes = 0;
    for (FileWork file : plan.work()) {
      bytes += BYTES_A_DAY + file.estimate();
    }
    return !plan.isEmpty() && bytes >= inlineBytes;
  }

  private void remember(
      RawFileFinder finder, SeenFiles seen, RunRequest request, List<FileWork> unread)
      throws IOException {
    if (request.scope() != RunRequest.Scope.DAYS) {
      // Of other days it is not known what was found there.
      finder.remember(unread);
    }
    for (String path : staged.adopted()) {
      if (path.startsWith(VaultLayout.DERIVED + "/")) {
        seen.look(path);
      }
    }
    seen.save();
  }

  private static Set<String> chosen(
      RunRequest request,
      Collection<String> withFiles,
      Collection<String> withOutputs,
      RunSummary summary) {
    Set<String> known = new TreeSet<>(withFiles);
    known.addAll(withOutputs);
    if (request.instruments().isEmpty()) {
      return known;
    }
    Set<String> chosen = new TreeSet<>(request.instruments());
    chosen.retainAll(known);
    for (String instrument : request.instruments()) {
      if (!known.contains(instrument)) {
        String what =
            "no raw files of instrument '%s'; the vault has %s".formatted(instrument, known);
        if (!request.configured() || chosen.isEmpty()) {
          throw JobException.usage(what);
        }
        summary.warn(what);
      }
    }
    if (request.configured() && request.scope() == RunRequest.Scope.ALL) {
      chosen.addAll(withOutputs);
    }
    return chosen;
  }

  /** Nothing is closed that the clock has not closed. */
  private Instant asOf(RunRequest request, Instant published, RunSummary summary) {
    if (request.asOf() != null) {
      return request.asOf();
    }
    boolean everything = request.scope() == RunRequest.Scope.ALL;
    Instant now = clock.instant();
    if (!everything && published.isAfter(now.plus(InstrumentCursor.CLOCKS_DIFFER))) {
      summary.warn(
          "a run was made as of %s, which is ahead of the clock (%s): minutes that were not over may"
                  .formatted(published, now)
              + " be in the outputs, and this run closes what is over by the clock; './tapelake"
              + " backfill' makes everything anew");
    }
    return now;
  }

  /** What cannot be asked for of what counts is refused before anything is touched. */
  private void checkUsage(RunRequest request, Published counts, Set<String> instruments) {
    if (counts == null) {
      return;
    }
    boolean everything = request.scope() == RunRequest.Scope.ALL;
    Instant newest = Instant.MIN;
    for (String instrument : counts.instruments()) {
      boolean madeAnew = everything && instruments.contains(instrument);
      if (!madeAnew && !settings.equals(counts.settings())) {
        throw JobException.usage(
            "the outputs of %s were made with %s, not with %s; './tapelake backfill' with the new"
                    .formatted(instrument, describe(counts.settings()), describe(settings))
                + " settings rebuilds all instruments");
      }
      if (instruments.contains(instrument) && counts.asOf(instrument).isAfter(newest)) {
        newest = counts.asOf(instrument);
      }
    }
    Instant asked = request.asOf();
    if (asked != null && !everything && asked.isBefore(newest)) {
      throw JobException.usage(
          "--as-of %s is earlier than the last run's, %s; './tapelake backfill --as-of' goes back"
              .formatted(asked, newest));
    }
  }

  private static String describe(OutputSettings settings) {
    String plain =
        "windows=%s grace=%s max-refused-ratio=%s trades=%s analytics=%s"
            .formatted(
                settings.windowNames(),
                settings.grace(),
                settings.maxRefusedRatio().toPlainString(),
                settings.trades(),
                settings.hasAnalytics());
    return settings.hasAnalytics() ? plain + " " + settings.analytics().describe() : plain;
  }

  private void report(RunPlan plan, Map<String, InstrumentCursor> cursors, RunSummary summary) {
    for (FileWork work : plan.work()) {
      if (work.why() != null) {
        summary.warn("reading %s again: %s".formatted(work.path(), work.why()));
      }
    }
    for (DayFile file : plan.vanished()) {
      summary.problem(
          "%s is gone although it was read; put it back, or give --accept-missing to take its"
                  .formatted(file.rawPath())
              + " trades out");
    }
    for (DayFile file : plan.broken()) {
      summary.problem(FileReading.brokenMessage(file, cursors, settings));
    }
  }

  /**
   * Instruments with a minute that was open and whose file is not read now, because it cannot be,
   * is gone, or is of another day than was asked for: their rows end before it until it is.
   */
  private Set<String> heldUp(RunPlan plan, Map<String, InstrumentCursor> cursors, Instant asOf) {
    Set<DayFile> read = new TreeSet<>();
    plan.work().forEach(work -> read.add(work.file()));
    read.removeAll(reading.failed().keySet());
    Set<String> heldUp = new TreeSet<>();
    for (InstrumentCursor cursor : cursors.values()) {
      cursor
          .files()
          .forEach(
              (day, file) -> {
                boolean hasClosed = file.openMinute() < openFrom(cursor, asOf);
                if (hasClosed && !read.contains(new DayFile(cursor.instrument(), day))) {
                  heldUp.add(cursor.instrument());
                }
              });
    }
    return heldUp;
  }

  /**
   * Instruments that have outputs. Where some are made anew, also those of which only the
   * publication says so: they are not to go with them.
   */
  private Set<String> withOutputs(RunRequest request) throws IOException {
    Set<String> instruments = new TreeSet<>(new CursorFiles(store).instruments());
    if (request.scope() == RunRequest.Scope.ALL && !request.instruments().isEmpty()) {
      try {
        Published published = Published.read(store);
        instruments.addAll(published == null ? Set.of() : published.instruments());
      } catch (DamagedException e) {
        // Then nobody knows more than the cursors; what is to be done about it, recovery says.
      }
    }
    return instruments;
  }

  private static String noTrades(Set<String> instruments) {
    return "no trades to read: there is no file %s/{INSTID}/{YYYY-MM-DD}.jsonl%s; './tapelake collect'"
            .formatted(DayFile.RAW_ROOT, instruments.isEmpty() ? "" : " of " + instruments)
        + " or './tapelake demo' makes some";
  }
}
