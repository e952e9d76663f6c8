package io.tapelake.live.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tapelake.analytics.number.SqlDecimal;
import io.tapelake.live.follow.Vault;
import io.tapelake.live.follow.VaultFollower;
import io.tapelake.live.market.ExactOracle;
import io.tapelake.live.market.Market;
import io.tapelake.live.market.Tape;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser. */
final class PageIT {

  private static final String ETH = "ETH-USDT-SWAP";
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final Map<String, Integer> WINDOWS = Map.of("15m", 15, "1h", 60);
  private static final String MAIN = "return document.getElementById('live').dataset.";
  private static Browser browser;

  @TempDir private Path folder;
  private final SetClock clock = new SetClock();
  private final Map<String, ExactOracle> oracles = new HashMap<>();
  private Vault vault;
  private VaultFollower follower;
  private LiveServer server;
  private int port;

  @BeforeAll
  static void start() {
    if (!Browser.isThere()) {
      System.out.println("NO CHROMIUM HERE: THE LIVE PAGE IS NOT TESTED IN A BROWSER");
    }
    assumeTrue(Browser.isThere());
    browser = new Browser();
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void serve() throws IOException {
    vault = new Vault(folder);
    List<Trade> trades = Tape.walk(new Random(5), START, 2000, 4000);
    for (Trade trade : trades) {
      append(trade);
      append(of(ETH, trade));
    }
    clock.now = trades.get(trades.size() - 1).time();
    Market market = new Market(Tape.settings("15m,1h"), clock);
    follower = new VaultFollower(folder, Set.of(), 8, market);
    server =
        new LiveServer(
            new InetSocketAddress("127.0.0.1", 0),
            new Access(Set.of(), null),
            market,
            follower::isAlive,
            follower::isReady);
    follower.start();
    port = server.start();
    browser.open("about:blank");
    browser.complaints();
  }

  @AfterEach
  void stop() {
    follower.close();
    server.close();
  }

  @Test
  void atEveryCloseItShowsTheDigitsOfAnIndependentSum() throws IOException {
    open("");
    long id = 10_000;
    for (String instrument : List.of(Tape.BTC, ETH)) {
      browser.ask(
          "const s=document.getElementById('instrument');s.value=arguments[0];s.dispatchEvent(new Event('change'))",
          instrument);
      for (int minute = 0; minute < 3; minute++) {
        Instant at = START.plusSeconds(4800 + (minute + (instrument.equals(ETH) ? 3 : 0)) * 60L);
        append(
            of(instrument, Tape.trade(at.plusSeconds(7).toString(), id++, "buy", "100500.5", "3")));
        append(
            of(
                instrument,
                Tape.trade(at.plusSeconds(50).toString(), id++, "sell", "100400", "7.77")));
        browser.await(MAIN + "lastTradeId", Long.toString(id - 1));
        clock.now = at.plusSeconds(70);
        browser.await("return document.getElementById('closed').dataset.minute", at.toString());
        browser.await("return document.getElementById('closed').dataset.inst", instrument);
        assertClosed(instrument, at.getEpochSecond() / 60);
      }
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aLateTradeRevisesTheClosedMinuteAndMarksIt() throws IOException {
    open("");
    Instant at = START.plusSeconds(4800);
    append(Tape.trade(at.plusSeconds(1).toString(), 10_000, "buy", "100500.5", "3"));
    clock.now = at.plusSeconds(75);
    browser.await("return document.getElementById('closed').dataset.minute", at.toString());
    append(Tape.trade(at.plusSeconds(2).toString(), 10_001, "buy", "100600.5", "30"));
    ExactOracle.Figures expected =
        oracles.get(Tape.BTC).of(at.getEpochSecond() / 60 - 14, at.getEpochSecond() / 60);
    browser.await(field("closed", "vwap_15m"), SqlDecimal.text(expected.vwap()));
    browser.await("return document.getElementById('closed').classList.contains('revised')", "true");
  }

  @Test
  void whatIsNotOfNowDoesNotLookAsIfItWere() {
    open("");
    browser.await(MAIN + "state", "live");
    server.close();
    browser.await(MAIN + "state", "stale");
    browser.await(MAIN + "state", "lost");
    Object opacity =
        browser.ask("return Number(getComputedStyle(document.querySelector('.price')).opacity)");
    assertThat(((Number) opacity).doubleValue()).isLessThan(0.5);
    assertThat(browser.ask("return document.getElementById('notice').textContent").toString())
        .contains("No word from the server");
  }

  @Test
  void theLayoutIsKeptInTheAddress() {
    open("");
    browser.ask(
        "for (const key of ['1', 'l', 'b', 'v', 'u', '+']) dispatchEvent(new KeyboardEvent('keydown', { key }))");
    String hash = browser.ask("return location.hash").toString();
    assertThat(hash)
        .contains(
            "scale=log", "bands=3", "weight=base", "zone=local", "range=180", "spans=15m%2C1h");
    open(hash);
    browser.await("return location.hash.includes('scale=log')", "true");
    browser.await("return document.querySelector('#log').getAttribute('aria-pressed')", "true");
    browser.await(
        "return document.querySelector('#spans button').getAttribute('aria-pressed')", "true");
    assertThat(browser.complaints()).isEmpty();
  }

  private void open(String hash) {
    browser.open("about:blank");
    browser.open("http://127.0.0.1:%d/%s".formatted(port, hash));
    browser.await("return document.getElementById('closed').dataset.inst ?? ''", Tape.BTC);
  }

  private void assertClosed(String instrument, long minute) {
    ExactOracle oracle = oracles.get(instrument);
    WINDOWS.forEach(
        (name, minutes) -> {
          ExactOracle.Figures expected = oracle.of(minute - minutes + 1, minute);
          assertThat(browser.ask(field("closed", "vwap_" + name)))
              .isEqualTo(SqlDecimal.text(expected.vwap()));
          assertThat(browser.ask(field("closed", "vwap_base_" + name)))
              .isEqualTo(SqlDecimal.text(expected.vwapBase()));
          assertThat(browser.ask(field("closed", "trade_count_" + name)))
              .isEqualTo(Long.toString(expected.trades()));
        });
    ExactOracle.Figures session = oracle.of(minute - minute % 1440, minute);
    assertThat(browser.ask(field("closed", "vwap_session")))
        .isEqualTo(SqlDecimal.text(session.vwap()));
  }

  private static String field(String row, String name) {
    return "return document.querySelector('[data-row=%s] [data-field=%s]').textContent"
        .formatted(row, name);
  }

  private void append(Trade trade) throws IOException {
    vault.append(trade);
    oracles.computeIfAbsent(trade.instrument(), key -> new ExactOracle()).add(trade);
  }

  private static Trade of(String instrument, Trade trade) {
    return new Trade(
        trade.time(),
        instrument,
        trade.id(),
        trade.side(),
        trade.price(),
        trade.contracts(),
        trade.contract());
  }

  /** A clock that tests set. */
  private static final class SetClock extends Clock {

    private volatile Instant now;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
