package io.tapelake.simulator.tape;

import io.tapelake.vault.Contract;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What happens to one instrument while the tape runs: trading halts, delisting, new terms.
 *
 * @param halts times without trades
 * @param changes new terms, in the order of their times
 * @param relistings when the instrument is listed anew and trade ids start over with 1
 */
public record Lifecycle(List<Halt> halts, List<Change> changes, List<Instant> relistings) {

  /** An instrument to which nothing happens. */
  public static final Lifecycle CALM = new Lifecycle(List.of(), List.of(), List.of());

  /**
   * A time without trades, from {@code from} (inclusive) to {@code until} (exclusive).
   *
   * @param until {@link Instant#MAX} when trading does not resume
   * @param state what the exchange says the instrument's state is meanwhile: {@code live} for a
   *     quiet market, {@code suspend}, or {@code expired}, which is no longer listed
   */
  public record Halt(Instant from, Instant until, String state) {

    boolean covers(Instant time) {
      return !time.isBefore(from) && time.isBefore(until);
    }
  }

  /**
   * New terms.
   *
   * @param at from when on trades happen under them
   * @param served from when on the exchange serves them as metadata
   * @param contractValue the new {@code ctVal}, or null when it stays
   * @param lotSize the new {@code lotSz}, or null when it stays
   */
  public record Change(Instant at, Instant served, BigDecimal contractValue, BigDecimal lotSize) {

    private Listing applyTo(Listing listing) {
      Contract old = listing.contract();
      Contract contract =
          contractValue == null ? old : new Contract(contractValue, old.multiplier(), old.type());
      return listing.with(contract, lotSize == null ? listing.lotSize() : lotSize);
    }
  }

  public Lifecycle {
    halts = List.copyOf(halts);
    List<Change> sorted = new ArrayList<>(changes);
    sorted.sort(Comparator.comparing(Change::at));
    changes = List.copyOf(sorted);
    relistings = relistings.stream().sorted().toList();
  }

  /** Whether nothing ever happens to the instrument. */
  public boolean isCalm() {
    return halts.isEmpty() && changes.isEmpty() && relistings.isEmpty();
  }

  /** The listing under whose terms a trade at that time happens. */
  public Listing traded(Listing listing, Instant time) {
    Listing current = listing;
    for (Change change : changes) {
      if (!time.isBefore(change.at)) {
        current = change.applyTo(current);
      }
    }
    return current;
  }

  /** The listing as the exchange serves it at that time. */
  public Listing served(Listing listing, Instant time) {
    Listing current = listing;
    for (Change change : changes) {
      if (!time.isBefore(change.served)) {
        current = change.applyTo(current);
      }
    }
    return current;
  }

  /** What the exchange says the instrument's state is. */
  public String state(Instant time) {
    return halts.stream()
        .filter(halt -> halt.covers(time) && !halt.state.equals("live"))
        .map(Halt::state)
        .findFirst()
        .orElse("live");
  }

  /** Whether the exchange lists the instrument at that time. */
  public boolean isListed(Instant time) {
    return !state(time).equals("expired");
  }

  /** When a trade that is due at that time can happen; {@link Instant#MAX} when never. */
  Instant resume(Instant time) {
    for (Halt halt : halts) {
      if (halt.covers(time)) {
        return halt.until.equals(Instant.MAX) ? Instant.MAX : resume(halt.until);
      }
    }
    return time;
  }
}
