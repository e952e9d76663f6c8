package io.tapelake.collector.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.collector.decode.RestAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HttpExchangeTest {

  private int opened;

  @Test
  @Timeout(120)
  void howeverManySocketsAreOpenRestIsAsked() throws Exception {
    int sockets = 70;
    Inbox inbox = new Inbox(1 << 20, Duration.ofSeconds(1));
    try (MockWebServer server = new MockWebServer()) {
      server.setDispatcher(
          new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
              return request.getHeaders().get("Upgrade") != null
                  ? new MockResponse.Builder().webSocketUpgrade(new Silent()).build()
                  : new MockResponse.Builder().body("ok").build();
            }
          });
      server.start();
      HttpExchange exchange =
          new HttpExchange(
              HttpClients.make(new Proxies(Map.of(), Map.of()), null, null, false),
              "http://127.0.0.1:" + server.getPort(),
              inbox,
              bytes -> {});
      List<Sockets.Socket> open = new ArrayList<>();
      for (int i = 0; i < sockets; i++) {
        open.add(exchange.open("ws://127.0.0.1:" + server.getPort() + "/", new Counting()));
      }
      List<RestAnswer> answers = new ArrayList<>();
      exchange.get("/time", answers::add);
      List<Runnable> events = new ArrayList<>();
      while (opened < sockets || answers.isEmpty()) {
        inbox.drain(events, 100, Duration.ofMillis(50));
        events.forEach(Runnable::run);
        events.clear();
      }
      assertThat(answers.get(0).body()).isEqualTo("ok");
      open.forEach(Sockets.Socket::cancel);
      exchange.shutDown();
    }
  }

  private static final class Silent extends WebSocketListener {}

  private final class Counting implements Sockets.Listener {
    @Override
    public void opened() {
      opened++;
    }

    @Override
    public void text(String text) {}

    @Override
    public void closed(String reason, Duration retryAfter) {}
  }
}
