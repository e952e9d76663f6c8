package io.tapelake.live.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tapelake.analytics.number.SqlDecimal;
import io.tapelake.live.follow.Vault;
import io.tapelake.live.follow.VaultFollower;
import io.tapelake.live.market.ExactOracle;
import io.tapelake.live.market.Market;
import io.tapelake.live.market.SignalLog;
import io.tapelake.live.market.Tape;
import io.tapelake.live.market.TradeDay;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.math.BigDecimal;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
  private static final String DELAY = "return document.getElementById('delay').dataset.millis";
  private static Browser browser;

  @TempDir private Path folder;
  private final SetClock clock = new SetClock();
  private final Map<String, ExactOracle> oracles = new HashMap<>();
  private Vault vault;
  private Market market;
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
    market = new Market(Tape.settings("15m,1h"), clock);
    follower = new VaultFollower(folder, Set.of(), 8, market);
    follower.start();
    serve(market);
    browser.open("about:blank");
    browser.complaints();
  }

  /** The first time on a free port, then on the same one. */
  private void serve(Market served) throws IOException {
    server =
        new LiveServer(
            new InetSocketAddress("127.0.0.1", port),
            new Access(Set.of(), null),
            served,
            () -> true,
            () -> true);
    port = server.start();
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
      choose(instrument);
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
    awaitVwap(at);
    browser.await("return document.getElementById('closed').classList.contains('revised')", "true");
    Object delay = browser.ask(DELAY);
    append(Tape.trade(at.minusSeconds(90).toString(), 10_002, "buy", "100600.5", "30"));
    awaitVwap(at);
    assertThat(browser.ask(DELAY)).as("of the newest trade").isEqualTo(delay);
  }

  private void awaitVwap(Instant at) {
    long minute = at.getEpochSecond() / 60;
    ExactOracle.Figures expected = oracles.get(Tape.BTC).of(minute - 14, minute);
    browser.await(field("closed", "vwap_15m"), SqlDecimal.text(expected.vwap()));
  }

  @Test
  void whatIsNotOfNowDoesNotLookAsIfItWere() {
    open("");
    String title = "return document.title.replace(/[0-9.,]+/, 'PRICE')";
    browser.await(MAIN + "state", "live");
    browser.await(title, "PRICE BTC-USDT-SWAP");
    server.close();
    browser.await(MAIN + "state", "stale");
    assertThat(browser.ask(title)).isEqualTo("stale PRICE BTC-USDT-SWAP");
    browser.await(MAIN + "state", "lost");
    assertThat(browser.ask(title)).isEqualTo("lost PRICE BTC-USDT-SWAP");
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

  @Test
  void anInstrumentThatTheAddressNamesIsShownWhenItsFirstTradeComes() throws IOException {
    String named = "#inst=SOL-USDT-SWAP";
    open(named);
    browser.await(MAIN + "inst", Tape.BTC);
    assertThat(browser.ask("return location.hash")).isEqualTo(named);
    append(of("SOL-USDT-SWAP", Tape.trade(clock.now.toString(), 10_000, "buy", "100500.5", "3")));
    browser.await(MAIN + "inst", "SOL-USDT-SWAP");
    browser.await(MAIN + "lastTradeId", "10000");
    assertThat(browser.ask("return location.hash")).isEqualTo(named);
  }

  @Test
  void noKeyAndNoAddressLeadsToARangeThatCannotBeChosen() {
    open("#range=15&bands=9");
    assertThat(browser.ask("return location.hash")).isEqualTo("#inst=BTC-USDT-SWAP");
    browser.ask(
        "for (let i = 0; i < 9; i++) dispatchEvent(new KeyboardEvent('keydown', { key: '+' }))");
    assertThat(browser.ask("return document.getElementById('range').value")).isEqualTo("60");
    assertThat(browser.ask("return document.getElementById('bands').value")).isEqualTo("2");
  }

  @Test
  void pricesThatAreFarApartHaveAPlaceOnALogarithmicScale() {
    open("");
    Object range =
        browser.ask(
            "return (async () => { const [charts, feed] = await Promise.all(['charts', 'feed'].map((name) => import(`${location.origin}/${name}.js`)));"
                + "const columns = new feed.Columns();"
                + "columns.merge(0, 1, { minute: [0, 1], close: [1, 50], low: [1, 50], high: [1, 50] });"
                + "const view = { isLog: true, spans: [], from: 0, to: 2 };"
                + "const [low, high] = Object.assign(Object.create(charts.Charts.prototype), { columns, view }).priceRange();"
                + "return low > 0 && low < 1 && high > 50 })()");
    assertThat(range).isEqualTo(true);
  }

  @Test
  void afterTheStreamWasGoneTheChartIsThatOfAFreshPage() throws IOException {
    open("");
    watch("kept");
    browser.await(isWhole("kept"), "true");
    server.close();
    browser.await("return kept.socket === null", "true");
    browser.ask(
        "const asked = window.fetch; window.asked = [];"
            + "window.fetch = (path) => { if (path.includes('columns')) window.asked.push(performance.now()); return asked(path); };"
            + "kept.want(kept.firstMinute, kept.firstMinute + 9)");
    browser.await("return window.asked.length > 1", "true");
    assertThat(browser.ask("return window.asked[1] - window.asked[0] > 1000")).isEqualTo(true);
    append(Tape.trade(START.plusSeconds(600).toString(), 9_000, "buy", "100500", "300"));
    for (int minute = 80; minute < 90; minute++) {
      Instant at = START.plusSeconds(60L * minute + 5);
      append(Tape.trade(at.toString(), 10_000 + minute, "buy", "100500.5", "3"));
    }
    clock.now = START.plusSeconds(60 * 89 + 30);
    await(() -> market.tape(Tape.BTC).tradeCount() == 2011);
    serve(market);
    awaitSameAsFresh();
  }

  @Test
  void whoLooksBackStaysThereWhenTheStreamComesBack() throws IOException {
    open("");
    browser.ask(
        "const made = window.uPlot;"
            + "window.uPlot = Object.assign(function (...all) { return window.plot = new made(...all); }, made);"
            + "for (const key of ['ArrowLeft', 'ArrowLeft', 'l']) dispatchEvent(new KeyboardEvent('keydown', { key }))");
    browser.await("return Boolean(window.plot?.scales.x.max)", "true");
    String end = "return window.plot ? String(window.plot.scales.x.max) : ''";
    String before = browser.ask(end).toString();
    server.close();
    browser.await(MAIN + "connection", "closed");
    browser.ask("window.plot = null");
    serve(market);
    browser.await(end, before);
    choose(ETH);
    browser.await("return window.plot.scales.x.max > " + before, "true");
  }

  @Test
  void aChartThatMissedChangesIsThatOfAFreshPage() throws IOException {
    open("");
    watch("kept");
    browser.await(isWhole("kept"), "true");
    browser.ask("kept.take = ({ revised }) => { kept.missed ||= Boolean(revised); }");
    append(Tape.trade(START.plusSeconds(600).toString(), 9_000, "buy", "100500", "300"));
    browser.await("return kept.missed", "true");
    browser.ask("delete kept.take");
    awaitSameAsFresh();
  }

  @Test
  void minutesThatPassedWithoutATradeAreInTheChart() throws IOException {
    open("");
    watch("kept");
    browser.await(isWhole("kept"), "true");
    clock.now = START.plusSeconds(6010);
    append(Tape.trade(START.plusSeconds(6005).toString(), 9_000, "buy", "100500", "3"));
    await(() -> market.tape(Tape.BTC).tradeCount() == 2001);
    awaitSameAsFresh();
  }

  @Test
  void refusedLinesAreToldOfAsLongAsTheyAreThere() throws IOException {
    Vault.append(vault.file(Tape.BTC, "2026-03-01"), "no trade\nnone either\n");
    await(
        () ->
            market.tape(Tape.BTC) != null
                && market.tape(Tape.BTC).counts().values().stream()
                    .anyMatch(day -> day.allRefused() == 2));
    open("");
    for (long id = 9_000; id < 9_003; id++) {
      append(Tape.trade(START.plusSeconds(4800).toString(), id, "buy", "100500", "3"));
      browser.await(MAIN + "lastTradeId", Long.toString(id));
      assertThat(
              browser.ask(
                  "const told = document.getElementById('notice'); return told.hidden ? 'nothing' : told.textContent"))
          .isEqualTo("Of the raw files, 2 lines were refused in the days shown.");
    }
  }

  @Test
  void nothingOfOneInstrumentStandsUnderAnotherOnesName() {
    open("");
    browser.await("return document.getElementById('tape').rows.length > 0", "true");
    server.close();
    browser.await(MAIN + "connection", "closed");
    choose(ETH);
    browser.await("return document.getElementById('price').textContent", "–");
    assertThat(
            browser.ask(
                "return ['price', 'trade-id', 'delay', 'tape', 'flow', 'closed', 'open'].map((id) => document.getElementById(id)).map((shown) => shown.querySelectorAll('tr').length && shown.id !== 'tape' ? [...shown.querySelectorAll('[data-field]')].map((cell) => cell.textContent).join('') : shown.textContent).join('')"))
        .isEqualTo("–––");
    assertThat(
            browser.ask(
                "return [...document.querySelectorAll('#figures td:not(:first-child)')].every((cell) => cell.textContent === '–')"))
        .isEqualTo(true);
  }

  @Test
  void anAlertIsAnnouncedOnceHoweverOftenTheServerBegins() throws IOException {
    String list = "return document.getElementById('signals').textContent";
    server.close();
    Market first = waves();
    advance(first);
    serve(first);
    open("");
    browser.ask(
        "window.beeps = 0; window.AudioContext = class extends AudioContext { constructor() { super(); window.beeps++; } };"
            + "dispatchEvent(new KeyboardEvent('keydown', { key: 's' }))");
    String alerts = browser.ask(list).toString();
    assertThat(alerts).contains("deviation");
    server.close();
    Market second = waves();
    serve(second);
    browser.await(list, "none yet");
    advance(second);
    browser.await(list, alerts);
    assertThat(browser.ask("return window.beeps")).isEqualTo(1L);
    clock.now = clock.now.plusSeconds(60);
    TradeDay day = new TradeDay(START.atZone(ZoneOffset.UTC).toLocalDate());
    second.tape(Tape.BTC).install(wave(day, 301, 1500));
    advance(second);
    browser.await("return window.beeps > 1", "true");
  }

  /** An instrument whose price goes up and down often enough for some signals an hour. */
  private Market waves() {
    clock.now = START.plusSeconds(60 * 300 + 30);
    Market waves = new Market(Tape.settings("1h,4h"), clock);
    TradeDay day = new TradeDay(START.atZone(ZoneOffset.UTC).toLocalDate());
    waves.open(Tape.BTC).know(Set.of(day.day()));
    waves.open(Tape.BTC).install(wave(day, 300, 1000));
    return waves;
  }

  private static TradeDay wave(TradeDay day, int minutes, double newest) {
    for (int minute = 0; minute < minutes; minute++) {
      double price = minute < 300 ? 1000 + 30 * Math.sin(minute / 25.0) : newest;
      String text = BigDecimal.valueOf(Math.round(price * 10), 1).toPlainString();
      String time = START.plusSeconds(60L * minute + 5).toString();
      day.take(Tape.parsed(Tape.trade(time, minute + 1, "buy", text, "1")));
    }
    return day;
  }

  private static void advance(Market waves) {
    SignalLog log = waves.signals(waves.tape(Tape.BTC));
    while (log.advance(waves.clock().millis())) {
      // Some minutes at a time.
    }
  }

  /** Lets a chart's columns follow Bitcoin, under a name in the page. */
  private void watch(String name) {
    browser.ask(
        "return import(location.origin + '/feed.js').then(({ Feed }) => { window[arguments[0]] = new Feed(() => {}); window[arguments[0]].watch(arguments[1]); })",
        name,
        Tape.BTC);
  }

  private static String isWhole(String name) {
    return "return %1$s.askedFrom !== null && %1$s.askedFrom <= %1$s.firstMinute && !%1$s.wanted.length && !%1$s.isFetching"
        .formatted(name);
  }

  /** Waits until what was kept is what a page has that is opened now. */
  private void awaitSameAsFresh() {
    watch("fresh");
    browser.await(isWhole("fresh"), "true");
    browser.await(
        "const text = ({ columns }) => JSON.stringify([columns.minute, ...[...columns.byName].sort()], (key, value) => typeof value === 'number' ? Number(value.toPrecision(8)) : value);"
            + "return text(kept) === text(fresh)",
        "true");
  }

  private void choose(String instrument) {
    browser.ask(
        "const s=document.getElementById('instrument');s.value=arguments[0];s.dispatchEvent(new Event('change'))",
        instrument);
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it came about in time").isLessThan(until);
      LockSupport.parkNanos(1_000_000);
    }
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
