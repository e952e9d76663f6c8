package io.tapelake.live.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.signal.SignalInput;
import io.tapelake.analytics.signal.SignalMachine;
import io.tapelake.analytics.signal.SignalState;
import io.tapelake.analytics.window.MinuteFigures;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SignalLogTest {

  private static final LiveSettings SETTINGS = Tape.settings("1h,4h");
  private static final Instant START = Instant.parse("2026-03-01T02:00:00Z");
  private static final LocalDate DAY = LocalDate.parse("2026-03-01");

  private final TradeDay day = new TradeDay(DAY);
  private InstrumentTape tape;
  private SignalLog log;

  @BeforeEach
  void open() {
    open(Instant.parse("2026-03-02T00:00:00Z"));
  }

  private void open(Instant now) {
    tape = new InstrumentTape(Tape.BTC, SETTINGS, Clock.fixed(now, ZoneOffset.UTC));
    tape.know(Set.of(DAY));
    tape.install(day);
    log = new SignalLog(tape, SETTINGS);
  }

  @Test
  void closedMinutesGiveTheSignalsOfTheJobsMachineHoweverTheyCome() {
    for (int minute = 0; minute < 300; minute++) {
      take(minute, minute, 1000 + 30 * Math.sin(minute / 25.0));
      log.advance(START.plusSeconds(60L * minute + 75).toEpochMilli());
    }
    assertThat(log.signals()).isNotEmpty().isEqualTo(byMachine());
  }

  @Test
  void aRevisedMinuteTakesBackWhatNoLongerHolds() {
    for (int minute = 0; minute < 300; minute++) {
      take(minute, minute, 1000 + 30 * Math.sin(minute / 25.0));
    }
    advance();
    List<Signal> before = log.signals();
    take(150, 9000, 1500);
    take(150, 9001, 700);
    advance();
    assertThat(log.signals()).isEqualTo(byMachine()).isNotEqualTo(before);
  }

  @Test
  void aClockThatWasAheadLeavesNoSignalOfAMinuteThatWasNotOver() {
    open(START);
    for (int minute = 0; minute < 300; minute++) {
      boolean isAhead = minute % 50 == 49;
      if (isAhead) {
        take(minute, 9000 + minute, 1500);
        advance();
        log.advance(START.plusSeconds(60L * minute + 30).toEpochMilli());
      }
      take(minute, minute, 1000 + 30 * Math.sin(minute / 25.0));
      log.advance(START.plusSeconds(60L * minute + 75).toEpochMilli());
    }
    assertThat(log.signals()).isNotEmpty().isEqualTo(byMachine());
  }

  @Test
  void whatIsGoneOverAgainIsThereUntilAllOfItIsFoundAgain() {
    for (int minute = 0; minute < 600; minute++) {
      take(minute, minute, 1000 + 30 * Math.sin(minute / 25.0));
    }
    advance();
    List<Signal> before = log.signals();
    take(10, 9000, 1000);
    assertThat(log.advance(START.plusSeconds(60L * 700).toEpochMilli())).isTrue();
    assertThat(log.signals()).isNotEmpty().isEqualTo(before);
    advance();
    assertThat(log.signals()).isEqualTo(byMachine());
  }

  @Test
  void windowsThatLookBackAtADayThatIsNotReadSetOffNothing() {
    tape.know(Set.of(DAY.minusDays(1), DAY));
    for (int minute = 0; minute < 300; minute++) {
      take(minute, minute, 1000 + 30 * Math.sin(minute / 25.0));
    }
    advance();
    long known = DAY.toEpochDay() * 1440 + 239;
    assertThat(log.signals())
        .isNotEmpty()
        .isNotEqualTo(byMachine())
        .noneMatch(signal -> signal.window().contains("4h") && signal.minute() < known);
    tape.know(Set.of(DAY));
    advance();
    assertThat(log.signals()).isEqualTo(byMachine());
  }

  @Test
  void whatIsOlderThanTwoDaysIsForgotten() {
    for (int minute = 0; minute < 300; minute++) {
      take(minute, minute, 1000 + 30 * Math.sin(minute / 25.0));
    }
    advance();
    assertThat(log.signals()).isNotEmpty();
    Instant now = START.plus(Duration.ofDays(3));
    TradeDay later = new TradeDay(DAY.plusDays(3));
    later.take(Tape.parsed(Tape.trade(now.toString(), 9000, "buy", "1000", "1")));
    tape.install(later);
    while (log.advance(now.plusSeconds(75).toEpochMilli())) {
      // Some minutes at a time.
    }
    long first = now.minus(Duration.ofDays(2)).getEpochSecond() / 60;
    assertThat(log.signals()).allMatch(signal -> signal.minute() >= first);
  }

  private void advance() {
    while (log.advance(START.plusSeconds(60L * 700).toEpochMilli())) {
      // Some minutes at a time.
    }
  }

  private void take(int minute, long id, double price) {
    String time = START.plusSeconds(60L * minute + 5).toString();
    String text = BigDecimal.valueOf(Math.round(price * 10), 1).toPlainString();
    tape.take(day, Tape.parsed(Tape.trade(time, id, "buy", text, "1")), 0);
  }

  private List<Signal> byMachine() {
    SignalMachine machine = new SignalMachine(Tape.BTC, SETTINGS.signals(), SignalState.START);
    List<Signal> signals = new ArrayList<>();
    for (MinuteFigures row : tape.rows(tape.firstMinute(), tape.newestMinute())) {
      signals.addAll(machine.next(SignalInput.of(SETTINGS.spans(), row)));
    }
    // As the job's export has them.
    signals.sort(Comparator.comparingLong(Signal::minute).thenComparing(Signal::id));
    return signals;
  }
}
