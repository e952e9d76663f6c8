package io.tapelake.jobs.plan;

import io.tapelake.jobs.plan.FileWork.Mode;
import io.tapelake.vault.DayFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** Decides what a run reads: files found × cursors → work. */
public final class RunPlanner {

  private final Map<String, InstrumentCursor> cursors;
  private final ToLongFunction<InstrumentCursor> openFrom;
  private final DayRange scope;
  private final DayRange forced;
  private final boolean acceptMissing;

  private final List<FileWork> work = new ArrayList<>();
  private final List<DayFile> broken = new ArrayList<>();

  private RunPlanner(
      Map<String, InstrumentCursor> cursors,
      ToLongFunction<InstrumentCursor> openFrom,
      DayRange scope,
      DayRange forced,
      boolean acceptMissing) {
    this.cursors = cursors;
    this.openFrom = openFrom;
    this.scope = scope;
    this.forced = forced;
    this.acceptMissing = acceptMissing;
  }

  /**
   * The plan of a run.
   *
   * @param found the raw files of the instruments that take part
   * @param cursors those instruments' cursors; an instrument without one was never read
   * @param openFrom the first minute that is open as of this run, by cursor; null for none
   * @param scope days that take part; files of others are left for another run
   * @param forced days to read again whatever their cursors say
   * @param acceptMissing whether the contribution of a vanished file is taken out
   */
  public static RunPlan plan(
      List<FoundFile> found,
      Map<String, InstrumentCursor> cursors,
      ToLongFunction<InstrumentCursor> openFrom,
      DayRange scope,
      DayRange forced,
      boolean acceptMissing) {
    RunPlanner planner = new RunPlanner(cursors, openFrom, scope, forced, acceptMissing);
    found.stream().filter(each -> scope.contains(each.file().day())).forEach(planner::consider);
    List<DayFile> vanished = planner.considerVanished(found);
    planner.work.sort(
        Comparator.comparing((FileWork each) -> each.file().day())
            .thenComparing(each -> each.file().instrument()));
    return new RunPlan(planner.work, planner.growing(), vanished, planner.broken);
  }

  private void consider(FoundFile found) {
    InstrumentCursor cursor = cursors.get(found.file().instrument());
    FileCursor previous = cursor == null ? null : cursor.files().get(found.file().day());
    if (found.consumedPart() == FoundFile.ConsumedPart.FAILED) {
      return;
    }
    if (previous == null) {
      add(found, Mode.REBUILD, FileCursor.START, null);
    } else if (forced.contains(found.file().day())) {
      add(found, Mode.REBUILD, previous, null);
    } else if (found.consumedPart() == FoundFile.ConsumedPart.SHRANK) {
      add(found, Mode.REBUILD, previous, "it is shorter than what was read of it");
    } else if (found.consumedPart() == FoundFile.ConsumedPart.CHANGED) {
      add(found, Mode.REBUILD, previous, "what was read of it has changed");
    } else if (found.consumedPart() == FoundFile.ConsumedPart.QUARANTINE_GONE) {
      add(
          found,
          Mode.REBUILD,
          previous,
          "what was refused of it is not in the quarantine any more");
    } else if (found.hasGrown(previous.bytes())) {
      add(found, previous.broken() ? Mode.REBUILD : append(found), previous, null);
    } else if (previous.broken()) {
      broken.add(found.file());
    } else if (previous.openMinute() < openFrom.applyAsLong(cursor)) {
      add(found, append(found), previous, null);
    }
  }

  private static Mode append(FoundFile found) {
    return found.isDivisible() ? Mode.APPEND : Mode.REBUILD;
  }

  private void add(FoundFile found, Mode mode, FileCursor previous, String why) {
    work.add(
        new FileWork(
            found.file(),
            found.path(),
            found.length(),
            found.stored(),
            found.modified(),
            mode,
            previous,
            openFrom.applyAsLong(cursors.get(found.file().instrument())),
            why));
  }

  private List<DayFile> considerVanished(List<FoundFile> found) {
    Set<DayFile> present = new TreeSet<>();
    found.forEach(each -> present.add(each.file()));
    List<DayFile> vanished = new ArrayList<>();
    for (InstrumentCursor cursor : cursors.values()) {
      for (LocalDate day : cursor.files().keySet()) {
        DayFile file = new DayFile(cursor.instrument(), day);
        if (present.contains(file) || !scope.contains(day)) {
          continue;
        }
        if (acceptMissing) {
          work.add(
              new FileWork(
                  file,
                  file.rawPath(),
                  0,
                  0,
                  Mode.REMOVE,
                  cursor.files().get(day),
                  openFrom.applyAsLong(cursor),
                  "it is gone"));
        } else {
          vanished.add(file);
        }
      }
    }
    return vanished;
  }

  /** Instruments with a trade in a later, still open minute: rows without trades become due. */
  private Set<String> growing() {
    Set<String> growing = new TreeSet<>();
    for (InstrumentCursor cursor : cursors.values()) {
      if (cursor.rowsEnd(openFrom.applyAsLong(cursor)) > cursor.rowsEnd()
          && cursor.lastRow() == cursor.rowsEnd()) {
        growing.add(cursor.instrument());
      }
    }
    return growing;
  }
}
