package io.tapelake.simulator.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TapeTest {

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final String BTC = "BTC-USDT-SWAP";
  private static final String ETH = "ETH-USDT-SWAP";

  private final Tape tape = Tape.of(11, BEGIN, 500, List.of(BTC, ETH));

  @Test
  void theSameTapeGivesTheSameTradesWhateverOrderTheyAreAskedForIn() {
    TradeSeries forwards = tape.open(BTC);
    long count = forwards.countAt(BEGIN.plusSeconds(60));
    TradeSeries jumping = tape.open(BTC);
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      long place = (long) (random.nextDouble() * count);
      assertThat(jumping.at(place)).isEqualTo(forwards.at(place));
    }
    assertThat(tape.trades(BTC, BEGIN.plusSeconds(5)))
        .isEqualTo(Tape.of(11, BEGIN, 500, List.of(BTC, ETH)).trades(BTC, BEGIN.plusSeconds(5)));
  }

  @Test
  void anotherSeedGivesOtherTrades() {
    Tape other = Tape.of(12, BEGIN, 500, List.of(BTC, ETH));
    assertThat(other.open(BTC).firstId()).isNotEqualTo(tape.open(BTC).firstId());
    assertThat(tape.open(BTC).firstId()).isNotEqualTo(tape.open(ETH).firstId());
  }

  @Test
  void idsAreDenseAndTimesDoNotGoBack() {
    List<Trade> trades = tape.trades(BTC, BEGIN.plusSeconds(60));
    for (int i = 1; i < trades.size(); i++) {
      assertThat(trades.get(i).id()).isEqualTo(trades.get(i - 1).id() + 1);
      assertThat(trades.get(i).time()).isAfterOrEqualTo(trades.get(i - 1).time());
    }
    assertThat(trades).allMatch(trade -> !trade.time().isBefore(BEGIN));
  }

  @Test
  void theRateIsSharedAmongTheInstruments() {
    Instant until = BEGIN.plusSeconds(400);
    long btc = tape.open(BTC).countAt(until);
    long eth = tape.open(ETH).countAt(until);
    assertThat((btc + eth) / 400.0).isCloseTo(500, within(15.0));
    assertThat((double) btc / eth).isCloseTo(50.0 / 30, within(0.1));
  }

  @Test
  void highRatesAreKeptToo() {
    long count = Tape.of(1, BEGIN, 50_000, List.of(BTC)).open(BTC).countAt(BEGIN.plusSeconds(10));
    assertThat(count / 10.0).isCloseTo(50_000, within(1_500.0));
  }

  @Test
  void manyTradesShareAMillisecondAndSomeAreReportedTogether() {
    TradeSeries series = tape.open(BTC);
    long count = series.countAt(BEGIN.plusSeconds(30));
    int sameMillisecond = 0;
    int together = 0;
    for (long place = 1; place < count; place++) {
      sameMillisecond += series.at(place).time() == series.at(place - 1).time() ? 1 : 0;
      together += series.at(place - 1).aggregatesWith(series.at(place)) ? 1 : 0;
    }
    assertThat(sameMillisecond / (double) count).isBetween(0.4, 0.8);
    assertThat(together / (double) count).isBetween(0.2, 0.6);
  }

  @Test
  void everyTradeIsAValidLine() {
    for (String instrument : Listing.known()) {
      Tape one = Tape.of(5, BEGIN, 200, List.of(instrument));
      for (Trade trade : one.trades(instrument, BEGIN.plusSeconds(20))) {
        Listing listing = Listing.of(instrument);
        assertThat(trade.price().remainder(listing.tickSize())).isEqualByComparingTo("0");
        assertThat(trade.contracts().remainder(listing.lotSize())).isEqualByComparingTo("0");
        assertThat(TradeLine.format(trade)).doesNotContainPattern("[0-9]E");
      }
    }
  }

  @Test
  void tradesBeforeATimeAreCountedAsTheyHappened() {
    TradeSeries series = tape.open(BTC);
    long count = series.countAt(BEGIN.plusSeconds(60));
    Random random = new Random(4);
    for (int i = 0; i < 200; i++) {
      Instant time = BEGIN.plusMillis(random.nextInt(60_000));
      long before = series.countBefore(time);
      if (before > 0) {
        assertThat(series.at(before - 1).time()).isLessThan(time.toEpochMilli());
      }
      if (before < count) {
        assertThat(series.at(before).time()).isGreaterThanOrEqualTo(time.toEpochMilli());
      }
    }
    assertThat(series.countBefore(BEGIN.plus(Duration.ofDays(1)))).isEqualTo(count);
  }

  @Test
  void nothingTradesAfterTheEndOrDuringAHalt() {
    Instant from = BEGIN.plusSeconds(5);
    Instant until = BEGIN.plusSeconds(10);
    Lifecycle halted =
        new Lifecycle(List.of(new Lifecycle.Halt(from, until, "suspend")), List.of(), List.of());
    Lifecycle delisted =
        new Lifecycle(
            List.of(new Lifecycle.Halt(from, Instant.MAX, "expired")), List.of(), List.of());
    Tape eventful = tape.with(Map.of(BTC, halted, ETH, delisted)).until(BEGIN.plusSeconds(20));

    List<Trade> btc = eventful.trades(BTC, BEGIN.plusSeconds(60));
    List<Trade> eth = eventful.trades(ETH, BEGIN.plusSeconds(60));

    assertThat(btc)
        .noneMatch(trade -> !trade.time().isBefore(from) && trade.time().isBefore(until));
    assertThat(btc).anyMatch(trade -> !trade.time().isBefore(until));
    assertThat(btc).allMatch(trade -> trade.time().isBefore(BEGIN.plusSeconds(20)));
    assertThat(eth).isNotEmpty().allMatch(trade -> trade.time().isBefore(from));
    assertThat(delisted.isListed(from)).isFalse();
    assertThat(halted.state(from)).isEqualTo("suspend");
    assertThat(halted.state(until)).isEqualTo("live");
  }

  @Test
  void newTermsHoldFromTheirTimeOnAndAreServedFromTheirs() {
    Instant at = BEGIN.plusSeconds(5);
    Lifecycle.Change change =
        new Lifecycle.Change(at, at.plusSeconds(2), new BigDecimal("0.001"), new BigDecimal("1"));
    Lifecycle lifecycle = new Lifecycle(List.of(), List.of(change), List.of());
    for (Trade trade : tape.with(Map.of(BTC, lifecycle)).trades(BTC, BEGIN.plusSeconds(10))) {
      String value = trade.time().isBefore(at) ? "0.01" : "0.001";
      assertThat(trade.contract().value()).isEqualTo(new BigDecimal(value));
    }
    Listing listing = Listing.of(BTC);
    assertThat(lifecycle.served(listing, at.plusSeconds(1))).isEqualTo(listing);
    assertThat(lifecycle.served(listing, at.plusSeconds(2)).lotSize()).isEqualByComparingTo("1");
  }

  @Test
  void unknownSwapsGetTermsAndOtherNamesAreRefused() {
    assertThat(Tape.of(1, BEGIN, 10, List.of("FOO-USD-SWAP")).trades("FOO-USD-SWAP", BEGIN))
        .isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tape.of(1, BEGIN, 10, List.of("BTC-USDT")))
        .withMessageContaining("BTC-USDT");
    assertThatIllegalArgumentException().isThrownBy(() -> Tape.of(1, BEGIN, 10, List.of(BTC, BTC)));
    assertThatIllegalArgumentException().isThrownBy(() -> Tape.of(1, BEGIN, 0, List.of(BTC)));
  }
}
