package io.tapelake.jobs.increment;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.jobs.table.StoredSignal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Signals that were there, and those that the same minutes give now. */
public final class SignalBook {

  private static final Comparator<Signal> BY_MINUTE_AND_ID =
      Comparator.comparingLong(Signal::minute).thenComparing(Signal::id);

  private SignalBook() {}

  /** Signals in the order of table and export. */
  public static List<Signal> ordered(Collection<Signal> signals) {
    return signals.stream().sorted(BY_MINUTE_AND_ID).toList();
  }

  /** Signals that stand. */
  public static List<StoredSignal> standing(Collection<Signal> signals) {
    return signals.stream().map(signal -> new StoredSignal(signal, null)).toList();
  }

  /**
   * What is kept of some minutes: all that they give now, and what they gave before and do not give
   * any more, marked as taken back as of then.
   */
  static List<StoredSignal> settle(
      Collection<StoredSignal> before, Collection<Signal> now, Instant asOf) {
    List<StoredSignal> kept = new ArrayList<>(standing(now));
    Map<String, Signal> ids = new HashMap<>();
    now.forEach(signal -> ids.put(signal.id(), signal));
    for (StoredSignal each : before) {
      if (!ids.containsKey(each.signal().id())) {
        kept.add(each.withdrawn(asOf));
      }
    }
    return kept;
  }
}
