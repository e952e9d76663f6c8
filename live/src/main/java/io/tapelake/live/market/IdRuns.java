package io.tapelake.live.market;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The runs of consecutive trade ids of a day, and when they began and ended: what lies between two
 * of them is missing. Not thread-safe.
 */
final class IdRuns {

  /** With more runs the ids are those of a channel that leaves ids out, and tell nothing. */
  private static final int MOST_RUNS = 20_000;

  /** So far the clocks of an exchange's machines may go back from one trade to the next. */
  private static final long CLOCK_SLACK_MILLIS = 1000;

  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private Run newest;

  /** One run; times in milliseconds since 1970. */
  private static final class Run {
    private final long from;
    private final long fromMillis;
    private long to;
    private long toMillis;

    Run(long from, long fromMillis, long to, long toMillis) {
      this.from = from;
      this.fromMillis = fromMillis;
      this.to = to;
      this.toMillis = toMillis;
    }
  }

  /** Adds an id that was not there before. */
  void add(long id, long millis) {
    if (newest != null && id == newest.to + 1) {
      newest.to = id;
      newest.toMillis = millis;
    } else if (runs.size() < MOST_RUNS) {
      insert(id, millis);
    }
    if (newest != null) {
      join();
    }
  }

  /** The first id; 0 without any. */
  long first() {
    return runs.isEmpty() ? 0 : runs.firstEntry().getValue().from;
  }

  /** The greatest id; 0 without any. */
  long last() {
    return runs.isEmpty() ? 0 : runs.lastEntry().getValue().to;
  }

  long firstMillis() {
    return runs.firstEntry().getValue().fromMillis;
  }

  long lastMillis() {
    return runs.lastEntry().getValue().toMillis;
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /** Whether ids follow each other closely enough to tell what is missing. */
  boolean isDense() {
    return runs.size() < MOST_RUNS;
  }

  /**
   * What is missing between the first and the last id, ascending. Where greater ids are older, ids
   * started over: nothing is known to lie between.
   */
  List<IdGap> gaps() {
    List<IdGap> gaps = new ArrayList<>();
    Run before = null;
    for (Run run : runs.values()) {
      if (before != null && run.fromMillis + CLOCK_SLACK_MILLIS >= before.toMillis) {
        gaps.add(new IdGap(before.to + 1, run.from - 1, before.toMillis, run.fromMillis));
      }
      before = run;
    }
    return gaps;
  }

  private void insert(long id, long millis) {
    Map.Entry<Long, Run> floor = runs.floorEntry(id);
    if (floor != null && floor.getValue().to + 1 == id) {
      newest = floor.getValue();
      newest.to = id;
      newest.toMillis = millis;
    } else {
      newest = new Run(id, millis, id, millis);
      runs.put(id, newest);
    }
  }

  /** Joins the run that was added to with the one behind it, where they meet now. */
  private void join() {
    Run next = runs.remove(newest.to + 1);
    if (next != null) {
      newest.to = next.to;
      newest.toMillis = next.toMillis;
    }
  }
}
