package io.tapelake.simulator.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.simulator.ManualClock;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.tape.Tape;
import io.tapelake.vault.Trade;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

class RestTest {

  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
  private static final String BTC = "BTC-USDT-SWAP";
  private static final String ETH = "ETH-USDT-SWAP";
  private static final String HISTORY = "market/history-trades";
  private static final Pattern TRADE_ID = Pattern.compile("\"tradeId\":\"(\\d+)\"");

  private final ManualClock clock = new ManualClock(START);
  private Exchange exchange = exchange("");

  private Exchange exchange(String script) {
    Tape tape = Tape.of(3, START.minusSeconds(60), 50, List.of(BTC, ETH));
    return new Exchange(tape, FaultScript.parse(script, START), Limits.okx(), clock);
  }

  @Test
  void historyIsPagedDownwardsToTheFirstTrade() {
    List<Long> walked = new ArrayList<>();
    List<Long> page = ids(get(HISTORY, "instId", BTC));
    while (!page.isEmpty()) {
      assertThat(page.size()).isLessThanOrEqualTo(100);
      walked.addAll(page);
      clock.advance(Duration.ofMillis(100));
      page = ids(get(HISTORY, "instId", BTC, "after", "" + page.get(page.size() - 1)));
    }
    List<Long> truth = exchange.tape().trades(BTC, START).stream().map(Trade::id).sorted().toList();
    assertThat(walked.stream().sorted().toList()).isEqualTo(truth);
    assertThat(walked.get(0)).isEqualTo(truth.get(truth.size() - 1));
  }

  @Test
  void beforeAloneGivesTheNewestPage() {
    List<Trade> truth = exchange.truth(BTC);
    long last = truth.get(truth.size() - 1).id();
    assertThat(ids(get(HISTORY, "instId", BTC, "before", "" + truth.get(0).id(), "limit", "3")))
        .containsExactly(last, last - 1, last - 2);
    assertThat(ids(get(HISTORY, "instId", BTC, "before", "" + (last - 2))))
        .containsExactly(last, last - 1);
    assertThat(
            ids(get(HISTORY, "instId", BTC, "before", "" + (last - 4), "after", "" + (last - 1))))
        .containsExactly(last - 2, last - 3);
    assertThat(ids(get(HISTORY, "instId", BTC, "before", "" + last))).isEmpty();
  }

  @Test
  void historyIsPagedByTimeToo() {
    Instant time = START.minusSeconds(30);
    List<Long> older =
        exchange.truth(BTC).stream()
            .filter(trade -> trade.time().isBefore(time))
            .map(Trade::id)
            .toList();
    String millis = "" + time.toEpochMilli();
    assertThat(ids(get(HISTORY, "instId", BTC, "type", "2", "after", millis, "limit", "1")))
        .containsExactly(older.get(older.size() - 1));
    assertThat(get(HISTORY, "instId", BTC, "type", "2", "before", millis).text())
        .contains("\"code\":\"50039\"");
  }

  @Test
  void latestTradesAreAtMostFiveHundred() {
    clock.advance(Duration.ofMinutes(1));
    assertThat(ids(get("market/trades", "instId", BTC))).hasSize(100);
    assertThat(ids(get("market/trades", "instId", BTC, "limit", "900"))).hasSize(500);
    assertThat(get("market/trades", "instId", BTC, "limit", "1").text())
        .matches(
            "\\{\"code\":\"0\",\"msg\":\"\",\"data\":\\[\\{\"instId\":\"BTC-USDT-SWAP\","
                + "\"side\":\"(buy|sell)\",\"sz\":\"[0-9.]+\",\"source\":\"[01]\","
                + "\"px\":\"[0-9.]+\",\"tradeId\":\"\\d+\",\"ts\":\"\\d{13}\"}]}");
  }

  @Test
  void historyEndsWithItsRetention() {
    Tape tape = Tape.of(3, START.minusSeconds(60), 50, List.of(BTC));
    Limits limits = Limits.okx().retaining(Duration.ofSeconds(1));
    exchange = new Exchange(tape, FaultScript.NONE, limits, clock);
    long oldest =
        exchange.truth(BTC).stream()
            .filter(trade -> !trade.time().isBefore(START.minusSeconds(1)))
            .findFirst()
            .orElseThrow()
            .id();
    assertThat(ids(get(HISTORY, "instId", BTC))).last().isEqualTo(oldest);
    assertThat(ids(get(HISTORY, "instId", BTC, "after", "" + oldest))).isEmpty();
  }

  @Test
  void wrongRequestsAreAnsweredWithTheirCodes() {
    assertError(get(HISTORY), 400, "50014");
    assertError(get(HISTORY, "instId", "FOO-USDT-SWAP"), 200, "51001");
    assertError(get(HISTORY, "instId", BTC, "limit", "x"), 400, "51000");
    assertError(get("public/instruments"), 400, "50014");
    assertError(get("public/instruments", "instType", "SWAP", "instId", "FOO"), 200, "51001");
    assertThat(get("no/such/thing").status()).isEqualTo(404);
  }

  @Test
  void tooManyRequestsAreRefusedBothWays() {
    for (int i = 0; i < 20; i++) {
      assertThat(get(HISTORY, "instId", BTC).status()).isEqualTo(200);
    }
    assertError(get(HISTORY, "instId", BTC), 429, "50011");
    assertError(get(HISTORY, "instId", BTC), 200, "50011");
    clock.advance(Duration.ofSeconds(2));
    assertThat(ids(get(HISTORY, "instId", BTC))).isNotEmpty();
  }

  @Test
  void instrumentsFollowTheirLifecycle() {
    exchange =
        exchange(
            """
            at 10s ctval %1$s to=0.001 served=5s
            at 20s lotsz %1$s to=1
            at 30s suspend %1$s for=5s
            at 40s delist %2$s
            """
                .formatted(BTC, ETH));
    assertThat(instrument(BTC)).contains("\"ctVal\":\"0.01\"", "\"lotSz\":\"0.01\"");
    assertThat(instrument(BTC)).contains("\"upcChg\":[{\"param\":\"minSz\",\"newValue\":\"1\"");
    assertThat(instrument(ETH)).doesNotContain("\"expTime\":\"\"").contains("\"state\":\"live\"");
    clock.advance(Duration.ofSeconds(14));
    assertThat(instrument(BTC)).contains("\"ctVal\":\"0.01\"");
    clock.advance(Duration.ofSeconds(1));
    assertThat(instrument(BTC)).contains("\"ctVal\":\"0.001\"");
    clock.advance(Duration.ofSeconds(16));
    assertThat(instrument(BTC)).contains("\"state\":\"suspend\"", "\"lotSz\":\"1\"");
    clock.advance(Duration.ofSeconds(10));
    assertThat(instrument(ETH)).contains("51001");
    assertThat(get("public/instruments", "instType", "SWAP").text())
        .contains(BTC)
        .doesNotContain(ETH);
    assertError(get(HISTORY, "instId", ETH), 200, "51001");
  }

  private String instrument(String name) {
    return get("public/instruments", "instType", "SWAP", "instId", name).text();
  }

  @Test
  void restFailsInEveryWay() {
    for (String how : List.of("500", "503", "429", "403", "html")) {
      assertThat(getWith("how=" + how).contentType()).isEqualTo("text/html");
    }
    assertError(getWith("how=50011"), 200, "50011");
    assertError(getWith("how=50011-429"), 429, "50011");
    assertError(getWith("how=50001"), 503, "50001");
    assertThat(getWith("how=empty").text()).isEqualTo("{\"code\":\"0\",\"msg\":\"\",\"data\":[]}");
    assertThat(getWith("how=truncated").text()).startsWith("{\"code\":\"0\"").doesNotEndWith("}");
    assertThat(getWith("how=garbage").text()).doesNotStartWith("{");
  }

  @Test
  void restCanBeSlowHangOrReset() {
    exchange = exchange("at 0s rest how=slow by=2s for=1s\nat 1s rest how=hang for=1s");
    exchange.tick();
    List<Answer> answers = new ArrayList<>();
    exchange.get("/api/v5/public/time", Map.of(), answers::add);
    assertThat(answers).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    exchange.tick();
    exchange.get("/api/v5/public/time", Map.of(), answers::add);
    clock.advance(Duration.ofSeconds(1));
    exchange.tick();
    assertThat(answers).hasSize(1);
    clock.advance(Duration.ofMinutes(1));
    exchange.tick();
    assertThat(answers).hasSize(1);
    assertThat(getWith("how=reset")).isNull();
  }

  @Test
  void aFaultOfOnePathLeavesTheOthers() {
    exchange = exchange("at 0s rest path=history-trades how=500 for=5s");
    exchange.tick();
    assertThat(get(HISTORY, "instId", BTC).status()).isEqualTo(500);
    assertThat(get("market/trades", "instId", BTC).status()).isEqualTo(200);
    clock.advance(Duration.ofSeconds(5));
    assertThat(get(HISTORY, "instId", BTC).status()).isEqualTo(200);
  }

  private Answer getWith(String how) {
    exchange =
        exchange("at " + Duration.between(START, clock.instant()).toMillis() + "ms rest " + how);
    exchange.tick();
    List<Answer> answers = new ArrayList<>();
    exchange.get("/api/v5/public/time", Map.of(), answers::add);
    exchange.tick();
    assertThat(answers).hasSize(1);
    return answers.get(0);
  }

  @Test
  void archivesHoldTheDaysOfChina() throws IOException {
    Instant noon = Instant.parse("2026-01-02T04:00:00Z");
    Tape tape = Tape.of(3, START, 0.1, List.of(BTC));
    clock.advance(Duration.ofDays(2));
    exchange = new Exchange(tape, FaultScript.NONE, Limits.okx(), clock);
    String file = "/cdn/okex/traderecords/trades/daily/%s/BTC-USDT-SWAP-trades-%s.zip";

    List<String> lines = unzip(cdn(file.formatted("20260102", "2026-01-02")), "UTF-8");

    Instant from = Instant.parse("2026-01-01T16:00:00Z");
    List<Trade> day =
        exchange.truth(BTC).stream()
            .filter(t -> !t.time().isBefore(from) && t.time().isBefore(from.plusSeconds(86_400)))
            .toList();
    assertThat(day).anyMatch(trade -> trade.time().isAfter(noon));
    assertThat(lines.get(0))
        .isEqualTo("instrument_name,trade_id,side,price,size,created_time,source");
    assertThat(lines).hasSize(day.size() + 1);
    Trade first = day.get(0);
    assertThat(lines.get(1))
        .startsWith(
            BTC
                + ","
                + first.id()
                + ","
                + first.side().text()
                + ","
                + first.price()
                + ","
                + first.contracts()
                + ","
                + first.time().toEpochMilli()
                + ",");
    assertThat(cdn(file.formatted("20260104", "2026-01-04")).status()).isEqualTo(404);
    assertThat(cdn(file.formatted("20260102", "2026-01-03")).status()).isEqualTo(404);
    assertThat(cdn("/cdn/okex/traderecords/trades/daily/../../etc/passwd").status()).isEqualTo(404);
  }

  @Test
  void oldArchivesHaveTheOldHeader() throws IOException {
    Instant then = Instant.parse("2021-10-05T00:00:00Z");
    Tape tape = Tape.of(3, then, 0.01, List.of(BTC));
    exchange = new Exchange(tape, FaultScript.NONE, Limits.okx(), clock);
    String file = "/cdn/okex/traderecords/trades/monthly/202111/BTC-USDT-SWAP-trades-2021-11.zip";
    List<String> lines = unzip(cdn(file), "GBK");
    assertThat(lines.get(0)).startsWith("trade_id/撮合id,side/交易方向,size/数量,price/价格");
    assertThat(lines.get(1)).matches("\\d+,(buy|sell),[0-9.]+,[0-9.]+,1635\\d{9}");
  }

  private Answer cdn(String path) {
    List<Answer> answers = new ArrayList<>();
    exchange.get(path, Map.of(), answers::add);
    return answers.get(0);
  }

  private static List<String> unzip(Answer answer, String charset) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    answer.download().writeTo(out);
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      assertThat(zip.getNextEntry().getName()).endsWith(".csv");
      return new String(zip.readAllBytes(), Charset.forName(charset)).lines().toList();
    }
  }

  private Answer get(String path, String... query) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < query.length; i += 2) {
      parameters.put(query[i], query[i + 1]);
    }
    List<Answer> answers = new ArrayList<>();
    exchange.get("/api/v5/" + path, parameters, answers::add);
    assertThat(answers).hasSize(1);
    return answers.get(0);
  }

  private static List<Long> ids(Answer answer) {
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    return TRADE_ID.matcher(text).results().map(hit -> Long.valueOf(hit.group(1))).toList();
  }

  private static void assertError(Answer answer, int status, String code) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text()).contains("\"code\":\"" + code + "\"");
  }
}
