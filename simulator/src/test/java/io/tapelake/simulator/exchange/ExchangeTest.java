package io.tapelake.simulator.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tapelake.simulator.ManualClock;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.fault.RandomFaults;
import io.tapelake.simulator.tape.Tape;
import io.tapelake.vault.Trade;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExchangeTest {

  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
  private static final String BTC = "BTC-USDT-SWAP";
  private static final String ETH = "ETH-USDT-SWAP";
  private static final Pattern TRADE_ID = Pattern.compile("\"tradeId\":\"(\\d+)\"");

  private final ManualClock clock = new ManualClock(START);
  private final RecordingOutbox client = new RecordingOutbox();
  private Exchange exchange = exchange("");

  private Exchange exchange(String script) {
    Tape tape = Tape.of(3, START.minusSeconds(60), 50, List.of(BTC, ETH));
    return new Exchange(tape, FaultScript.parse(script, START), Limits.okx(), clock);
  }

  @Test
  void everyArgumentIsAcknowledgedAndFollowedByTheLastTrade() {
    Session session = exchange.connect(Endpoint.BUSINESS, client);
    session.receive(
        "{\"id\":\"a1\",\"op\":\"subscribe\",\"args\":["
            + arg("trades-all", BTC)
            + ","
            + arg("trades-all", ETH)
            + "]}");

    List<String> sent = client.take();
    assertThat(sent).hasSize(4);
    assertThat(sent.get(0))
        .startsWith("{\"id\":\"a1\",\"event\":\"subscribe\",\"arg\":" + arg("trades-all", BTC))
        .contains("\"connId\":\"");
    assertThat(ids(sent.get(1))).containsExactly(last(BTC).id());
    assertThat(sent.get(2)).contains("\"event\":\"subscribe\"").contains(ETH);
    assertThat(ids(sent.get(3))).containsExactly(last(ETH).id());
  }

  @Test
  void everyTradeIsPushedOnceInItsOwnMessage() {
    subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    long before = last(BTC).id();
    client.take();

    List<String> pushes = run(Duration.ofSeconds(20));

    List<Trade> truth = after(BTC, before);
    assertThat(pushes).hasSameSizeAs(truth);
    assertThat(pushed(pushes)).isEqualTo(truth.stream().map(Trade::id).toList());
    assertThat(pushes.get(0))
        .matches(
            "\\{\"arg\":\\{\"channel\":\"trades-all\",\"instId\":\"BTC-USDT-SWAP\"},\"data\":\\["
                + "\\{\"instId\":\"BTC-USDT-SWAP\",\"tradeId\":\"\\d+\",\"px\":\"[0-9.]+\","
                + "\"sz\":\"[0-9.]+\",\"side\":\"(buy|sell)\",\"ts\":\"\\d{13}\","
                + "\"source\":\"[01]\"}]}");
  }

  @Test
  void aggregatedPushesCoverTheSameIdsAndSizes() {
    subscribe(Endpoint.PUBLIC, "trades", BTC);
    long next = last(BTC).id() + 1;
    client.take();

    List<String> pushes = run(Duration.ofSeconds(20));

    BigDecimal size = BigDecimal.ZERO;
    int aggregated = 0;
    for (String push : pushes) {
      long count = Long.parseLong(field(push, "count"));
      assertThat(ids(push)).containsExactly(next + count - 1);
      next += count;
      size = size.add(new BigDecimal(field(push, "sz")));
      aggregated += count > 1 ? 1 : 0;
      assertThat(push).containsPattern("\"seqId\":\\d+}");
    }
    List<Trade> truth = after(BTC, next - 1 - total(pushes));
    assertThat(next - 1).isEqualTo(last(BTC).id());
    assertThat(aggregated).isPositive();
    assertThat(size)
        .isEqualByComparingTo(
            truth.stream().map(Trade::contracts).reduce(BigDecimal.ZERO, BigDecimal::add));
  }

  private static long total(List<String> pushes) {
    return pushes.stream().mapToLong(push -> Long.parseLong(field(push, "count"))).sum();
  }

  @Test
  void wrongRequestsAreAnsweredWithTheirCodes() {
    Session business = exchange.connect(Endpoint.BUSINESS, client);
    business.receive("nonsense");
    assertThat(code()).isEqualTo("60012");
    business.receive("{\"op\":\"subscribe\",\"args\":{}}");
    assertThat(code()).isEqualTo("60012");
    business.receive("{\"op\":\"dance\",\"args\":[" + arg("trades-all", BTC) + "]}");
    assertThat(code()).isEqualTo("60019");
    business.receive(request("subscribe", "trades-all", "FOO-USDT-SWAP"));
    assertThat(code()).isEqualTo("60018");
    business.receive(request("subscribe", "trades", BTC));
    assertThat(code()).isEqualTo("64002");
    Session open = exchange.connect(Endpoint.PUBLIC, client);
    open.receive(request("subscribe", "trades-all", BTC));
    assertThat(code()).isEqualTo("64001");
  }

  @Test
  void aBadArgumentDoesNotStopTheOthers() {
    Session session = exchange.connect(Endpoint.BUSINESS, client);
    session.receive(
        "{\"op\":\"subscribe\",\"args\":["
            + arg("trades-all", "FOO-USDT-SWAP")
            + ","
            + arg("trades-all", BTC)
            + "]}");
    assertThat(client.take()).hasSize(3).first().asString().contains("\"code\":\"60018\"");
  }

  @Test
  void unsubscribingEndsThePushes() {
    Session session = subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    session.receive(request("unsubscribe", "trades-all", BTC));
    assertThat(client.take()).last().asString().contains("\"event\":\"unsubscribe\"");
    assertThat(run(Duration.ofSeconds(5))).isEmpty();
  }

  @Test
  void pingIsAnsweredAndKeepsAnOtherwiseSilentConnectionOpen() {
    exchange = exchange("at 0s stall");
    Session session = subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    client.take();
    for (int i = 0; i < 4; i++) {
      run(Duration.ofSeconds(25));
      session.receive("ping");
      assertThat(client.take()).containsExactly("pong");
    }
    run(Duration.ofSeconds(31));
    assertThat(client.acts).containsExactly("close 4004");
  }

  @Test
  void connectionsWithoutSubscriptionAreClosed() {
    exchange.connect(Endpoint.BUSINESS, client);
    run(Duration.ofSeconds(31));
    assertThat(client.acts).containsExactly("close 4004");
  }

  @Test
  void slowReadersAndLongRequestsAreCutOff() {
    Session session = subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    client.full = true;
    exchange.tick();
    assertThat(client.acts).containsExactly("close 4005");
    session.closed();
    RecordingOutbox other = new RecordingOutbox();
    exchange.connect(Endpoint.BUSINESS, other).receive(" ".repeat(70_000));
    assertThat(other.acts).containsExactly("close 1009");
  }

  @Test
  void limitsAreThoseOfTheRealExchange() {
    List<Admission> admissions = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      admissions.add(exchange.admit());
    }
    assertThat(admissions)
        .containsExactly(
            Admission.WELCOME, Admission.WELCOME, Admission.WELCOME, Admission.TOO_MANY);
    clock.advance(Duration.ofSeconds(1));
    assertThat(exchange.admit()).isEqualTo(Admission.WELCOME);

    Session session = exchange.connect(Endpoint.BUSINESS, client);
    for (int i = 0; i < 480; i++) {
      session.receive(request("subscribe", "trades-all", BTC));
    }
    client.take();
    session.receive(request("subscribe", "trades-all", BTC));
    assertThat(code()).isEqualTo("60014");
  }

  @Test
  void lostPushesAreMissingAndStillInRest() {
    exchange = exchange("at 2s lose for=3s");
    subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    long before = last(BTC).id();
    client.take();
    List<Long> pushed = pushed(run(Duration.ofSeconds(10)));
    List<Trade> lost =
        after(BTC, before).stream().filter(trade -> !pushed.contains(trade.id())).toList();

    assertThat(lost)
        .isNotEmpty()
        .allMatch(
            trade ->
                !trade.time().isBefore(START.plusSeconds(2))
                    && trade.time().isBefore(START.plusSeconds(5)));
    assertThat(pushed.size() + lost.size()).isEqualTo(after(BTC, before).size());
    long after = lost.get(0).id() + 1;
    assertThat(ids(page("after=" + after + "&limit=1"))).containsExactly(lost.get(0).id());
  }

  @Test
  void repeatedPushesComeAsOftenAsAsked() {
    List<Long> pushed = pushed(pushesWith("at 1s repeat n=4 times=2"));
    assertThat(pushed).hasSize((int) pushed.stream().distinct().count() + 8);
    assertComplete(pushed);
  }

  @Test
  void lateAndShuffledPushesComeOutOfOrderButComplete() {
    List<Long> late = pushed(pushesWith("at 1s late for=2s by=3s"));
    assertThat(late).isNotEqualTo(late.stream().sorted().toList());
    assertComplete(late);

    exchange = exchange("");
    List<Long> shuffled = pushed(pushesWith("at 11s shuffle for=5s"));
    assertThat(shuffled).isNotEqualTo(shuffled.stream().sorted().toList());
    assertComplete(shuffled);
  }

  @Test
  void severalTradesCanBeRowsOfOnePush() {
    List<String> pushes = pushesWith("at 1s batch for=5s rows=5");
    assertThat(pushes).anyMatch(push -> ids(push).size() > 1);
    assertThat(pushes).noneMatch(push -> ids(push).size() > 5);
    assertComplete(pushed(pushes));
  }

  @Test
  void rowsOfOnePushAreThoseOfItsChannel() {
    exchange = exchange("at 1s batch for=8s rows=3");
    RecordingOutbox other = new RecordingOutbox();
    subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    exchange.connect(Endpoint.PUBLIC, other).receive(request("subscribe", "trades", BTC));
    client.take();
    other.take();
    List<String> singles = run(Duration.ofSeconds(10));
    List<String> aggregates = other.take();
    assertThat(singles).anyMatch(push -> ids(push).size() > 1);
    assertThat(singles).allMatch(push -> push.contains("\"trades-all\""));
    assertThat(singles).noneMatch(push -> push.contains("\"count\""));
    assertThat(aggregates).anyMatch(push -> ids(push).size() > 1);
    assertThat(aggregates)
        .allMatch(push -> push.split("\"count\"", -1).length - 1 == ids(push).size());
    assertComplete(pushed(singles));
  }

  @Test
  void theInstrumentsAreToldAndThenWhatChanges() {
    exchange = exchange("at 5s ctval BTC-USDT-SWAP to=0.001 halt=1s");
    Session session = exchange.connect(Endpoint.PUBLIC, client);
    session.receive(
        "{\"op\":\"subscribe\",\"args\":[{\"channel\":\"instruments\",\"instType\":\"SWAP\"}]}");
    exchange.tick();
    List<String> begin = client.take();
    assertThat(begin).hasSize(2);
    assertThat(begin.get(0)).contains("\"instType\":\"SWAP\"");
    assertThat(begin.get(1)).contains(BTC, ETH, "\"ctVal\":\"0.01\"");
    List<String> pushes = run(Duration.ofSeconds(10));
    assertThat(pushes).hasSize(3).allMatch(push -> push.contains(BTC) && !push.contains(ETH));
    assertThat(pushes.get(0)).contains("\"suspend\"", "\"ctVal\":\"0.01\"");
    assertThat(pushes.get(1)).contains("\"suspend\"", "\"ctVal\":\"0.001\"");
    assertThat(pushes.get(2)).contains("\"live\"", "\"ctVal\":\"0.001\"");
  }

  @Test
  void idsStartOverWhenAnInstrumentIsListedAnew() {
    exchange = exchange("at 5s relist BTC-USDT-SWAP for=2s");
    run(Duration.ofSeconds(6));
    assertThat(page("limit=1")).contains("51001");
    run(Duration.ofSeconds(10));
    List<Long> ids = exchange.truth(BTC).stream().map(Trade::id).toList();
    int first = ids.indexOf(1L);
    assertThat(first).isPositive();
    assertThat(ids.get(ids.size() - 1)).isEqualTo(ids.size() - first);
    assertThat(ids(page("after=4"))).containsExactly(3L, 2L, 1L);
    assertThat(ids(page("limit=100"))).allMatch(id -> id <= ids.size() - first);
  }

  @Test
  void unknownFieldsAndMissingOnes() {
    List<String> pushes = pushesWith("at 1s unknown n=1\nat 2s malformed n=1 field=sz");
    assertThat(pushes).filteredOn(push -> push.contains("\"gw\":")).hasSize(1);
    assertThat(pushes).filteredOn(push -> !push.contains("\"sz\":")).hasSize(1);
    assertThat(Garbage.without("{\"data\":[{\"px\":\"1\",\"ts\":\"2\"}]}", "ts:-1"))
        .isEqualTo("{\"data\":[{\"px\":\"1\",\"ts\":-1}]}");
  }

  private List<String> pushesWith(String script) {
    exchange = exchange(script);
    subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    client.take();
    return run(Duration.ofSeconds(10));
  }

  private void assertComplete(List<Long> pushed) {
    List<Long> ids = pushed.stream().distinct().sorted().toList();
    long last = ids.get(ids.size() - 1);
    assertThat(last).isEqualTo(last(BTC).id());
    assertThat(last - ids.get(0) + 1).isEqualTo(ids.size());
  }

  @Test
  void connectionsAreResetDroppedClosedAndFrozen() {
    exchange = exchange("at 1s reset\nat 2s drop\nat 3s close code=4006\nat 1s ping");
    subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    run(Duration.ofSeconds(4));
    assertThat(client.acts).containsExactly("reset", "ping", "drop", "close 4006");

    exchange = exchange("at 5s freeze");
    Session frozen = subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    run(Duration.ofSeconds(2));
    frozen.receive("ping");
    assertThat(run(Duration.ofSeconds(60))).isEmpty();
    assertThat(client.acts).endsWith("freeze");
  }

  @Test
  void noticeComesAMinuteBeforeTheEnd() {
    exchange = exchange("at 1s notice");
    subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    assertThat(run(Duration.ofSeconds(2)))
        .filteredOn(text -> text.contains("\"event\":\"notice\",\"code\":\"64008\""))
        .hasSize(1);
    run(Duration.ofSeconds(58));
    assertThat(client.acts).isEmpty();
    run(Duration.ofSeconds(2));
    assertThat(client.acts).containsExactly("drop");
  }

  @Test
  void stallsOfOneInstrumentLeaveTheOthers() {
    exchange = exchange("at 1s stall " + BTC);
    Session session = subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    session.receive(request("subscribe", "trades-all", ETH));
    run(Duration.ofMillis(1100));
    assertThat(run(Duration.ofSeconds(10)))
        .noneMatch(push -> push.contains(BTC))
        .anyMatch(push -> push.contains(ETH));
  }

  @Test
  void recurringFaultsRecur() {
    exchange = exchange("at 1s every 2s ping");
    subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    run(Duration.ofSeconds(10));
    assertThat(client.acts).containsExactly("ping", "ping", "ping", "ping", "ping");
  }

  @Test
  void faultsThatAreOverAreNotMadeUpForAfterARestart() {
    clock.advance(Duration.ofSeconds(10));
    exchange = exchange("at 1s reset\nat 1s every 4s ping\nat 8s refuse for=5s how=429");
    subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    run(Duration.ofSeconds(2));
    assertThat(exchange.admit()).isEqualTo(Admission.TOO_MANY);
    run(Duration.ofSeconds(2));
    assertThat(client.acts).containsExactly("ping");
    assertThat(exchange.admit()).isEqualTo(Admission.WELCOME);
  }

  @Test
  void garbageComesInEveryKindAndTheFeedGoesOn() {
    exchange = exchange("at 1s garbage\nat 1s event\nat 1s foreign");
    subscribe(Endpoint.BUSINESS, "trades-all", BTC);
    List<String> sent = run(Duration.ofSeconds(3));
    assertThat(sent).contains("").anyMatch(text -> text.length() > 1_000_000);
    assertThat(sent).anyMatch(text -> text.contains("channel-conn-count"));
    assertThat(sent).anyMatch(text -> text.contains("../../EVIL"));
    assertThat(client.acts).contains("binary");
    assertThat(ids(sent.get(sent.size() - 1))).containsExactly(last(BTC).id());
  }

  @Test
  void subscriptionsAreRejectedMutedAndPlain() {
    exchange = exchange("at 0s reject for=2s code=60011\nat 3s mute for=2s\nat 6s plain for=2s");
    exchange.tick();
    Session session = exchange.connect(Endpoint.BUSINESS, client);
    session.receive(request("subscribe", "trades-all", BTC));
    assertThat(code()).isEqualTo("60011");
    run(Duration.ofSeconds(4));
    session.receive(request("subscribe", "trades-all", BTC));
    assertThat(client.take()).isEmpty();
    run(Duration.ofSeconds(3));
    session.receive(request("subscribe", "trades-all", BTC));
    assertThat(client.take().get(0))
        .isEqualTo("{\"event\":\"subscribe\",\"arg\":" + arg("trades-all", BTC) + "}");
  }

  @Test
  void faultsOfWhatIsNotTradedAreRefused() {
    FaultScript script = FaultScript.parse("at 1s lose SOL-USDT-SWAP", clock.instant());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Exchange(
                    Tape.of(1, clock.instant(), 20, List.of(BTC)), script, Limits.okx(), clock))
        .withMessageContaining("SOL-USDT-SWAP, which is not traded here");
  }

  @Test
  void noRandomScriptBreaksTheExchange() {
    Duration span = Duration.ofSeconds(30);
    for (long seed = 0; seed < 100; seed++) {
      Instant start = clock.instant();
      Tape tape = Tape.of(seed, start, 20, List.of(BTC, ETH));
      FaultScript script = RandomFaults.script(seed, start, span, tape.instruments());
      exchange = new Exchange(tape, script, Limits.okx(), clock);
      subscribe(Endpoint.BUSINESS, "trades-all", BTC);
      subscribe(Endpoint.PUBLIC, "trades", ETH);
      run(span);
      assertThat(exchange.isDown()).as("seed %d", seed).isFalse();
      subscribe(Endpoint.BUSINESS, "trades-all", BTC);
      assertThat(client.take())
          .as("seed %d, script%n%s", seed, script)
          .anyMatch(push -> push.contains("" + last(BTC).id()));
      assertThat(ids(page("limit=1"))).as("seed %d", seed).containsExactly(last(BTC).id());
    }
  }

  private List<String> run(Duration duration) {
    for (long i = 0; i < duration.toMillis(); i += 100) {
      clock.advance(Duration.ofMillis(100));
      exchange.tick();
    }
    return client.take();
  }

  private Session subscribe(Endpoint endpoint, String channel, String instrument) {
    Session session = exchange.connect(endpoint, client);
    session.receive(request("subscribe", channel, instrument));
    exchange.tick();
    return session;
  }

  private static String request(String op, String channel, String instrument) {
    return "{\"op\":\"" + op + "\",\"args\":[" + arg(channel, instrument) + "]}";
  }

  private static String arg(String channel, String instrument) {
    return "{\"channel\":\"" + channel + "\",\"instId\":\"" + instrument + "\"}";
  }

  private String code() {
    List<String> sent = client.take();
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0)).contains("\"event\":\"error\"");
    return field(sent.get(0), "code");
  }

  private Trade last(String instrument) {
    List<Trade> truth = exchange.truth(instrument);
    return truth.get(truth.size() - 1);
  }

  private List<Trade> after(String instrument, long id) {
    return exchange.truth(instrument).stream().filter(trade -> trade.id() > id).toList();
  }

  private String page(String query) {
    Map<String, String> parameters = new HashMap<>(Map.of("instId", BTC));
    for (String pair : query.split("&", -1)) {
      parameters.put(pair.split("=", -1)[0], pair.split("=", -1)[1]);
    }
    List<Answer> answers = new ArrayList<>();
    exchange.get("/api/v5/market/history-trades", parameters, answers::add);
    assertThat(answers).hasSize(1);
    return answers.get(0).text();
  }

  private static List<Long> pushed(List<String> pushes) {
    return pushes.stream().flatMap(push -> ids(push).stream()).toList();
  }

  private static List<Long> ids(String text) {
    return TRADE_ID.matcher(text).results().map(hit -> Long.valueOf(hit.group(1))).toList();
  }

  private static String field(String text, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(text);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }
}
