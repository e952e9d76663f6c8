package io.tapelake.collector.meta;

import io.tapelake.vault.Contract;
import java.time.Instant;

/**
 * The terms of one instrument as they are observed while it is recorded. New terms are a barrier:
 * they hold when they were read twice, and until then nobody knows which terms a trade has. Pure;
 * not thread-safe.
 */
public final class ObservedTerms {

  /** What an observation means. */
  public enum Outcome {
    /** Terms are known now. */
    FIRST,
    /** Nothing new. */
    SAME,
    /** Other terms than those known: to be read again. */
    DIFFERENT,
    /** Other terms, read again: they hold. */
    CHANGED,
    /** What was read last time is not so after all. */
    AS_BEFORE
  }

  private final TermsHistory history;
  private Contract other;
  private Instant otherSince;
  private Instant haltedSince;
  private Instant lastRead = Instant.MIN;
  private Instant unseenSince;
  private boolean waitsForReading;

  /**
   * @param history what was observed before
   */
  public ObservedTerms(TermsHistory history) {
    this.history = history;
  }

  /**
   * Takes note of terms as they are served at a time of the exchange's clock.
   *
   * @param newest when the newest trade happened that has got its terms already
   */
  public Outcome observed(Terms terms, Instant at, Instant newest) {
    boolean trades = terms.state().isEmpty() || terms.state().equals("live");
    if (!trades && haltedSince == null) {
      haltedSince = at;
    }
    Outcome outcome = compare(terms.contract(), at, newest);
    lastRead = at;
    if (trades && other == null) {
      haltedSince = null;
    }
    return outcome;
  }

  private Outcome compare(Contract contract, Instant at, Instant newest) {
    Contract known = history.latest();
    if (known == null) {
      history.observed(at, contract);
      otherSince = at;
      return Outcome.FIRST;
    }
    waitsForReading = false;
    if (contract.equals(known)) {
      unseenSince = null;
      Outcome outcome = other == null ? Outcome.SAME : Outcome.AS_BEFORE;
      other = null;
      return outcome;
    }
    if (!contract.equals(other)) {
      other = contract;
      // While trading is halted nobody trades under either terms.
      Instant since = haltedSince != null ? haltedSince : at;
      otherSince = since.isAfter(newest) ? since : newest.plusMillis(1);
      return Outcome.DIFFERENT;
    }
    history.observed(otherSince, contract);
    other = null;
    unseenSince = null;
    return Outcome.CHANGED;
  }

  /** Takes note of terms that a person says held from a time on, where nothing was observed. */
  public void said(Instant since, Contract contract) {
    history.observed(since, contract);
  }

  /**
   * Nobody saw for a while what became of the terms: trades wait until they are read.
   *
   * @param newest when the newest trade happened that has got its terms already
   */
  public void mayHaveChanged(Instant newest) {
    if (history.latest() != null) {
      Instant seen = lastRead.equals(Instant.MIN) ? newest : lastRead;
      unseenSince = unseenSince == null ? seen : unseenSince;
      waitsForReading = true;
    }
  }

  /** They cannot be read now: those that are known go on to hold, unless trading was halted. */
  public void cannotBeRead() {
    waitsForReading = false;
  }

  /** Since when nobody saw what became of the terms; null when they were read. */
  public Instant unseenSince() {
    return unseenSince;
  }

  /** Nobody can say whether terms changed in a halt: those that are known go on to hold. */
  public void goOn() {
    haltedSince = null;
  }

  /** Whether it is known which terms a trade has that happened then. */
  public boolean areSure(Instant time) {
    return !waitsForReading && !areInDoubt(time);
  }

  /** Whether other terms than those of that time were seen, or trading was halted since. */
  public boolean areInDoubt(Instant time) {
    // Terms change in halts: what happens after one has the terms that are read after it.
    boolean halted = haltedSince != null && time.isAfter(lastRead);
    return !areSure() || halted;
  }

  /** Whether terms are known and no others were seen. */
  public boolean areSure() {
    return history.latest() != null && other == null;
  }

  /** From when on the terms hold that became known last. */
  public Instant since() {
    return otherSince;
  }

  /** The terms of a trade that happened then; null when none are known. */
  public Contract at(Instant time) {
    return history.at(time);
  }

  /** The newest terms; null when none are known. */
  public Contract latest() {
    return history.latest();
  }
}
