package io.tapelake.live.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Market;
import io.tapelake.live.market.Tape;
import io.tapelake.live.market.TradeDay;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FeedTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:30Z");

  @Test
  void aTradeFarAheadOfTheClockDoesNotMakeARowOfEveryMinuteUpToIt() throws IOException {
    Market market = new Market(Tape.settings("1d"), Clock.fixed(NOW, ZoneOffset.UTC));
    InstrumentTape tape = market.open(Tape.BTC);
    for (String time : new String[] {"2026-03-01T10:00:20Z", "2026-03-02T09:00:00Z"}) {
      Trade trade = Tape.trade(time, 1, "buy", "100", "1");
      TradeDay day = new TradeDay(trade.day());
      day.take(Tape.parsed(trade));
      tape.install(day);
    }
    Feed feed = new Feed(market, tape, new TapeJson(market.settings()), new Liveness(market));
    JsonNode rows = new ObjectMapper().readTree(feed.next(NOW.toEpochMilli(), 0)).get("rows");
    assertThat(rows.get(0).get("minute").asText()).isEqualTo("2026-03-01T10:00:00Z");
    assertThat(rows.get(rows.size() - 1).get("minute").asText()).isEqualTo("2026-03-02T09:00:00Z");
    assertThat(rows.size()).isLessThan(100);
  }

  @Test
  void exactNumbersHaveTheDigitsOfTheTables() throws IOException {
    Market market = new Market(Tape.settings("1h"), Clock.fixed(NOW, ZoneOffset.UTC));
    JsonNode inverse =
        row(
            market,
            "BTC-USD-SWAP",
            new Contract(new BigDecimal("100"), BigDecimal.ONE, ContractType.INVERSE),
            "3",
            "1");
    assertThat(inverse.get("base_volume").asText()).isEqualTo("33.333333333333333333");
    for (String key : new String[] {"base_volume_1h", "cvd_session_base", "delta_base_high"}) {
      assertThat(inverse.get(key)).as(key).isEqualTo(inverse.get("base_volume"));
    }
    JsonNode cheap = row(market, Tape.BTC, Tape.LINEAR, "0.000000000000000013", "2");
    assertThat(cheap.get("notional_1h").asText()).isEqualTo("0");
    assertThat(cheap.get("vwap_1h").asText()).isEqualTo("0.000000000000000013");
  }

  private static JsonNode row(
      Market market, String instrument, Contract contract, String price, String contracts)
      throws IOException {
    Trade trade =
        new Trade(
            NOW,
            instrument,
            1,
            TakerSide.BUY,
            new BigDecimal(price),
            new BigDecimal(contracts),
            contract);
    InstrumentTape tape = market.open(instrument);
    TradeDay day = new TradeDay(trade.day());
    day.take(Tape.parsed(trade));
    tape.know(Set.of(day.day()));
    tape.install(day);
    Feed feed = new Feed(market, tape, new TapeJson(market.settings()), new Liveness(market));
    return new ObjectMapper().readTree(feed.next(NOW.toEpochMilli(), 0)).get("rows").get(0);
  }

  @Test
  void aSnapshotTellsWhichChangeToldOfRevisedMinutes() throws IOException {
    Market market = new Market(Tape.settings("1h"), Clock.fixed(NOW, ZoneOffset.UTC));
    InstrumentTape tape = market.open(Tape.BTC);
    Trade trade = Tape.trade("2026-03-01T09:50:00Z", 1, "buy", "100", "1");
    TradeDay day = new TradeDay(trade.day());
    day.take(Tape.parsed(trade));
    tape.install(day);
    tape.take(day, Tape.parsed(Tape.trade("2026-03-01T09:58:30Z", 2, "buy", "100", "1")), 0);
    Feed feed = new Feed(market, tape, new TapeJson(market.settings()), new Liveness(market));
    feed.next(NOW.toEpochMilli(), SECOND);
    tape.take(day, Tape.parsed(Tape.trade("2026-03-01T09:52:30Z", 3, "buy", "100", "1")), 0);
    JsonNode change = new ObjectMapper().readTree(feed.next(NOW.toEpochMilli(), 3 * SECOND));
    feed.next(NOW.toEpochMilli(), 5 * SECOND);
    long minute = Instant.parse("2026-03-01T09:52:00Z").getEpochSecond() / 60;
    assertThat(change.get("revised").get(0).asLong()).isEqualTo(minute);
    assertThat(change.get("revised").get(1).asLong()).isEqualTo(minute + 6);
    JsonNode snapshot = new ObjectMapper().readTree(feed.snapshot(NOW.toEpochMilli(), 5 * SECOND));
    assertThat(snapshot.get("seq").asLong()).isEqualTo(change.get("seq").asLong() + 1);
    assertThat(snapshot.get("revised_seq").asLong()).isEqualTo(change.get("seq").asLong());
  }

  @Test
  void rowsTellOnlyWhatWasKnownWhenTheyWereMade() throws IOException {
    Market market = new Market(Tape.settings("1h"), Clock.fixed(NOW, ZoneOffset.UTC));
    InstrumentTape tape = market.open(Tape.BTC);
    TradeDay yesterday = day(Tape.trade("2026-02-28T23:59:00Z", 1, "buy", "50", "1"));
    TradeDay today =
        day(
            Tape.trade("2026-03-01T00:00:00Z", 2, "buy", "100", "1"),
            Tape.trade("2026-03-01T00:02:00Z", 3, "buy", "100", "1"));
    long asOf = Instant.parse("2026-03-01T00:02:30Z").toEpochMilli();
    tape.know(Set.of(yesterday.day(), today.day()));
    tape.install(today);
    TapeJson writer = new TapeJson(market.settings());
    Feed feed = new Feed(market, tape, writer, new Liveness(market));
    feed.next(asOf, SECOND);
    tape.install(yesterday);
    JsonNode rows = new ObjectMapper().readTree(feed.snapshot(asOf, SECOND)).get("rows");
    assertThat(rows.get(0).get("minute").asText()).isEqualTo("2026-03-01T00:01:00Z");
    assertThat(rows.get(0).get("vwap_1h").isNull()).as("made before yesterday was read").isTrue();
    assertThat(rows.get(1).get("vwap_1h").isNull()).as("the open minute's").isFalse();
  }

  @Test
  void aDayThatIsReadWhileAnAnswerIsWrittenLeavesItsRowsAsTheyAre() throws IOException {
    Market market = new Market(Tape.settings("1d"), Clock.fixed(NOW, ZoneOffset.UTC));
    InstrumentTape tape = market.open(Tape.BTC);
    TradeDay yesterday = day(Tape.trade("2026-02-28T23:59:00Z", 1, "buy", "50", "1"));
    TradeDay today = day(Tape.trade("2026-03-01T00:00:00Z", 2, "buy", "100", "1"));
    TapeJson writer = new TapeJson(market.settings());
    long first = Instant.parse("2026-03-01T00:00:00Z").getEpochSecond() / 60;
    today.take(Tape.parsed(Tape.trade("2026-03-01T05:00:00Z", 3, "buy", "100", "1")));
    tape.know(Set.of(yesterday.day(), today.day()));
    tape.install(today);
    // Its first bytes leave when some rows are written, and others are not.
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int from, int count) {
            tape.install(yesterday);
            super.write(bytes, from, count);
          }
        };
    writer.minutes(tape, first, first + 300, NOW.toEpochMilli(), out);
    assertThat(new ObjectMapper().readTree(out.toByteArray()).get("rows"))
        .hasSize(301)
        .allMatch(row -> row.get("vwap_1d").isNull());
  }

  @Test
  void theFirstTradesOfANewDayAreToldOf() throws IOException {
    Market market = new Market(Tape.settings("1h"), Clock.fixed(NOW, ZoneOffset.UTC));
    InstrumentTape tape = market.open(Tape.BTC);
    tape.install(day(Tape.trade("2026-02-28T23:59:00Z", 1, "buy", "50", "1")));
    Feed feed = new Feed(market, tape, new TapeJson(market.settings()), new Liveness(market));
    feed.next(NOW.toEpochMilli(), SECOND);
    tape.install(
        day(
            Tape.trade("2026-03-01T00:00:00Z", 2, "buy", "100", "1"),
            Tape.trade("2026-03-01T00:00:01Z", 3, "buy", "100", "1")));
    JsonNode change = new ObjectMapper().readTree(feed.next(NOW.toEpochMilli(), 2 * SECOND));
    assertThat(change.get("trades")).hasSize(1);
    assertThat(change.get("trades").get(0).get("id").asText()).isEqualTo("3");
    assertThat(change.get("trades_skipped").asLong()).isEqualTo(1);
  }

  @Test
  void whatIsReadForTheFirstTimeIsAsOldAsItsNewestTrade() {
    Market market = new Market(Tape.settings("1h"), Clock.fixed(NOW, ZoneOffset.UTC));
    InstrumentTape tape = market.open(Tape.BTC);
    Liveness liveness = new Liveness(market);
    long now = System.nanoTime();
    tape.install(day(Tape.trade("2026-02-27T10:00:00Z", 1, "buy", "50", "1")));
    tape.install(day(Tape.trade("2026-02-28T10:00:00Z", 2, "buy", "50", "1")));
    assertThat(liveness.state(tape, now + SECOND)).isEqualTo(Liveness.State.LOST);
    tape.install(day(Tape.trade(NOW.toString(), 3, "buy", "50", "1")));
    assertThat(liveness.state(tape, now + SECOND)).isEqualTo(Liveness.State.LIVE);
  }

  private static TradeDay day(Trade... trades) {
    TradeDay day = new TradeDay(trades[0].day());
    for (Trade trade : trades) {
      day.take(Tape.parsed(trade));
    }
    return day;
  }
}
