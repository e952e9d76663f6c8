package io.tapelake.collector.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.collector.decode.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How a line goes from one connection to the next. */
class LineTest {

  private static final String NOTICE =
      "{\"event\":\"notice\",\"code\":\"64008\",\"msg\":\"The connection will soon be closed.\"}";
  private static final String SUBSCRIBED =
      "{\"event\":\"subscribe\",\"arg\":{\"channel\":\"trades-all\",\"instId\":\"A-B-SWAP\"}}";

  private final List<Sockets.Listener> sockets = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  @Test
  void aNoticeOnTheNextConnectionDoesNotCallItOff() {
    Line line = line(Duration.ofSeconds(10));
    line.tick(Instant.EPOCH);
    sockets.get(0).opened();
    sockets.get(0).text(SUBSCRIBED);
    sockets.get(0).text(NOTICE);
    line.tick(Instant.EPOCH);
    assertThat(sockets).hasSize(2);
    sockets.get(1).opened();
    sockets.get(1).text(NOTICE);
    sockets.get(1).closed("restarted", null);
    line.tick(Instant.EPOCH.plusSeconds(1));
    assertThat(sockets).as("the first one will be closed still").hasSize(3);
  }

  @Test
  void requestsOfHoursAgoCostNoConnection() {
    Line line = line(Duration.ofHours(10));
    line.tick(now);
    sockets.get(0).opened();
    sockets.get(0).text(SUBSCRIBED);
    for (int minute = 0; minute < 600; minute++) {
      line.add("DELISTED-SWAP");
      line.tick(now);
      line.remove("DELISTED-SWAP");
      now = now.plusSeconds(60);
    }
    assertThat(line.isOpen()).isTrue();
    for (int second = 0; second < 500; second++) {
      line.add("DELISTED-SWAP");
      line.tick(now);
      line.remove("DELISTED-SWAP");
      now = now.plusSeconds(1);
    }
    assertThat(line.isOpen()).as("480 requests an hour are the exchange's limit").isFalse();
    assertThat(line.lost()).contains("requests in an hour");
  }

  private Line line(Duration time) {
    Line line =
        new Line(
            "trades-all",
            "wss://x",
            (url, listener) -> {
              sockets.add(listener);
              return new Silent();
            },
            new LinkTimes(time, time, time, time, Duration.ofMillis(1), Duration.ofMillis(1)),
            new Pace(Duration.ZERO),
            ((InstantSource) () -> now).withZone(ZoneOffset.UTC),
            new Random(1),
            new Deaf());
    line.add("A-B-SWAP");
    return line;
  }

  private record Silent() implements Sockets.Socket {
    @Override
    public void send(String text) {}

    @Override
    public void close() {}

    @Override
    public void cancel() {}
  }

  private record Deaf() implements Line.Owner {
    @Override
    public void trades(Message.Trades trades) {}

    @Override
    public void listings(Message.Listings listings) {}

    @Override
    public void subscribed(Line line, String instrument) {}

    @Override
    public void refused(Line line, String instrument, String code, String text) {}

    @Override
    public void disconnected(Line line, String reason) {}

    @Override
    public void readable(Line line) {}

    @Override
    public void other(Line line, Message message) {}
  }
}
