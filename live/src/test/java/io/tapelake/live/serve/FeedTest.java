package io.tapelake.live.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Market;
import io.tapelake.live.market.Tape;
import io.tapelake.live.market.TradeDay;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class FeedTest {

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
    Feed feed = new Feed(market, tape, new TapeJson(market.settings()), new Liveness(market, 0));
    JsonNode rows = new ObjectMapper().readTree(feed.next(NOW.toEpochMilli(), 0)).get("rows");
    assertThat(rows.get(0).get("minute").asText()).isEqualTo("2026-03-01T10:00:00Z");
    assertThat(rows.get(rows.size() - 1).get("minute").asText()).isEqualTo("2026-03-02T09:00:00Z");
    assertThat(rows.size()).isLessThan(100);
  }
}
