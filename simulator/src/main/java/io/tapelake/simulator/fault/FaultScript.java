package io.tapelake.simulator.fault;

import io.tapelake.simulator.tape.Lifecycle;
import io.tapelake.vault.DurationText;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What goes wrong and when, one fault a line:
 *
 * <pre>{@code
 * # at WHEN [every DURATION] KIND [INSTRUMENT] [setting=value ...]
 * at 10s reset
 * at 30s lose BTC-USDT-SWAP for=2s
 * at 1m every 15m notice
 * at 2026-01-01T00:00:00Z ctval ETH-USDT-SWAP to=0.01
 * }</pre>
 *
 * <p>WHEN is an instant of event time, or a duration from the exchange's start.
 *
 * @param faults in no particular order
 */
public record FaultScript(List<Fault> faults) {

  /** Nothing goes wrong. */
  public static final FaultScript NONE = new FaultScript(List.of());

  public FaultScript {
    faults = List.copyOf(faults);
  }

  /**
   * Parses a script.
   *
   * @param start from which its durations count
   * @throws IllegalArgumentException naming the line that is wrong
   */
  public static FaultScript parse(String text, Instant start) {
    List<Fault> faults = new ArrayList<>();
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        faults.add(parseLine(line, start));
      } catch (IllegalArgumentException | DateTimeException e) {
        throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
      }
    }
    return new FaultScript(faults);
  }

  private static Fault parseLine(String line, Instant start) {
    Deque<String> words = new ArrayDeque<>(Arrays.asList(line.split("\\s+", -1)));
    expect(words, "at");
    String when = next(words);
    Instant at = when.endsWith("Z") ? Instant.parse(when) : start.plus(DurationText.parse(when));
    Duration every = null;
    if ("every".equals(words.peek())) {
      words.pop();
      every = DurationText.parse(next(words));
    }
    FaultKind kind = FaultKind.parse(next(words));
    String instrument = null;
    if (!words.isEmpty() && words.peek().indexOf('=') < 0) {
      instrument = words.pop();
    }
    Map<String, String> settings = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("not of the form setting=value: " + word);
      }
      settings.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return new Fault(at, every, kind, instrument, settings);
  }

  private static void expect(Deque<String> words, String word) {
    if (!word.equals(words.poll())) {
      throw new IllegalArgumentException("does not begin with '" + word + "'");
    }
  }

  private static String next(Deque<String> words) {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("ends too early; write: at WHEN KIND");
    }
    return words.pop();
  }

  /** What the script does to the market, by instrument. */
  public Map<String, Lifecycle> lifecycles() {
    Map<String, List<Fault>> byInstrument =
        faults.stream()
            .filter(fault -> fault.kind().where() == FaultKind.Where.MARKET)
            .collect(Collectors.groupingBy(Fault::instrument, TreeMap::new, Collectors.toList()));
    Map<String, Lifecycle> lifecycles = new TreeMap<>();
    byInstrument.forEach((name, events) -> lifecycles.put(name, lifecycle(events)));
    return lifecycles;
  }

  private static Lifecycle lifecycle(List<Fault> events) {
    List<Lifecycle.Halt> halts = new ArrayList<>();
    List<Lifecycle.Change> changes = new ArrayList<>();
    List<Instant> relistings = new ArrayList<>();
    for (Fault event : events) {
      switch (event.kind()) {
        case QUIET -> halts.add(new Lifecycle.Halt(event.at(), event.until(), "live"));
        case SUSPEND -> halts.add(new Lifecycle.Halt(event.at(), event.until(), "suspend"));
        case DELIST -> halts.add(new Lifecycle.Halt(event.at(), Instant.MAX, "expired"));
        case RELIST -> {
          halts.add(new Lifecycle.Halt(event.at(), event.until(), "expired"));
          relistings.add(event.until());
        }
        case CTVAL -> {
          Duration halt = event.duration("halt", Duration.ZERO);
          if (!halt.isZero()) {
            halts.add(new Lifecycle.Halt(event.at().minus(halt), event.at().plus(halt), "suspend"));
          }
          changes.add(change(event, decimal(event), null));
        }
        case LOTSZ -> changes.add(change(event, null, decimal(event)));
        default -> throw new IllegalStateException(event.kind() + " is not about the market");
      }
    }
    return new Lifecycle(halts, changes, relistings);
  }

  private static Lifecycle.Change change(Fault event, BigDecimal value, BigDecimal lotSize) {
    Instant served = event.at().plus(event.duration("served", Duration.ZERO));
    return new Lifecycle.Change(event.at(), served, value, lotSize);
  }

  private static BigDecimal decimal(Fault event) {
    String text = event.text("to", "");
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          event.kind().text() + " needs to=NUMBER, not to=" + text, e);
    }
  }
}
