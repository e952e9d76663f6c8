package io.tapelake.simulator.fault;

import io.tapelake.vault.DayFile;
import io.tapelake.vault.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One thing that goes wrong.
 *
 * @param at when, in event time
 * @param every how often it recurs from then on, or null when it does not
 * @param kind what
 * @param instrument to which instrument, or null for all
 * @param settings the kind's settings as text
 */
public record Fault(
    Instant at, Duration every, FaultKind kind, String instrument, Map<String, String> settings) {

  private static final Duration DEFAULT_SPAN = Duration.ofSeconds(5);

  public Fault {
    Objects.requireNonNull(at, "at is null");
    settings = new TreeMap<>(settings);
    if (instrument == null && kind.of() == FaultKind.Of.ONE) {
      throw new IllegalArgumentException(kind.text() + " needs an instrument");
    }
    if (instrument != null && kind.of() == FaultKind.Of.ALL) {
      throw new IllegalArgumentException(
          kind.text() + " is about all instruments, it cannot have " + instrument + " alone");
    }
    if (instrument != null) {
      DayFile.checkInstrument(instrument);
    }
    for (String key : settings.keySet()) {
      if (!kind.keys().contains(key)) {
        throw new IllegalArgumentException(
            kind.text() + " does not take " + key + "; it takes " + kind.keys());
      }
    }
    settings.forEach(
        (key, value) -> {
          if (!kind.takes(key, value)) {
            throw new IllegalArgumentException(
                "%s cannot have %s=%s".formatted(kind.text(), key, value));
          }
        });
    if (every != null && (every.isZero() || every.isNegative())) {
      throw new IllegalArgumentException("every is not positive: " + every);
    }
    if (every != null && kind.where() == FaultKind.Where.MARKET) {
      throw new IllegalArgumentException(kind.text() + " cannot recur");
    }
  }

  /** How long it lasts: {@code for}, 5 s when that is absent. */
  public Duration span() {
    return settings.containsKey("for") ? DurationText.parse(settings.get("for")) : DEFAULT_SPAN;
  }

  /** When it is over; {@link Instant#MAX} when it ends after a number of times instead. */
  public Instant until() {
    return settings.containsKey("n") && !settings.containsKey("for")
        ? Instant.MAX
        : at.plus(span());
  }

  /** Whether it touches trades of that instrument at that time. */
  public boolean touches(String name, Instant time) {
    return (instrument == null || instrument.equals(name))
        && !time.isBefore(at)
        && time.isBefore(until());
  }

  /** A setting as text. */
  public String text(String key, String otherwise) {
    return settings.getOrDefault(key, otherwise);
  }

  /** A setting as a number. */
  public int number(String key, int otherwise) {
    String text = settings.get(key);
    return text == null ? otherwise : Integer.parseInt(text);
  }

  /** A setting as a duration. */
  public Duration duration(String key, Duration otherwise) {
    String text = settings.get(key);
    return text == null ? otherwise : DurationText.parse(text);
  }

  /** The same fault at another time. */
  public Fault at(Instant time) {
    return new Fault(time, every, kind, instrument, settings);
  }
}
