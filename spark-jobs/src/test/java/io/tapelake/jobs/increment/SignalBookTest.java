package io.tapelake.jobs.increment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.signal.Direction;
import io.tapelake.analytics.signal.Signal;
import io.tapelake.analytics.signal.SignalKind;
import io.tapelake.jobs.table.StoredSignal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignalBookTest {

  private static final Instant ONCE = Instant.parse("2026-01-02T10:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-02T11:00:00Z");

  @Test
  void aSignalThatDoesNotComeAnyMoreIsMarkedAndKept() {
    Signal gone = signal(7, "101");
    assertThat(SignalBook.settle(List.of(new StoredSignal(gone, null)), List.of(), NOW))
        .containsExactly(new StoredSignal(gone, NOW));
  }

  @Test
  void oneThatWasTakenBackKeepsItsInstantUntilItComesAgain() {
    StoredSignal taken = new StoredSignal(signal(7, "101"), ONCE);
    assertThat(SignalBook.settle(List.of(taken), List.of(), NOW)).containsExactly(taken);
    assertThat(SignalBook.settle(List.of(taken), List.of(taken.signal()), NOW))
        .containsExactly(new StoredSignal(taken.signal(), null));
  }

  @Test
  void aRevisedFigureReplacesTheOldOne() {
    Signal revised = signal(7, "102");
    assertThat(
            SignalBook.settle(
                List.of(new StoredSignal(signal(7, "101"), null)), List.of(revised), NOW))
        .containsExactly(new StoredSignal(revised, null));
  }

  @Test
  void theOrderIsThatOfMinutesAndIds() {
    assertThat(SignalBook.ordered(List.of(signal(8, "1"), signal(7, "1"))))
        .extracting(Signal::minute)
        .containsExactly(7L, 8L);
  }

  private static Signal signal(long minute, String price) {
    return new Signal(
        "BTC-USDT-SWAP",
        minute,
        SignalKind.DEVIATION_ENTERED,
        Direction.UP,
        "1h",
        new BigDecimal(price),
        new BigDecimal("100"),
        100,
        Double.NaN,
        BigDecimal.ZERO,
        "on=50 off=25");
  }
}
