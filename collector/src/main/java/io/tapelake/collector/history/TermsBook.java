package io.tapelake.collector.history;

import io.tapelake.collector.meta.MetadataFiles;
import io.tapelake.collector.meta.SaidTerms;
import io.tapelake.collector.meta.TermsHistory;
import io.tapelake.vault.Contract;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The contract's terms when a past trade happened: as they were observed at that time or before, or
 * as a person says they were. Nothing in between is made up.
 */
public final class TermsBook {

  private final Path vault;
  private final Map<String, TermsHistory> given = new HashMap<>();
  private final Map<String, TermsHistory> observed = new HashMap<>();
  private final RawTerms raw;

  /** Why terms are not to be had; the message says what to do. */
  public static final class UnknownTermsException extends Exception {

    private static final long serialVersionUID = 1L;

    UnknownTermsException(String message) {
      super(message);
    }
  }

  /**
   * @param said what a person says, each {@code INSTID=ctVal,ctMult,ctType} or {@code
   *     INSTID=ctVal,ctMult,ctType@SINCE} with a day or an instant
   * @throws IllegalArgumentException when one is anything else
   */
  public TermsBook(Path vault, Collection<String> said) {
    this.vault = vault;
    this.raw = new RawTerms(vault);
    for (String one : said) {
      add(SaidTerms.parse(one));
    }
  }

  private void add(SaidTerms said) {
    String instrument = said.instrument();
    Instant since = said.since();
    Contract contract = said.contract();
    TermsHistory history = given.computeIfAbsent(instrument, each -> new TermsHistory());
    if (history.changes().contains(since) && !history.knownAt(since).equals(contract)) {
      throw new IllegalArgumentException(
          "--terms says both %s and %s of %s at %s; correct one of them"
              .formatted(
                  text(history.knownAt(since)),
                  text(contract),
                  instrument,
                  TradeLine.formatTime(since)));
    }
    history.observed(since, contract);
  }

  /**
   * Makes sure that the terms of every trade in a span of time are known, and that none would come
   * to stand beside lines of the raw files that carry others.
   *
   * @throws UnknownTermsException when they are not, or when two sources contradict each other
   */
  public void check(String instrument, Instant from, Instant to)
      throws IOException, UnknownTermsException {
    TreeSet<Instant> times = new TreeSet<>(observed(instrument).changes());
    times.addAll(given(instrument).changes());
    times.removeIf(time -> !time.isAfter(from) || time.isAfter(to));
    times.add(from);
    for (Instant time : times) {
      Contract seen = observed(instrument).knownAt(time);
      Contract said = given(instrument).knownAt(time);
      if (seen == null && said == null) {
        throw new UnknownTermsException(unknown(instrument, time));
      }
      if (seen != null && said != null && !seen.equals(said)) {
        throw new UnknownTermsException(
            "the metadata history of %s says %s at %s, --terms says %s; correct one of them"
                .formatted(instrument, text(seen), TradeLine.formatTime(time), text(said)));
      }
    }
    raw.check(instrument, from, to, this);
  }

  /** What to say where the raw files have a trade with terms other than {@link #at} gives. */
  String contradiction(String instrument, long millis, Contract inFile, Span here) {
    String time = TradeLine.formatTime(Instant.ofEpochMilli(millis));
    return "%s has trades with %s in the raw files, such as one at %s, when terms were %s by %s; nothing was written. Correct the terms, or say when they changed, such as --terms %s=%s@%s"
        .formatted(
            instrument,
            text(inFile),
            time,
            text(here.contract()),
            given(instrument).knownAt(Instant.ofEpochMilli(millis)) == null
                ? "the metadata history"
                : "--terms",
            instrument,
            text(inFile),
            time);
  }

  private String unknown(String instrument, Instant time) throws IOException {
    TermsHistory history = observed(instrument);
    Contract first = history.changes().isEmpty() ? null : history.at(Instant.EPOCH);
    String known =
        first == null
            ? "the vault has no metadata history of it"
            : "the metadata history begins at %s, with %s"
                .formatted(TradeLine.formatTime(history.changes().first()), text(first));
    String example = first == null ? "0.01,1,linear" : text(first);
    return "the contract terms of %s at %s are not known: %s. Say what they were then, such as --terms %s=%s"
        .formatted(instrument, TradeLine.formatTime(time), known, instrument, example);
  }

  private static String text(Contract contract) {
    return contract.value().toPlainString()
        + ","
        + contract.multiplier().toPlainString()
        + ","
        + contract.type().text();
  }

  /** Terms that hold for a span of time. Made for rows that come in order: it is asked rarely. */
  record Span(Contract contract, long fromMillis, long toMillis) {

    boolean holds(long millis) {
      return millis >= fromMillis && millis < toMillis;
    }
  }

  /** The terms at a time; those of a span without terms are not known. */
  Span at(String instrument, long millis) throws IOException {
    Instant time = Instant.ofEpochMilli(millis);
    Contract contract = observed(instrument).knownAt(time);
    contract = contract == null ? given(instrument).knownAt(time) : contract;
    TreeSet<Instant> times = new TreeSet<>(observed(instrument).changes());
    times.addAll(given(instrument).changes());
    Instant since = times.floor(time);
    Instant next = times.higher(time);
    return new Span(
        contract,
        since == null ? Long.MIN_VALUE : since.toEpochMilli(),
        next == null ? Long.MAX_VALUE : next.toEpochMilli());
  }

  private TermsHistory observed(String instrument) throws IOException {
    TermsHistory history = observed.get(instrument);
    if (history == null) {
      history = new MetadataFiles(vault, instrument).history();
      observed.put(instrument, history);
    }
    return history;
  }

  private TermsHistory given(String instrument) {
    return given.getOrDefault(instrument, new TermsHistory());
  }
}
