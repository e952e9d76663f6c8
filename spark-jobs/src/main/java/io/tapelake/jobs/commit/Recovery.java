package io.tapelake.jobs.commit;

import io.tapelake.jobs.export.Export;
import io.tapelake.jobs.export.Exports;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.CursorFiles;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.Published.FileState;
import io.tapelake.jobs.published.SeenFiles;
import io.tapelake.jobs.published.StagedFiles;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Brings the outputs to what was published, before anything is computed on top of them: after a run
 * that did not get to its end, and after a part of the vault was lost, cut off, restored or
 * replaced.
 */
public final class Recovery {

  /** What counts of a vault without outputs. */
  private static final Published NOTHING = Published.nothing("0-0", 0);

  private final Supplier<SparkSession> spark;
  private final StagedFiles staged;
  private final VaultStore store;
  private final Lake lake;
  private final SeenFiles seen;
  private boolean hasChangedTables;

  public Recovery(Supplier<SparkSession> spark, StagedFiles staged, Lake lake, SeenFiles seen) {
    this.spark = spark;
    this.staged = staged;
    this.store = staged.vault();
    this.lake = lake;
    this.seen = seen;
  }

  /**
   * Makes sure that no folder lies where a file of the job's belongs, which nothing could replace.
   *
   * @param exports paths of some, of which it is to be looked at, too
   * @throws JobException naming one
   */
  public static void checkForFolders(VaultStore store, Collection<String> exports)
      throws IOException {
    for (String folder : List.of(VaultLayout.JOB_STATE, CursorFiles.FOLDER)) {
      for (VaultStore.Entry entry : store.list(folder)) {
        if (entry.name().contains(".json")) {
          checkIsFile(folder + "/" + entry.name(), entry);
        }
      }
    }
    for (String path : exports) {
      checkIsFile(path, store.entry(path));
    }
  }

  private static void checkIsFile(String path, VaultStore.Entry entry) {
    if (entry != null && entry.isFolder()) {
      throw JobException.needsPerson(
          "%s is a folder where a file belongs; move it away, then './tapelake backfill' makes"
                  .formatted(path)
              + " everything anew");
    }
  }

  /**
   * What counts; null of a vault without outputs.
   *
   * @throws DamagedException also when there are outputs of which nothing says that they count
   */
  public static Published whatCounts(VaultStore store) throws IOException {
    Published published = Published.read(store);
    if (published == null && hasOutputs(store)) {
      published = Published.read(store); // a first run may have begun meanwhile
      if (published == null) {
        throw nothingCounts();
      }
    }
    return published;
  }

  private static boolean hasOutputs(VaultStore store) throws IOException {
    return Lake.isIn(store) || !new CursorFiles(store).instruments().isEmpty();
  }

  private static DamagedException nothingCounts() {
    return new DamagedException(
        Published.PATH + " is gone, without which nobody knows what counts", null);
  }

  /** Whether tables have other versions now than what counts says, with the same rows. */
  public boolean hasChangedTables() {
    return hasChangedTables;
  }

  /**
   * What counts, with tables and files that are as it says.
   *
   * @param published what the vault says, or null
   * @param besides instruments that are made anew, whose exports may be as they like
   * @param request of which a backfill that was interrupted stays, or null
   * @throws DamagedException when they cannot be brought to it
   */
  public Published repair(
      Published published, Set<String> besides, String request, RunSummary summary)
      throws IOException {
    List<String> left = finish(published, summary);
    String kept = request == null ? null : Publisher.interrupted(staged, request);
    for (String each : left) {
      if (!each.equals(kept)) {
        staged.discard(each);
      }
    }
    if (published == null) {
      if (hasOutputs(store)) {
        throw nothingCounts();
      }
      return NOTHING;
    }
    if (lake.restore(published.tables())) {
      hasChangedTables = true;
      summary.recovered(
          left.isEmpty()
              ? "tables had gone on since the last run: they are back to what it left"
              : "a run did not finish: tables are back to what the last one left");
    }
    if (!left.isEmpty()) {
      if (kept == null) {
        store.delete(Publisher.WORK);
      }
      shut();
    }
    mend(published, besides, summary);
    return published;
  }

  /**
   * What counts, when all of it is about to be made anew. What a run left that did not finish
   * stays: it may be the same backfill.
   */
  public Published beforeBackfill(RunSummary summary) throws IOException {
    List<String> exports = new ArrayList<>();
    new CursorFiles(store).instruments().forEach(each -> exports.addAll(Export.paths(each)));
    checkForFolders(store, exports);
    Published published;
    try {
      published = Published.read(store);
    } catch (DamagedException e) {
      summary.recovered(e.getMessage() + ": it is made anew");
      published = null;
    }
    finish(published, summary);
    return published == null ? NOTHING : published;
  }

  /** A holder before may be one that was only stopped: it writes to no table any more. */
  private void shut() throws IOException {
    lake.shut();
    hasChangedTables = true;
  }

  /** Puts files in their places that count already; the names of what else runs have left. */
  private List<String> finish(Published published, RunSummary summary) throws IOException {
    List<String> left = new ArrayList<>(staged.found());
    for (String each : left) {
      // Who was only stopped lets nothing count any more, also where its folder stays.
      store.delete(StagedFiles.FOLDER + "/" + each + "/" + Publisher.CANDIDATE);
    }
    if (published != null && left.remove(published.id())) {
      staged.takeUp(published.id());
      staged.adopt();
      store.delete(Publisher.WORK);
      summary.recovered("the last run did not put all of its files in their places: that is done");
    }
    return left;
  }

  /** Brings exports to what was published: cuts them off, or makes them anew from the tables. */
  private void mend(Published published, Set<String> besides, RunSummary summary)
      throws IOException {
    Set<String> broken = new TreeSet<>();
    for (Map.Entry<String, FileState> file : published.files().entrySet()) {
      String path = file.getKey();
      boolean isExport = !CursorFiles.isCursor(path) && !besides.contains(instrument(path));
      if (isExport && !isOrCanBe(path, file.getValue(), summary)) {
        broken.add(instrument(path));
      }
    }
    for (String instrument : broken) {
      summary.recovered(
          "exports of %s are not as the last run left them: made anew from the tables"
              .formatted(instrument));
      remake(instrument, published);
    }
    for (String instrument : published.instruments()) {
      for (String path : Export.paths(instrument)) {
        if (!published.files().containsKey(path) && store.exists(path)) {
          summary.recovered(path + " is nothing that the last run left: it is removed");
          store.delete(path);
        }
      }
    }
  }

  private boolean isOrCanBe(String path, FileState state, RunSummary summary) throws IOException {
    VaultStore.Entry entry = store.entry(path);
    checkIsFile(path, entry);
    if (entry == null || entry.length() < state.bytes()) {
      return false;
    }
    boolean isLonger = entry.length() > state.bytes();
    if (!isLonger && seen.isSame(path, entry)) {
      return true;
    }
    if (Published.checksum(store, path, 0, state.bytes()) != state.checksum()) {
      return false;
    }
    if (isLonger) {
      store.truncate(path, state.bytes());
      summary.recovered(path + " was longer than the last run left it: it is cut off there");
    }
    seen.look(path);
    return true;
  }

  private void remake(String instrument, Published published) throws IOException {
    OutputSettings settings = published.settings();
    try {
      new Exports(store, settings).rewrite(instrument, new Lake(spark, store, settings));
    } catch (RuntimeException e) {
      throw DamagedException.whileReading("a table of which exports are made", e);
    }
    for (String path : Export.paths(instrument)) {
      FileState state = published.files().get(path);
      if (state != null) {
        boolean isSame =
            store.length(path) == state.bytes()
                && Published.checksum(store, path, 0, state.bytes()) == state.checksum();
        if (!isSame) {
          throw new DamagedException(
              path + " is not as the last run left it, and the tables do not give it", null);
        }
        seen.look(path);
      }
    }
  }

  private static String instrument(String path) {
    String folder = path.substring(0, path.lastIndexOf('/'));
    return folder.substring(folder.lastIndexOf('/') + 1);
  }
}
