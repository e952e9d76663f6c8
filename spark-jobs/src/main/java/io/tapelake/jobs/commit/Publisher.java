package io.tapelake.jobs.commit;

import io.tapelake.jobs.export.Export;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.outcome.Steps;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.published.CursorFiles;
import io.tapelake.jobs.published.DamagedException;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.Published.Backfill;
import io.tapelake.jobs.published.Published.FileState;
import io.tapelake.jobs.published.StagedFiles;
import io.tapelake.jobs.store.KeptResults;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lets what a run has written count: everything at the moment at which {@code published.json} is
 * replaced, nothing before.
 *
 * <p>A run makes its folder, and then makes sure that it holds the vault still, before it writes to
 * any table. Whoever holds the vault after it takes the folder away, and with it the file that is
 * put in place of {@code published.json}: a process that was stopped meanwhile finds nothing to put
 * there.
 */
public final class Publisher {

  /** What tasks of a backfill hand on and came to, which an interrupted one takes up again. */
  static final String WORK = VaultLayout.JOB_STATE + "/work";

  static final String CANDIDATE = "published.json";
  private static final String CHECKPOINT = "checkpoint.json";
  private static final String CURSORS = "cursors.jsonl";

  private final VaultStore store;
  private final StagedFiles staged;
  private final Lake lake;
  private final VaultHold hold;
  private final long fence;
  private final SortedMap<String, Instant> asOfs = new TreeMap<>();
  private Published published;

  /** Those that count, but for what is made anew: it names its own, whatever becomes of the old. */
  private final SortedMap<String, FileState> files = new TreeMap<>();

  private OutputSettings settings;
  private int count;
  private boolean hasWork;
  private long cursorBytes;

  /**
   * A publisher of a run.
   *
   * @param published what counts now
   * @param fence this holder's number, higher than the one that published before
   */
  public Publisher(StagedFiles staged, Lake lake, VaultHold hold, long fence, Published published) {
    store = staged.vault();
    this.staged = staged;
    this.lake = lake;
    settings = published.settings();
    this.hold = hold;
    this.fence = fence;
    this.published = published;
    files.putAll(published.files());
    published.instruments().forEach(each -> asOfs.put(each, published.asOf(each)));
  }

  /** Outputs are made with these settings from now on. */
  public void use(OutputSettings others) {
    settings = others;
  }

  /** Takes up as-ofs of instruments. */
  public void note(Collection<InstrumentCursor> cursors) {
    cursors.forEach(cursor -> asOfs.put(cursor.instrument(), cursor.asOf()));
  }

  /**
   * Begins to make instruments anew, whose as-of may go back.
   *
   * @param instruments null for all
   * @param goesOn whether what tasks of an interrupted backfill came to is taken up
   */
  public void beginAnew(Collection<String> instruments, boolean goesOn) throws IOException {
    for (String left : staged.found()) {
      staged.discard(left);
    }
    hasWork = goesOn;
    if (!goesOn) {
      store.delete(WORK);
    }
    forget(instruments);
    cursorBytes = 0;
    begin();
  }

  private void forget(Collection<String> instruments) {
    if (instruments == null) {
      asOfs.clear();
      files.clear();
      return;
    }
    asOfs.keySet().removeAll(instruments);
    for (String instrument : instruments) {
      files.remove(VaultLayout.cursor(instrument));
      files.keySet().removeAll(Export.paths(instrument));
    }
  }

  private String nextId() {
    count++;
    return "%d-%d".formatted(fence, count);
  }

  /** Begins to write, unless it was begun. */
  public void begin() throws IOException {
    if (staged.isBegun()) {
      return;
    }
    if (published.fence() == 0) {
      // What a run finds that died in the first one's midst: nothing counts yet.
      hold.check();
      byte[] nothing = published.encode();
      store.replace(Published.PATH, out -> out.write(nothing));
    }
    staged.begin(nextId());
    byte[] note = ("fence " + fence + "\n").getBytes(StandardCharsets.UTF_8);
    store.replace(staged.own("begun"), out -> out.write(note));
    hold.check();
    Steps.done(Steps.BEGUN);
  }

  /** The folder below the vault for what a backfill's tasks hand on and came to. */
  public String work(String backfill) {
    hasWork = true;
    return WORK + "/" + KeptResults.folder(backfill);
  }

  /** The folder that an interrupted backfill has left which is to count at its end, or null. */
  public static String interrupted(StagedFiles staged, String request) throws IOException {
    for (String left : staged.found()) {
      try {
        Published checkpoint = checkpoint(staged, left);
        if (checkpoint != null && checkpoint.backfill(request) != null) {
          return left;
        }
      } catch (DamagedException e) {
        // Then nothing goes on there.
      }
    }
    return null;
  }

  /** How far a backfill has come that has left a folder, or null. */
  public static Published checkpoint(StagedFiles staged, String left) throws IOException {
    return Published.read(staged.vault(), StagedFiles.FOLDER + "/" + left + "/" + CHECKPOINT);
  }

  /**
   * Goes on with a backfill that another run has left.
   *
   * @param instruments those that it makes anew, null for all
   * @return the cursors of what it has read
   */
  public Map<String, InstrumentCursor> takeOver(String left, Collection<String> instruments)
      throws IOException {
    forget(instruments);
    staged.takeOver(left, nextId());
    hold.check();
    lake.shut();
    Published checkpoint = Published.read(store, staged.own(CHECKPOINT));
    lake.restore(checkpoint.tables());
    staged.cutTo(checkpoint.files());
    staged.sum();
    cursorBytes = checkpoint.backfill().cursorBytes();
    if (cursorBytes == 0) {
      store.delete(staged.own(CURSORS));
    } else {
      store.truncate(staged.own(CURSORS), cursorBytes);
    }
    return CursorFiles.noted(store, staged.own(CURSORS), checkpoint.backfill().asOf());
  }

  /**
   * Notes how far a backfill is that is to count at its end.
   *
   * @param read cursors of the files that were read since the last time
   */
  public void checkpoint(Backfill backfill, Collection<InstrumentCursor> read) throws IOException {
    cursorBytes = CursorFiles.note(store, staged.own(CURSORS), cursorBytes, read);
    Backfill noted =
        new Backfill(backfill.request(), backfill.asOf(), backfill.doneThrough(), cursorBytes);
    byte[] next = next(noted).encode();
    store.replace(staged.own(CHECKPOINT), out -> out.write(next));
    Steps.done(Steps.CHECKPOINT);
  }

  /**
   * Lets everything count that was written.
   *
   * @param backfill the backfill that goes on after it, or null
   */
  public void publish(Backfill backfill) throws IOException {
    Published next = next(backfill);
    byte[] bytes = next.encode();
    store.replace(staged.own(CANDIDATE), out -> out.write(bytes));
    Steps.done(Steps.SEALED);
    hold.check();
    store.move(staged.own(CANDIDATE), Published.PATH);
    Steps.done(Steps.PUBLISHED);
    if (hasWork) {
      // Also what other versions of this program have left there, which none takes up again.
      store.delete(WORK);
    }
    published = next;
    files.clear();
    files.putAll(next.files());
    staged.adopt();
    Steps.done(Steps.ADOPTED);
  }

  /** Lets as-ofs count that have moved on without anything to write. */
  public void advance() throws IOException {
    Published next = next(null);
    boolean isSame =
        next.asOf().equals(published.asOf())
            && next.behind().equals(published.behind())
            && published.backfill() == null;
    if (!isSame) {
      begin();
      publish(null);
    }
  }

  /** Lets tables count that were changed without any of their rows. */
  public void publishTables() throws IOException {
    begin();
    publish(published.backfill());
  }

  private Published next(Backfill backfill) throws IOException {
    Instant asOf = Instant.EPOCH;
    for (Instant each : asOfs.values()) {
      asOf = each.isAfter(asOf) ? each : asOf;
    }
    SortedMap<String, Instant> behind = new TreeMap<>(asOfs);
    behind.values().removeIf(asOf::equals);
    return new Published(
        staged.id(),
        fence,
        asOf,
        behind,
        settings,
        new TreeMap<>(lake.states(published.tables())),
        new TreeMap<>(staged.states(files)),
        backfill);
  }
}
