package io.tapelake.collector.capture;

import io.tapelake.simulator.fault.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Makes fault scripts from seeds: a handful of faults of every kind that leaves trades true. */
final class FaultScripts {

  private static final List<String> INSTRUMENTS = List.of("BTC-USDT-SWAP", "ETH-USDT-SWAP");
  private static final List<String> REST =
      Stream.concat(FaultKind.REST_FAILURES.stream(), Stream.of("500", "404")).toList();
  private static final List<String> GARBAGE =
      List.of(
          "text",
          "empty",
          "number",
          "array",
          "truncated",
          "nested",
          "types",
          "binary",
          "utf8",
          "frame");
  private static final List<String> MALFORMED =
      List.of(
          "px:\"abc\"",
          "sz:\"-1\"",
          "sz:\"0\"",
          "tradeId:12",
          "tradeId:\"x\"",
          "side:\"hold\"",
          "ts:\"99\"",
          "ts:{}",
          "px:\"1e999\"",
          "px:[[]]");

  private FaultScripts() {}

  /** A script whose faults begin within a time. */
  static String of(Random random, Duration within) {
    StringBuilder script = new StringBuilder();
    long middle = within.toMillis() / 4 + random.nextLong(within.toMillis() / 2);
    switch (random.nextInt(12)) {
      case 0 -> script.append(relisting(random, middle));
      case 1, 2 -> script.append(newTerms(random, middle));
      default -> {}
    }
    int faults = 1 + random.nextInt(8);
    for (int i = 0; i < faults; i++) {
      long at = random.nextLong(within.toMillis());
      script.append("at ").append(at).append("ms ").append(fault(random)).append('\n');
    }
    return script.toString();
  }

  private static String relisting(Random random, long at) {
    String span = " for=" + (1_000 + random.nextInt(5_000)) + "ms\n";
    return "at " + at + "ms relist " + pick(random, INSTRUMENTS) + span;
  }

  private static String newTerms(Random random, long at) {
    String halt = random.nextBoolean() ? " halt=" + (1 + random.nextInt(3)) + "s\n" : "\n";
    return "at " + at + "ms ctval " + pick(random, INSTRUMENTS) + " to=0.5" + halt;
  }

  private static String fault(Random random) {
    String instrument = pick(random, INSTRUMENTS);
    String span = " for=" + (100 + random.nextInt(8000)) + "ms";
    return switch (random.nextInt(28)) {
      case 0, 1 -> "lose " + instrument + span;
      case 2 -> "lose " + instrument + " n=" + (1 + random.nextInt(5));
      case 3 -> "repeat " + instrument + span + " times=" + (1 + random.nextInt(3));
      case 4 -> "late " + instrument + span + " by=" + (50 + random.nextInt(4000)) + "ms";
      case 5 -> "shuffle " + instrument + span;
      case 6 -> "batch " + instrument + span + " rows=" + (2 + random.nextInt(5));
      case 7 -> "unknown " + instrument + span;
      case 8 -> "malformed " + instrument + " n=2 field=" + pick(random, MALFORMED);
      case 9, 10 -> "reset";
      case 11 -> "drop";
      case 12 -> "close code=" + pick(random, List.of("4004", "4005", "4006", "1009", "1001"));
      case 13 -> "stall" + (random.nextBoolean() ? "" : " " + instrument);
      case 14 -> "freeze";
      case 15 -> "notice";
      case 16 -> "ping";
      case 17 -> "event";
      case 18 -> "replay " + instrument + " n=" + (1 + random.nextInt(200));
      case 19 -> "garbage what=" + pick(random, GARBAGE);
      case 20 -> "refuse" + span + " how=" + pick(random, List.of("429", "503", "reset"));
      case 21 -> "down" + span;
      case 22 ->
          "reject "
              + instrument
              + span
              + " code="
              + pick(random, List.of("60014", "63999", "60012"));
      case 23 -> random.nextBoolean() ? "mute" + span : "plain" + span;
      case 24 -> "blank " + instrument + span;
      case 25 -> "rest " + instrument + span + " how=" + pick(random, REST);
      case 26 -> "quiet " + instrument + span;
      default ->
          "rest"
              + span
              + " how="
              + pick(random, REST)
              + (random.nextBoolean() ? " path=trades" : "")
              + (random.nextBoolean() ? " by=" + random.nextInt(3000) + "ms" : "");
    };
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
