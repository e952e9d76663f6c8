package io.tapelake.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.exchange.Limits;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.tape.Tape;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The exchange over real sockets, as OkHttp sees it. */
class SimulatedExchangeIT {

  private static final Instant START = Instant.parse("2026-01-01T23:59:58Z");
  private static final String BTC = "BTC-USDT-SWAP";
  private static final Pattern TRADE_ID = Pattern.compile("\"tradeId\":\"(\\d+)\"");

  private final OkHttpClient client =
      new OkHttpClient.Builder()
          .connectTimeout(Duration.ofMinutes(1))
          .readTimeout(Duration.ofMinutes(1))
          .build();
  private SimulatedExchange exchange;

  @AfterEach
  void close() {
    exchange.close();
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }

  private void open(Limits limits, boolean deflate) throws IOException {
    Tape tape = Tape.of(9, START.minusSeconds(30), 500, List.of(BTC, "ETH-USDT-SWAP"));
    TapeClock clock = TapeClock.startingNow(START, 1);
    exchange =
        SimulatedExchange.open(
            new Exchange(tape, FaultScript.NONE, limits, clock), 0, Duration.ofMillis(1), deflate);
  }

  @Test
  void pushesAreDenseAndTheTruth() throws Exception {
    for (boolean deflate : new boolean[] {false, true}) {
      open(Limits.okx(), deflate);
      SocketClient socket = subscribed("business", "trades-all");
      List<Long> ids = new ArrayList<>();
      while (ids.size() < 500) {
        ids.add(id(socket.next(text -> text.contains("tradeId"))));
      }
      List<Long> distinct = ids.stream().distinct().toList();
      assertThat(distinct.get(distinct.size() - 1) - distinct.get(0) + 1)
          .isEqualTo(distinct.size());
      assertThat(exchange.truth(BTC).stream().map(Trade::id).toList()).containsAll(distinct);
      socket.cancel();
      if (!deflate) {
        exchange.close();
      }
    }
  }

  @Test
  void restAnswersOnTheSamePort() throws Exception {
    open(Limits.okx(), false);
    assertThat(get("/api/v5/market/history-trades?instId=" + BTC + "&limit=7"))
        .satisfies(body -> assertThat(TRADE_ID.matcher(body).results().count()).isEqualTo(7));
    Matcher time = Pattern.compile("\"ts\":\"(\\d+)\"").matcher(get("/api/v5/public/time"));
    assertThat(time.find()).isTrue();
    assertThat(Instant.ofEpochMilli(Long.parseLong(time.group(1))))
        .isBetween(START, exchange.now());
    assertThat(get("/simulator/truth")).startsWith("{\"timestamp_utc\":\"2026-01-01T23:59:28.");
  }

  @Test
  void archivesAreDownloaded() throws Exception {
    Tape tape = Tape.of(9, START.minus(Duration.ofDays(2)), 0.1, List.of(BTC));
    exchange =
        SimulatedExchange.open(
            new Exchange(tape, FaultScript.NONE, Limits.okx(), TapeClock.startingNow(START, 1)));
    String path =
        "/cdn/okex/traderecords/trades/daily/20260101/BTC-USDT-SWAP-trades-2026-01-01.zip";
    Request request = new Request.Builder().url(exchange.restUrl() + path).build();
    try (Response response = client.newCall(request).execute();
        ZipInputStream zip = new ZipInputStream(response.body().byteStream())) {
      assertThat(zip.getNextEntry().getName()).isEqualTo("BTC-USDT-SWAP-trades-2026-01-01.csv");
      assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8))
          .startsWith(
              "instrument_name,trade_id,side,price,size,created_time,source\nBTC-USDT-SWAP,");
    }
  }

  @Test
  void pingIsAnsweredAndWrongEndpointsAreNotThere() throws Exception {
    open(Limits.okx(), false);
    SocketClient socket = subscribed("public", "trades");
    socket.send("ping");
    assertThat(socket.next(text -> text.equals("pong"))).isNotNull();
    SocketClient wrong = new SocketClient(client, exchange.wsUrl() + "/private");
    assertThat(wrong.next(text -> true)).isEqualTo("failed 404");
  }

  @Test
  void idleConnectionsAreClosed() throws Exception {
    open(Limits.okx().slowedBy(0.01), false);
    SocketClient socket = new SocketClient(client, exchange.wsUrl() + "/business");
    assertThat(socket.next(text -> text.startsWith("closed")))
        .isEqualTo("closed 4004 No data received in 30s.");
  }

  @Test
  void theFourthConnectionInASecondIsRefused() throws Exception {
    open(Limits.okx().slowedBy(60), false);
    List<String> outcomes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      outcomes.add(new SocketClient(client, exchange.wsUrl() + "/public").next(text -> true));
    }
    assertThat(outcomes).containsExactly("open", "open", "open", "failed 429");
  }

  @Test
  void connectionsAreReset() throws Exception {
    open(Limits.okx(), false);
    SocketClient socket = subscribed("business", "trades-all");
    exchange.inject("at 0s reset");
    assertThat(socket.next(text -> text.startsWith("failed"))).contains("Connection reset");
  }

  @Test
  void closeCodesAndBrokenFramesArrive() throws Exception {
    open(Limits.generous(), false);
    SocketClient closed = subscribed("business", "trades-all");
    exchange.inject("at 0s close code=4005");
    assertThat(closed.next(text -> text.startsWith("closed"))).startsWith("closed 4005");

    SocketClient broken = subscribed("business", "trades-all");
    exchange.inject("at 0s garbage what=frame");
    assertThat(broken.next(text -> text.startsWith("failed"))).contains("ProtocolException");

    SocketClient dropped = subscribed("business", "trades-all");
    exchange.inject("at 0s drop");
    assertThat(dropped.next(text -> text.startsWith("failed"))).contains("EOFException");
  }

  @Test
  void stalledConnectionsStillAnswerPings() throws Exception {
    open(Limits.okx(), false);
    SocketClient socket = subscribed("business", "trades-all");
    exchange.inject("at 0s stall");
    socket.send("ping");
    socket.next(text -> text.equals("pong"));
    Instant stalled = exchange.now();
    SocketClient other = subscribed("business", "trades-all");
    while (!exchange.now().isAfter(stalled.plusMillis(300))) {
      other.next(text -> text.contains("tradeId"));
    }
    socket.send("ping");
    assertThat(socket.next(text -> true)).isEqualTo("pong");
  }

  @Test
  void whoDoesNotReadIsCutOff() throws Exception {
    open(Limits.okx().buffering(64 * 1024), false);
    try (Socket lazy = new Socket("127.0.0.1", exchange.port())) {
      lazy.setReceiveBufferSize(4096);
      String upgrade =
          "GET /ws/v5/business HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
              + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
              + "Sec-WebSocket-Version: 13\r\n\r\n";
      lazy.getOutputStream().write(upgrade.getBytes("US-ASCII"));
      awaitOpen(1);
      // More than the sockets' buffers hold.
      for (int i = 0; i < 20; i++) {
        exchange.inject("at 0s garbage what=huge");
      }
      awaitOpen(0);
    }
  }

  /** The exchange has this many connections in the end; asking it takes a turn of its thread. */
  private void awaitOpen(int connections) {
    Instant deadline = exchange.now().plusSeconds(30);
    while (exchange.openConnections() != connections) {
      assertThat(exchange.now()).isBefore(deadline);
    }
  }

  @Test
  void whileItIsDownNobodyConnectsAndThenTheyDo() throws Exception {
    open(Limits.generous(), false);
    SocketClient socket = subscribed("business", "trades-all");
    exchange.inject("at 0s down for=500ms");
    socket.next(text -> text.startsWith("failed"));
    Instant deadline = exchange.now().plusSeconds(30);
    // On a busy machine it may be up again by now.
    while (answers("/api/v5/public/time")) {
      assertThat(exchange.now()).isBefore(deadline);
      exchange.inject("at 0s down for=500ms");
    }
    String outcome = "failed";
    while (outcome.startsWith("failed") && exchange.now().isBefore(deadline)) {
      outcome = new SocketClient(client, exchange.wsUrl() + "/business").next(text -> true);
    }
    assertThat(outcome).isEqualTo("open");
  }

  @Test
  void faultsAreTakenWhileItRuns() throws Exception {
    open(Limits.generous(), false);
    assertThat(post("/simulator/faults", "at 0s rest how=503 for=60s")).isEqualTo(200);
    assertThat(post("/simulator/faults", "at 0s nonsense")).isEqualTo(400);
    assertThat(post("/simulator/faults", "at 0s delist " + BTC)).isEqualTo(400);
    Request request = new Request.Builder().url(exchange.restUrl() + "/api/v5/public/time").build();
    Response answer = client.newCall(request).execute();
    while (answer.code() == 200) {
      answer.close();
      answer = client.newCall(request).execute();
    }
    assertThat(answer.code()).isEqualTo(503);
    answer.close();
  }

  private SocketClient subscribed(String endpoint, String channel) throws InterruptedException {
    SocketClient socket = new SocketClient(client, exchange.wsUrl() + "/" + endpoint);
    socket.send(
        "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"%s\",\"instId\":\"%s\"}]}"
            .formatted(channel, BTC));
    socket.next(text -> text.contains("\"event\":\"subscribe\""));
    return socket;
  }

  private boolean answers(String path) {
    try {
      return !get(path).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private String get(String path) throws IOException {
    Request request = new Request.Builder().url(exchange.restUrl() + path).build();
    try (Response response = client.newCall(request).execute()) {
      return response.body().string();
    }
  }

  private int post(String path, String body) throws IOException {
    RequestBody text = RequestBody.create(body, MediaType.get("text/plain"));
    Request request = new Request.Builder().url(exchange.restUrl() + path).post(text).build();
    try (Response response = client.newCall(request).execute()) {
      return response.code();
    }
  }

  private static long id(String push) {
    Matcher matcher = TRADE_ID.matcher(push);
    assertThat(matcher.find()).isTrue();
    return Long.parseLong(matcher.group(1));
  }
}
