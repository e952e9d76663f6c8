package io.tapelake.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.collector.capture.TruthCheck;
import io.tapelake.collector.settings.Setting;
import io.tapelake.collector.settings.Settings;
import io.tapelake.collector.write.VaultLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole capture over real sockets, in this process. */
class RunTest {

  private static final String INSTRUMENT = "BTC-USDT-SWAP";
  private static final int LAST = 1_020;

  @TempDir private Path vault;

  private final MockWebServer server = new MockWebServer();
  private final CountDownLatch pushed = new CountDownLatch(1);

  @BeforeEach
  void open() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String path = request.getUrl().encodedPath();
            if (path.startsWith("/ws/")) {
              return new MockResponse.Builder().webSocketUpgrade(new LateSpeaker()).build();
            }
            // REST is of no help: it knows the terms, but no trade.
            return new MockResponse.Builder()
                .body(
                    "{\"code\":\"0\",\"data\":[%s]}"
                        .formatted(
                            path.endsWith("/instruments")
                                ? "{\"instId\":\"BTC-USDT-SWAP\",\"instType\":\"SWAP\",\"ctVal\":\"0.01\",\"ctMult\":\"1\",\"ctType\":\"linear\",\"tickSz\":\"0.1\",\"lotSz\":\"1\",\"state\":\"live\"}"
                                : ""))
                .build();
          }
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void whatIsPushedBeforeTheExchangeHearsThatWeLeaveIsWritten() throws Exception {
    Map<Setting, String> texts = new EnumMap<>(Setting.class);
    texts.put(Setting.VAULT, vault.toString());
    texts.put(Setting.INSTRUMENTS, INSTRUMENT);
    texts.put(Setting.WS_URL, "ws://localhost:" + server.getPort() + "/ws/v5");
    texts.put(Setting.REST_URL, "http://localhost:" + server.getPort());
    texts.put(Setting.OBSERVE_PORT, "-1");
    try (VaultLock lock = VaultLock.take(vault, Instant.now())) {
      Run run = new Run(new Settings(texts, Map.of()), lock);
      CompletableFuture<Integer> code =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return run.untilStopped();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      pushed.await();
      Processes.await(
          "the terms and the first trade's line",
          Duration.ofMinutes(1),
          () -> !TruthCheck.lines(vault, INSTRUMENT).isEmpty());
      assertThat(run.stop(Duration.ofMinutes(1))).isTrue();
      assertThat(code.get()).isZero();
    }
    assertThat(TruthCheck.lines(vault, INSTRUMENT)).hasSize(LAST - 1_000 + 1);
  }

  /** Pushes most of its trades after it was told that nobody listens any more. */
  private final class LateSpeaker extends WebSocketListener {

    @Override
    public void onOpen(WebSocket socket, Response response) {}

    @Override
    public void onMessage(WebSocket socket, String text) {
      if (text.contains("trades-all")) {
        socket.send("{\"event\":\"subscribe\",\"arg\":" + argument() + "}");
        push(socket, 1_000);
        pushed.countDown();
      }
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      for (int id = 1_001; id <= LAST; id++) {
        push(socket, id);
      }
      socket.close(code, null);
    }

    private void push(WebSocket socket, int id) {
      socket.send(
          "{\"arg\":%s,\"data\":[{\"instId\":\"%s\",\"tradeId\":\"%d\",\"px\":\"100.5\",\"sz\":\"1\",\"side\":\"buy\",\"ts\":\"%d\"}]}"
              .formatted(argument(), INSTRUMENT, id, Instant.now().toEpochMilli()));
    }

    private static String argument() {
      return "{\"channel\":\"trades-all\",\"instId\":\"" + INSTRUMENT + "\"}";
    }
  }
}
