package io.tapelake.simulator.fault;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The faults that are in force for some time, and how often each may still strike. */
public final class FaultBoard {

  private final List<Entry> entries = new ArrayList<>();

  /** Puts a fault in force until its time is over or its number of times is used up. */
  public void post(Fault fault) {
    entries.add(new Entry(fault));
  }

  /** Whether no fault of that sort is in force, which is the usual case. */
  public boolean isClear(FaultKind.Where where) {
    for (Entry entry : entries) {
      if (entry.fault.kind().where() == where) {
        return false;
      }
    }
    return true;
  }

  /**
   * The fault of that kind that strikes now, or null; counts as one of its times.
   *
   * @param instrument what it would touch, or null
   * @param time of the trade or of the request
   */
  public Fault strike(FaultKind kind, String instrument, Instant time) {
    for (Entry entry : entries) {
      if (entry.fault.kind() == kind && entry.left > 0 && entry.fault.touches(instrument, time)) {
        entry.left--;
        return entry.fault;
      }
    }
    return null;
  }

  /**
   * The REST fault in force for that path, or null; a fault's path is a part of the whole.
   *
   * @param instrument which the request is about; null when it names none
   */
  public Fault strikeRest(String path, String instrument, Instant now) {
    for (Entry entry : entries) {
      if (entry.fault.kind() == FaultKind.REST
          && entry.fault.touches(instrument, now)
          && path.contains(entry.fault.text("path", ""))) {
        return entry.fault;
      }
    }
    return null;
  }

  /** Forgets faults that are over. */
  public void expire(Instant now) {
    for (Iterator<Entry> it = entries.iterator(); it.hasNext(); ) {
      Entry entry = it.next();
      if (entry.left <= 0 || !now.isBefore(entry.fault.until())) {
        it.remove();
      }
    }
  }

  private static final class Entry {
    final Fault fault;
    int left;

    Entry(Fault fault) {
      this.fault = fault;
      this.left = fault.number("n", Integer.MAX_VALUE);
    }
  }
}
