package io.tapelake.simulator.fault;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Draws scripts of faults. */
public final class RandomFaults {

  /**
   * The kinds that leave it possible to know the truth. The others either stop a collector by
   * design ({@code malformed}, {@code foreign}), or hide what nobody can know: trades before a
   * delisting that were not pushed, or from when on new terms hold.
   */
  static final Set<FaultKind> RECOVERABLE =
      Set.copyOf(
          EnumSet.complementOf(
              EnumSet.of(
                  FaultKind.DELIST,
                  FaultKind.RELIST,
                  FaultKind.CTVAL,
                  FaultKind.MALFORMED,
                  FaultKind.FOREIGN)));

  private static final List<String> REST_HOW =
      Stream.concat(Stream.of("500", "502", "503", "403", "429"), FaultKind.REST_FAILURES.stream())
          .toList();

  private static final List<String> REST_PATHS =
      List.of("market/history-trades", "market/trades", "public/instruments", "api");

  private final Random random;
  private final Instant start;
  private final Duration span;
  private final List<String> instruments;

  private RandomFaults(Random random, Instant start, Duration span, List<String> instruments) {
    this.random = random;
    this.start = start;
    this.span = span;
    this.instruments = instruments;
  }

  /**
   * A script of one to eight faults that a collector can get over: once they are past, every trade
   * can still be had, or can be known to be missing. The last tenth of the span and more is calm.
   *
   * @param seed the same one gives the same script
   * @param start from when on things go wrong
   * @param span over which the faults are spread
   * @param instruments what they may strike
   */
  public static FaultScript script(
      long seed, Instant start, Duration span, List<String> instruments) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    return new FaultScript(new RandomFaults(random, start, span, instruments).draw());
  }

  private List<Fault> draw() {
    List<FaultKind> choices = RECOVERABLE.stream().sorted().toList();
    List<Fault> faults = new ArrayList<>();
    int count = 1 + random.nextInt(8);
    for (int i = 0; i < count; i++) {
      faults.add(fault(one(choices)));
    }
    return faults;
  }

  private Fault fault(FaultKind kind) {
    Map<String, String> settings = new LinkedHashMap<>();
    // Leaves the last part of the span calm, so that what was missed can be fetched.
    Instant at = start.plus(portion(0.7));
    if (kind.keys().contains("for")) {
      settings.put("for", (portion(0.2).toMillis() + 1) + "ms");
    }
    switch (kind) {
      case CTVAL, LOTSZ -> settings.put("to", one(List.of("0.1", "1", "10")));
      case REPEAT -> settings.put("times", number(1, 3));
      case LATE -> settings.put("by", portion(0.1).toMillis() + "ms");
      case BATCH -> settings.put("rows", number(2, 20));
      case REPLAY -> settings.put("n", number(1, 300));
      case CLOSE -> settings.put("code", one(List.of("1001", "4005", "4006", "1011")));
      case GARBAGE -> settings.put("what", one(FaultKind.GARBAGE_KINDS));
      case REFUSE -> settings.put("how", one(List.of("429", "503", "reset")));
      case REJECT -> settings.put("code", one(List.of("60011", "60012", "60014", "64002")));
      case REST -> {
        settings.put("how", one(REST_HOW));
        settings.put("path", one(REST_PATHS));
        if (settings.get("how").equals("slow")) {
          settings.put("by", portion(0.1).toMillis() + "ms");
        }
      }
      default -> {}
    }
    boolean one = kind.of() == FaultKind.Of.ONE || (takesInstrument(kind) && random.nextBoolean());
    return new Fault(at, null, kind, one ? one(instruments) : null, settings);
  }

  private static boolean takesInstrument(FaultKind kind) {
    return kind.where() == FaultKind.Where.FEED
        || kind == FaultKind.STALL
        || kind == FaultKind.REJECT
        || kind == FaultKind.REPLAY;
  }

  private Duration portion(double most) {
    return Duration.ofMillis((long) (span.toMillis() * most * random.nextDouble()));
  }

  private String number(int least, int most) {
    return Integer.toString(least + random.nextInt(most - least + 1));
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
