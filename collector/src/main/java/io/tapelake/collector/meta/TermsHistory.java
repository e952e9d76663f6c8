package io.tapelake.collector.meta;

import io.tapelake.vault.Contract;
import java.time.Instant;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The contract's terms over time, as they were observed. A trade gets the terms observed last
 * before it happened; one from before the first observation gets the first.
 */
public final class TermsHistory {

  private final TreeMap<Instant, Contract> changes = new TreeMap<>();

  /** Notes what was observed; true when it differs from what held until then. */
  public boolean observed(Instant at, Contract contract) {
    Map.Entry<Instant, Contract> before = changes.floorEntry(at);
    if (before != null && before.getValue().equals(contract)) {
      return false;
    }
    changes.put(at, contract);
    return true;
  }

  /** The terms of a trade that happened then, or null when none were ever observed. */
  public Contract at(Instant time) {
    if (changes.isEmpty()) {
      return null;
    }
    Map.Entry<Instant, Contract> before = changes.floorEntry(time);
    return before == null ? changes.firstEntry().getValue() : before.getValue();
  }

  /** The terms observed last at that time or before, or null when there was no observation yet. */
  public Contract knownAt(Instant time) {
    Map.Entry<Instant, Contract> before = changes.floorEntry(time);
    return before == null ? null : before.getValue();
  }

  /** When terms were observed that differ from those before. */
  public SortedSet<Instant> changes() {
    return changes.navigableKeySet();
  }

  /** The newest terms, or null. */
  public Contract latest() {
    return changes.isEmpty() ? null : changes.lastEntry().getValue();
  }
}
