package io.tapelake.live.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.live.follow.Vault;
import io.tapelake.live.follow.VaultFollower;
import io.tapelake.live.market.Market;
import io.tapelake.live.market.Tape;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server over a real vault, asked over real sockets. */
final class LiveServerIT {

  private static final long PATIENCE_SECONDS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  /** Minutes up to 11:29 are closed at this time. */
  private static final Instant NOW = Instant.parse("2026-03-01T11:30:20Z");

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private Vault vault;
  private Market market;
  private VaultFollower follower;
  private LiveServer server;
  private int port;

  @BeforeEach
  void serve() throws IOException {
    vault = new Vault(folder);
    vault.append(Tape.walk(new Random(5), START, 2700, 4000).toArray(new Trade[0]));
    open(new Access(Set.of("tape.example", "fd00::1"), null));
  }

  @AfterEach
  void stop() {
    follower.close();
    server.close();
  }

  @Test
  void whatTheSpecificationNamesIsAnswered() throws Exception {
    JsonNode instrument = json("/api/instruments").get("instruments").get(0);
    assertThat(instrument.get("inst").asText()).isEqualTo(Tape.BTC);
    assertThat(instrument.get("newest_trade_id").asText()).isEqualTo("3699");
    JsonNode rows =
        json("/api/minutes?inst=%s&from=2026-03-01T10:00:00Z&to=2026-03-01T10:59:00Z"
                .formatted(Tape.BTC))
            .get("rows");
    assertThat(rows).hasSize(60);
    JsonNode last = rows.get(59);
    assertThat(last.get("minute").asText()).isEqualTo("2026-03-01T10:59:00Z");
    assertThat(last.get("provisional").asBoolean()).isFalse();
    assertThat(last.get("vwap_1h").asText()).hasSizeGreaterThan(40);
    assertThat(last.get("stddev_1h").isNumber()).isTrue();
    JsonNode now = json("/api/now?inst=" + Tape.BTC);
    assertThat(now.get("newest_trade_id").asText()).isEqualTo("3699");
    assertThat(now.get("as_of").asText()).isEqualTo(NOW.toString());
    assertThat(now.has("vwap_session")).isTrue();
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    assertThat(get("/metrics").body())
        .contains("tapelake_live_trades{instrument=\"BTC-USDT-SWAP\"} 2700.0");
  }

  @Test
  void namesOfMetricsAreAsPrometheusWantsThem() throws Exception {
    Process promtool;
    try {
      promtool =
          new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    } catch (IOException e) {
      System.err.println("SKIPPED: no promtool; './tapelake test' gets it where it may");
      Assumptions.abort("no promtool");
      return;
    }
    try (OutputStream out = promtool.getOutputStream()) {
      out.write(get("/metrics").body().getBytes(StandardCharsets.UTF_8));
    }
    assertThat(promtool.getInputStream().readAllBytes()).asString().isEmpty();
    assertThat(promtool.waitFor()).isZero();
  }

  @Test
  void onlyClosedMinutesAreRows() throws Exception {
    vault.append(Tape.trade("2026-03-01T11:30:05Z", 9000, "buy", "100000", "1"));
    await(() -> market.tape(Tape.BTC).tradeCount() == 2701);
    JsonNode rows =
        json("/api/minutes?inst=%s&from=2026-03-01T11:25:00Z&to=2026-03-02T00:00:00Z"
                .formatted(Tape.BTC))
            .get("rows");
    assertThat(rows.get(rows.size() - 1).get("minute").asText()).isEqualTo("2026-03-01T11:29:00Z");
    JsonNode now = json("/api/now?inst=" + Tape.BTC);
    assertThat(now.get("minute").asText()).isEqualTo("2026-03-01T11:30:00Z");
    assertThat(now.get("provisional").asBoolean()).isTrue();
  }

  @Test
  void questionsThatAreNoneAreRefusedInOneLine() throws Exception {
    for (String path :
        List.of(
            "/api/now",
            "/api/now?inst=../../etc/passwd",
            "/api/now?inst=%2e%2e%2f%2e%2e%2fetc",
            "/api/minutes?inst=BTC-USDT-SWAP&from=yesterday",
            "/api/now?inst=NO-SUCH-SWAP",
            "/api/none",
            "/../../etc/passwd",
            "/page.css/../../../index.html",
            "/META-INF/MANIFEST.MF")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isBetween(400, 404);
      assertThat(answer.body()).as(path).doesNotContain("root:").hasLineCount(1);
    }
  }

  @Test
  void thePageComesWithAPolicyThatLetsNothingElseIn() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.body()).contains("<main id=\"live\"");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http:", "*");
    assertThat(get("/uPlot.js").body()).contains("uPlot");
  }

  @Test
  void otherNamesAndOtherSitesAreTurnedAway() throws Exception {
    assertThat(raw("GET /api/instruments HTTP/1.1\r\nHost: evil.example\r\n")).contains(" 403 ");
    assertThat(raw("GET /api/instruments HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n"))
        .contains(" 403 ");
    assertThat(
            raw(
                "GET /api/instruments HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"))
        .contains(" 403 ");
    assertThat(
            raw(
                "GET /api/instruments HTTP/1.1\r\nHost: localhost:1\r\nOrigin: http://localhost:1\r\n"))
        .contains(" 200 ");
    assertThat(raw("GET /api/instruments HTTP/1.1\r\nHost: tape.example\r\n")).contains(" 200 ");
    assertThat(raw("GET /api/instruments HTTP/1.1\r\nHost: [FD00:0::1]:8085\r\n"))
        .contains(" 200 ");
    assertThat(Access.inAddress("fd00::1")).isEqualTo("[fd00::1]");
    assertThat(Access.inAddress("tape.example")).isEqualTo("tape.example");
    assertThat(raw("GET /api/instruments HTTP/1.1\r\nHost: [fd00::2]:8085\r\n")).contains(" 403 ");
    String upgrade =
        "GET /stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    assertThat(raw(upgrade + "Origin: https://evil.example\r\n")).contains(" 403 ");
  }

  @Test
  void withATokenOnlyThoseWhoBringItAreAnswered() throws Exception {
    stop();
    open(new Access(Set.of(), "0123456789abcdef"));
    assertThat(get("/").statusCode()).isEqualTo(401);
    assertThat(get("/api/instruments").statusCode()).isEqualTo(401);
    assertThat(get("/?token=0123456789abcdeX").statusCode()).isEqualTo(401);
    HttpResponse<String> welcome = get("/?token=0123456789abcdef");
    assertThat(welcome.statusCode()).isEqualTo(303);
    String cookie = welcome.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
    HttpRequest known =
        HttpRequest.newBuilder(uri("/api/instruments"))
            .header("Cookie", cookie.substring(0, cookie.indexOf(';')))
            .build();
    assertThat(http.send(known, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    HttpRequest bearer =
        HttpRequest.newBuilder(uri("/api/instruments"))
            .header("Authorization", "Bearer 0123456789abcdef")
            .build();
    assertThat(http.send(bearer, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void theStreamBeginsWithASnapshotAndGoesOnWithoutAGap() throws Exception {
    Ear ear = new Ear();
    WebSocket socket = listen(ear);
    socket.sendText("{\"watch\":\"%s\"}".formatted(Tape.BTC), true);
    JsonNode snapshot = ear.next();
    assertThat(snapshot.get("type").asText()).isEqualTo("snapshot");
    assertThat(snapshot.get("last").get("id").asText()).isEqualTo("3699");
    long sequence = snapshot.get("seq").asLong();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      vault.append(Tape.trade("2026-03-01T11:30:05Z", 9000 + i, "buy", "100000", "1"));
    }
    long skipped = 0;
    while (ids.size() + skipped < 300) {
      assertThat(sequence).as("changes").isLessThan(2000);
      JsonNode change = ear.next();
      assertThat(change.get("type").asText()).isEqualTo("change");
      assertThat(change.get("seq").asLong()).isEqualTo(++sequence);
      skipped += change.get("trades_skipped").asLong();
      change.get("trades").forEach(trade -> ids.add(trade.get("id").asText()));
    }
    assertThat(ids).doesNotHaveDuplicates().hasSize((int) (300 - skipped)).endsWith("9299");
    socket.abort();
  }

  @Test
  void whoNeverReadsMissesChangesAndHoldsUpNobody() throws Exception {
    List<Socket> deaf = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      deaf.add(DeafClient.connect(port));
    }
    Ear ear = new Ear();
    WebSocket socket = listen(ear);
    socket.sendText("{\"watch\":\"%s\"}".formatted(Tape.BTC), true);
    assertThat(ear.next().get("type").asText()).isEqualTo("snapshot");
    await(() -> metric("clients") == 11);
    long id = 9000;
    while (metric("changes_dropped_total") == 0) {
      assertThat(id).as("changes until somebody missed one").isLessThan(12_000);
      vault.append(Tape.trade("2026-03-01T11:59:00Z", id, "buy", "100000", "1"));
      String newest = Long.toString(id++);
      JsonNode change = ear.next();
      while (!change.get("last").get("id").asText().equals(newest)) {
        change = ear.next();
      }
    }
    for (Socket each : deaf) {
      each.close();
    }
    socket.abort();
  }

  @Test
  void whatIsNoQuestionEndsTheConnection() throws Exception {
    Ear ear = new Ear();
    WebSocket socket = listen(ear);
    socket.sendText("{\"watch\":\"../../etc\"}", true);
    assertThat(ear.closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1008);
  }

  private void open(Access access) throws IOException {
    market = new Market(Tape.settings("15m,1h"), Clock.fixed(NOW, ZoneOffset.UTC));
    follower = new VaultFollower(folder, Set.of(), 8, market);
    server =
        new LiveServer(
            new InetSocketAddress("127.0.0.1", 0),
            access,
            market,
            follower::isAlive,
            follower::isReady);
    follower.start();
    port = server.start();
    await(() -> market.tape(Tape.BTC) != null && market.tape(Tape.BTC).tradeCount() >= 2700);
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private long metric(String name) {
    try {
      Matcher found =
          Pattern.compile("(?m)^tapelake_live_%s ([0-9]+)[.]0$".formatted(name))
              .matcher(get("/metrics").body());
      assertThat(found.find()).isTrue();
      return Long.parseLong(found.group(1));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private String raw(String head) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      OutputStream out = socket.getOutputStream();
      out.write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(40), StandardCharsets.US_ASCII);
    }
  }

  private WebSocket listen(Ear ear) {
    return http.newWebSocketBuilder()
        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/stream"), ear)
        .join();
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        fail("it did not come about");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Hears a stream. */
  private static final class Ear implements WebSocket.Listener {

    private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    JsonNode next() throws Exception {
      String message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      return JSON.readTree(message);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
      text.append(data);
      if (isLast) {
        messages.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.add(code);
      return null;
    }
  }
}
