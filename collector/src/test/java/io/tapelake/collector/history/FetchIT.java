package io.tapelake.collector.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.collector.inventory.CoverageReport;
import io.tapelake.collector.inventory.DayCoverage;
import io.tapelake.collector.inventory.VaultCoverage;
import io.tapelake.collector.official.Zips;
import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.RawFolder;
import io.tapelake.simulator.SimulatedExchange;
import io.tapelake.simulator.TapeClock;
import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.exchange.Limits;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.tape.Tape;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days fetched from the simulated exchange, which serves official files and REST history. */
class FetchIT {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final Instant NOW = Instant.parse("2026-01-06T12:00:00Z");
  private static final LocalDate FIRST = LocalDate.parse("2026-01-02");
  private static final LocalDate LAST = LocalDate.parse("2026-01-06");

  @TempDir private Path vault;

  private SimulatedExchange exchange;
  private final List<String> said = new ArrayList<>();
  private Duration retry = Duration.ofMillis(300);
  private String archive;

  @AfterEach
  void close() {
    exchange.close();
  }

  @Test
  void filesAndRestTogetherGiveEveryTradeOnceAndOnlyWhatWasAskedFor() throws Exception {
    open("");
    assertThat(fetch(FIRST, LAST)).isEmpty();
    assertThat(lines()).isEqualTo(truth(FIRST));
    assertThat(String.join("\n", said)).contains("file of 2026-01-05 is in").contains("REST is in");
    assertThat(vault.resolve("state/collector/downloads")).isEmptyDirectory();

    String before = String.join("\n", said);
    said.clear();
    byte[] day = Files.readAllBytes(raw(FIRST).plain());
    assertThat(fetch(FIRST, LAST.minusDays(2))).isEmpty();
    assertThat(before).isNotEmpty();
    assertThat(Files.readAllBytes(raw(FIRST).plain())).isEqualTo(day);
    List<DayCoverage> days = VaultCoverage.of(vault).days(BTC, LocalDate.MIN, LocalDate.MAX);
    assertThat(days).hasSize(5).allSatisfy(each -> assertThat(each.missingIds()).isZero());
    assertThat(days.get(0).source()).isEqualTo("fetch");
    assertThat(days.get(4).source()).isEqualTo("rest");
    assertThat(CoverageReport.table(days)).contains("100.00%").contains("5 days");
    assertThat(CoverageReport.html(days))
        .contains("class=\"full\"")
        .doesNotContain("class=\"poor\"");
  }

  @Test
  void everyFaultOfTheExchangeIsOutlived() throws Exception {
    open(
        """
        at 0s rest path=daily/20260103 how=truncated for=1500ms
        at 0s rest path=daily/20260104 how=reset for=2s
        at 0s rest path=daily/20260102 how=403 for=1s
        at 2s rest path=history-trades how=50011 for=1s
        at 3s rest path=history-trades how=empty for=200ms
        at 0s rest path=public/time how=garbage for=500ms
        """,
        0.01);
    assertThat(fetch(FIRST, LAST)).isEmpty();
    assertThat(lines()).isEqualTo(truth(FIRST));
  }

  @Test
  void aMonthThatIsWantedAsAWholeComesAsOneFile() throws Exception {
    open("");
    LocalDate first = LocalDate.parse("2025-12-01");
    assertThat(fetch(first, LAST)).isEmpty();
    assertThat(lines()).isEqualTo(truth(first));
    assertThat(String.join("\n", said))
        .contains("file of 2025-12 is in")
        .contains("file of 2026-01-01 is in")
        .doesNotContain("file of 2025-12-10");

    said.clear();
    assertThat(fetch(first, first.plusDays(27))).isEmpty();
    assertThat(String.join("\n", said)).doesNotContain("is in");
    assertThat(lines()).isEqualTo(truth(first));
  }

  @Test
  void whereThereAreNoDailyFilesTheMonthHasThem() throws Exception {
    open(
        """
        at 0s rest path=daily/202512 how=404 for=10m
        at 0s rest path=monthly/202512 how=truncated for=1s
        """);
    LocalDate first = LocalDate.parse("2025-12-20");
    assertThat(fetch(first, LAST.minusDays(1))).isEmpty();
    assertThat(lines()).isEqualTo(truth(first, LAST.minusDays(1)));
    assertThat(String.join("\n", said))
        .contains("file of 2025-12 is in")
        .contains("file of 2026-01-05 is in")
        .containsOnlyOnce("REST is in")
        .contains("18 of about 19 pieces");
  }

  @Test
  void whatABadFileShouldHaveHeldComesFromRestAndIsNotSaidToBeIn() throws Exception {
    open("at 0s rest path=daily/20260103 how=truncated for=10m");
    retry = Duration.ofMillis(10);
    assertThat(fetch(FIRST, LAST))
        .singleElement()
        .asString()
        .contains("BTC-USDT-SWAP-trades-2026-01-03.zip");
    assertThat(lines()).isEqualTo(truth(FIRST));
    assertThat(String.join("\n", said))
        .contains("file of 2026-01-02 is in")
        .doesNotContain("file of 2026-01-03 is in");
  }

  @Test
  void whatAFileWithoutTradesShouldHaveHeldComesFromRestAndIsNotSaidToBeIn() throws Exception {
    open("");
    try (MockWebServer files = archive(day -> List.of())) {
      assertThat(fetch(FIRST, FIRST)).isEmpty();
      assertThat(files.getRequestCount()).isPositive();
    }
    assertThat(lines()).isEqualTo(truth(FIRST, FIRST));
    assertThat(String.join("\n", said)).contains("REST is in").doesNotContain("file of");
  }

  @Test
  void filesThatWereCutAtMidnightOfUtcGiveAllThatTheyHold() throws Exception {
    open("");
    LocalDate last = FIRST.plusDays(1);
    try (MockWebServer files = archive(this::truthOf)) {
      assertThat(fetch(FIRST, last)).isEmpty();
      assertThat(files.getRequestCount()).isPositive();
    }
    assertThat(lines()).isEqualTo(truth(FIRST, last));
    assertThat(String.join("\n", said)).contains("file of 2026-01-03 is in");
  }

  @Test
  void anInstrumentThatTheExchangeDoesNotKnowIsASlip() throws Exception {
    open("");
    FetchSettings settings = settings();
    TermsBook book = new TermsBook(vault, List.of("BTC-USDT-SWPA=0.01,1,linear"));
    OkHttpClient client = new OkHttpClient();
    try (Fetch fetch = new Fetch(vault, settings, client, book, Clock.systemUTC(), said::add)) {
      assertThatThrownBy(() -> fetch.fetch(List.of("BTC-USDT-SWPA"), FIRST, FIRST))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("The exchange knows no BTC-USDT-SWPA");
    }
    assertThat(String.join("\n", said)).doesNotContain("is in");
  }

  @Test
  void termsThatContradictTheRawFilesStopBeforeAnythingIsFetched() throws Exception {
    open("");
    assertThat(fetch(FIRST, FIRST)).isEmpty();
    List<String> before = lines();
    assertThatThrownBy(() -> fetch(List.of(BTC + "=0.1,1,linear"), FIRST.plusDays(1), LAST))
        .isInstanceOf(TermsBook.UnknownTermsException.class)
        .hasMessageContaining(BTC + " has trades with 0.01,1,linear in the raw files");
    assertThat(lines()).isEqualTo(before);
  }

  @Test
  void unknownTermsStopBeforeAnythingIsFetched() throws Exception {
    open("");
    assertThatThrownBy(() -> fetch(List.of(), FIRST, LAST))
        .isInstanceOf(TermsBook.UnknownTermsException.class)
        .hasMessageContaining("--terms BTC-USDT-SWAP=");
    assertThat(vault.resolve("raw")).doesNotExist();
  }

  private void open(String faults) throws IOException {
    open(faults, 0.003);
  }

  /** REST's limits hold here, too: what has no file takes as long as it has pages. */
  private void open(String faults, double rate) throws IOException {
    Tape tape = Tape.of(4, Instant.parse("2025-11-29T00:00:00Z"), rate, List.of(BTC));
    exchange =
        SimulatedExchange.open(
            new Exchange(
                tape.until(NOW),
                FaultScript.parse(faults, NOW),
                Limits.okx(),
                TapeClock.startingNow(NOW, 1)));
  }

  /** Official files of days, with these trades in each. */
  private MockWebServer archive(Function<LocalDate, List<Trade>> days) throws IOException {
    MockWebServer server = new MockWebServer();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String path = request.getUrl().encodedPath();
            Matcher file = Pattern.compile(".*/daily/.*-trades-(.{10})\\.zip").matcher(path);
            return file.matches()
                ? zip(days.apply(LocalDate.parse(file.group(1))))
                : new MockResponse.Builder().code(404).build();
          }
        });
    server.start();
    archive = server.url("/").toString().replaceAll("/$", "");
    return server;
  }

  private static MockResponse zip(List<Trade> trades) {
    StringBuilder csv =
        new StringBuilder("instrument_name,trade_id,side,price,size,created_time\n");
    for (Trade trade : trades) {
      csv.append(
          "%s,%d,%s,%s,%s,%d\n"
              .formatted(
                  BTC,
                  trade.id(),
                  trade.side().text(),
                  trade.price().toPlainString(),
                  trade.contracts().toPlainString(),
                  trade.time().toEpochMilli()));
    }
    try {
      byte[] bytes = Zips.bytes("trades.csv", csv.toString().getBytes(StandardCharsets.UTF_8));
      return new MockResponse.Builder().body(new Buffer().write(bytes)).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Trade> truthOf(LocalDate day) {
    return exchange.truth(BTC).stream().filter(trade -> trade.day().equals(day)).toList();
  }

  private List<String> fetch(LocalDate from, LocalDate to) throws Exception {
    return fetch(List.of(BTC + "=0.01,1,linear"), from, to);
  }

  private List<String> fetch(List<String> terms, LocalDate from, LocalDate to) throws Exception {
    FetchSettings settings = settings();
    TermsBook book = new TermsBook(vault, terms);
    OkHttpClient client = new OkHttpClient.Builder().followRedirects(false).build();
    try (Fetch fetch = new Fetch(vault, settings, client, book, Clock.systemUTC(), said::add)) {
      return fetch.fetch(List.of(BTC), from, to);
    }
  }

  private FetchSettings settings() {
    return new FetchSettings(
        exchange.restUrl(),
        archive == null ? exchange.restUrl() : archive,
        Duration.ofMillis(20),
        Duration.ofMillis(120),
        Duration.ofMillis(300),
        retry);
  }

  private RawDay raw(LocalDate day) {
    return new RawDay(vault, new DayFile(BTC, day));
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (LocalDate day : RawFolder.days(vault, BTC)) {
      try (InputStream in = raw(day).open(0)) {
        lines.addAll(
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().sorted().toList());
      }
    }
    return lines.stream().sorted().toList();
  }

  private List<String> truth(LocalDate from) {
    return truth(from, LAST);
  }

  private List<String> truth(LocalDate from, LocalDate to) {
    return exchange.truth(BTC).stream()
        .filter(trade -> !trade.day().isBefore(from) && !trade.day().isAfter(to))
        .map((Trade trade) -> TradeLine.format(trade))
        .sorted()
        .toList();
  }
}
