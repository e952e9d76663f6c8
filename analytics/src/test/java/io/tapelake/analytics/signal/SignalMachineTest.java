package io.tapelake.analytics.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.number.Quotient;
import io.tapelake.analytics.number.Ratio;
import io.tapelake.analytics.signal.SignalInput.Figures;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignalMachineTest {

  private static final String LEVEL = "10000";
  private static final SignalSettings SETTINGS = SignalSettings.of(Map.of("windows", "1h"));

  private final List<String> events = new ArrayList<>();
  private SignalMachine machine = machine(SETTINGS, SignalState.START);
  private long minute = 1000;

  @Test
  void deviationIsEnteredOnceAndLeftOnce() {
    closes(10040, 10050, 10049, 10030, 10050, 10026, 10025, 10040, 9949, 9980);
    assertThat(only("deviation"))
        .containsExactly(
            "1 deviation_entered up",
            "6 deviation_left up",
            "8 deviation_entered down",
            "9 deviation_left down");
  }

  @Test
  void deviationMayChangeSidesInOneMinute() {
    closes(10060, 9940);
    assertThat(only("deviation"))
        .containsExactly(
            "0 deviation_entered up", "1 deviation_left up", "1 deviation_entered down");
  }

  @Test
  void crossNeedsTheOtherSideByTwoBasisPoints() {
    for (String fast : List.of("10003", "10001", "9999", "10003", "9998", "10001", "10002")) {
      next("10000", "10000", "10000", fast, "0");
    }
    assertThat(only("cross")).containsExactly("4 vwap_cross down", "6 vwap_cross up");
  }

  @Test
  void touchAndBounceFromAbove() {
    bar(10020, 10020);
    bar(10001, 10004);
    bar(10003, 10009);
    bar(10005, 10010);
    bar(10008, 10009);
    bar(10002, 10005);
    assertThat(only("level"))
        .containsExactly("1 level_touch down", "3 level_bounce up", "5 level_touch down");
  }

  @Test
  void twoClosesBeyondBreak() {
    bar(9980, 9980);
    bar(9990, 10003);
    bar(9995, 10001);
    bar(9995, 10003);
    bar(9995, 10004);
    // Only after it got away from the level may it come back to it.
    bar(9999, 10005);
    bar(10005, 10012);
    bar(10001, 10005);
    assertThat(only("level"))
        .containsExactly("1 level_touch up", "4 level_break up", "7 level_touch down");
  }

  @Test
  void aBounceThatWasBeyondIsNone() {
    bar(10020, 10020);
    bar(9995, 9996);
    bar(9996, 10015);
    assertThat(only("level")).containsExactly("1 level_touch down");
  }

  @Test
  void aFallThroughTheLevelTouchesIt() {
    bar(10020, 10020);
    bar(9980, 9985);
    bar(9970, 9975);
    assertThat(only("level")).containsExactly("1 level_touch down", "2 level_break down");
  }

  @Test
  void aTestEndsAfterItsMinutes() {
    bar(10020, 10020);
    bar(10000, 10001);
    for (int i = 0; i < 30; i++) {
      bar(10000, 10001);
    }
    bar(10010, 10020);
    bar(10000, 10001);
    assertThat(only("level")).containsExactly("1 level_touch down", "33 level_touch down");
  }

  @Test
  void aSessionThatBeginsIsNoTouch() {
    machine = machine(SignalSettings.of(Map.of("windows", "session")), SignalState.START);
    session(0, "10000", "10020");
    session(1440, "10020", "10020");
    session(1440, "10000", "10020");
    session(1440, "10020", "10020");
    assertThat(only("level")).containsExactly("3 level_touch down");
  }

  @Test
  void flowTogetherWithPrice() {
    String[][] minutes = {
      {"10020", "0.2"},
      {"10020", "0.06"},
      {"10020", "0.04"},
      {"10006", "-0.2"},
      {"9985", "-0.09"},
      {"9985", "0.1"},
      {"9996", "0.1"},
      {"9990", "0.1"},
      {"10010", "0.3"}
    };
    for (String[] each : minutes) {
      next(each[0], each[0], each[0], LEVEL, each[1]);
    }
    assertThat(events.stream().filter(each -> !each.contains("level")))
        .containsExactly(
            "0 confirmed_buying up",
            "3 distribution down",
            "4 confirmed_selling down",
            "5 accumulation up",
            "7 accumulation up",
            "8 confirmed_buying up");
  }

  @Test
  void withoutFiguresNothingChanges() {
    closes(10060);
    SignalState before = machine.state();
    assertThat(machine.next(new SignalInput(5000, null, null, BigDecimal.TEN, List.of())))
        .isEmpty();
    Figures empty = new Figures("1h", 0, null, Double.NaN, Double.NaN, BigDecimal.ZERO, Double.NaN);
    assertThat(machine.next(new SignalInput(5001, null, null, BigDecimal.TEN, List.of(empty))))
        .isEmpty();
    assertThat(machine.state()).isEqualTo(before);
  }

  @Test
  void lineAndIdOfASignal() {
    SignalInput input = input(1000, "10050", "10050", "10050", LEVEL, "0");
    Signal signal = machine.next(input).get(0);
    assertThat(signal.id()).isEqualTo("BTC-USDT-SWAP|1970-01-01T16:40:00Z|deviation_entered|1h|up");
    assertThat(SignalLine.of(signal))
        .isEqualTo(
            """
            {"window_start_utc":"1970-01-01T16:40:00Z","instId":"BTC-USDT-SWAP","exchange":"okx",\
            "market":"perp","id":"BTC-USDT-SWAP|1970-01-01T16:40:00Z|deviation_entered|1h|up",\
            "kind":"deviation_entered","direction":"up","window":"1h","price":"10050",\
            "level":"10000","deviation_bps":"50","z":null,"cvd":"7",\
            "thresholds":"on=50 off=25"}""");
  }

  @Test
  void theStateAsTextGoesOnInTheSameWay() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      SignalMachine whole = machine(SETTINGS, SignalState.START);
      SignalState state = SignalState.parse(null);
      int price = 10_000;
      for (int i = 0; i < 200; i++) {
        price += random.nextInt(31) - 15;
        String imbalance = BigDecimal.valueOf(random.nextInt(41) - 20, 2).toPlainString();
        SignalInput input =
            input(
                i,
                "" + (price - random.nextInt(8)),
                "" + (price + 3),
                "" + price,
                "" + (10_000 + random.nextInt(9) - 4),
                imbalance);
        SignalMachine restarted = machine(SETTINGS, SignalState.parse(state.text()));
        assertThat(restarted.next(input)).as("seed %d", seed).isEqualTo(whole.next(input));
        state = restarted.state();
        assertThat(state).as("seed %d", seed).isEqualTo(whole.state());
        assertThat(SignalState.parse(state.text())).as("seed %d", seed).isEqualTo(state);
      }
    }
  }

  @Test
  void settingsAreCheckedAndComeBack() {
    SignalSettings defaults = SignalSettings.of(Map.of());
    assertThat(defaults.values()).isEqualTo(SignalSettings.DEFAULTS);
    assertThat(SignalSettings.of(defaults.values())).isEqualTo(defaults);
    assertThat(SignalSettings.of(Map.of("flow", "0.10"))).isEqualTo(defaults);
    for (Map.Entry<String, String> each :
        Map.of(
                "deviation-bps",
                "25",
                "touch-bps",
                "-1",
                "cross",
                "1h",
                "cross-bps",
                "0",
                "test-minutes",
                "0",
                "break-closes",
                "two",
                "flow",
                "x",
                "bounce-bps",
                "1e12",
                "typo",
                "1")
            .entrySet()) {
      assertThatThrownBy(() -> SignalSettings.of(Map.of(each.getKey(), each.getValue())))
          .as("%s", each)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String much : List.of("1e11", "99e10", "123456789012", "25.0000000001", "3e1")) {
      SignalSettings given = SignalSettings.of(Map.of("deviation-bps", much));
      assertThat(SignalSettings.of(given.values())).as(much).isEqualTo(given);
    }
    assertThatThrownBy(() -> SignalState.parse("1;1h"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void closes(int... closes) {
    for (int close : closes) {
      next("" + close, "" + close, "" + close, LEVEL, "0");
    }
  }

  /** A minute from a low to a close that is its high, or from a high down to a close. */
  private void bar(int one, int close) {
    next("" + Math.min(one, close), "" + Math.max(one, close), "" + close, LEVEL, "0");
  }

  private void next(String low, String high, String close, String vwap, String imbalance) {
    note(machine.next(input(minute, low, high, close, vwap, imbalance)));
  }

  private void session(long since, String vwap, String close) {
    BigDecimal price = new BigDecimal(close);
    note(
        machine.next(
            new SignalInput(
                minute,
                price,
                price,
                price,
                List.of(figures("session", since, vwap, close, "0")))));
  }

  private void note(List<Signal> signals) {
    for (Signal signal : signals) {
      events.add(
          "%d %s %s".formatted(minute - 1000, signal.kind().text(), signal.direction().text()));
    }
    minute++;
  }

  private List<String> only(String kind) {
    return events.stream().filter(each -> each.contains(kind)).toList();
  }

  private static SignalInput input(
      long minute, String low, String high, String close, String vwap, String imbalance) {
    return new SignalInput(
        minute,
        new BigDecimal(high),
        new BigDecimal(low),
        new BigDecimal(close),
        List.of(
            figures("1h", 0, vwap, close, imbalance), figures("4h", 0, LEVEL, close, imbalance)));
  }

  private static Figures figures(
      String window, long since, String vwap, String close, String imbalance) {
    BigDecimal level = new BigDecimal(vwap);
    return new Figures(
        window,
        since,
        Quotient.of(level, BigDecimal.ONE),
        Ratio.bps(new BigDecimal(close), level),
        Double.NaN,
        BigDecimal.valueOf(7),
        Double.parseDouble(imbalance));
  }

  private static SignalMachine machine(SignalSettings settings, SignalState state) {
    return new SignalMachine("BTC-USDT-SWAP", settings, state);
  }
}
