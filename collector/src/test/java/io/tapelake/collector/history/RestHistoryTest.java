package io.tapelake.collector.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** REST history whose rows are not all as they should be. */
class RestHistoryTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final LocalDate DATE = LocalDate.parse("2026-01-02");
  private static final Instant START = Instant.parse("2026-01-02T00:00:00Z");
  private static final int TRADES = 500;

  @TempDir private Path vault;

  private final MockWebServer server = new MockWebServer();

  @BeforeEach
  void open() throws IOException {
    server.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void numbersAreTakenByTheirDigits() throws Exception {
    RestHistory.Outcome outcome =
        fetched(row -> row.replaceAll("\"(px|sz|tradeId|ts)\":\"([^\"]+)\"", "\"$1\":$2"));
    assertThat(outcome.refused()).isNull();
    assertThat(ids()).hasSize(TRADES);
    assertThat(Files.readString(raw())).contains("\"price\":\"100.5\",\"qty_contracts\":\"0.07\"");
  }

  @Test
  void rowsThatAreNoTradesAreNamedAndWhatIsBehindThemIsFetched() throws Exception {
    for (String bad :
        List.of("\"sz\":\"0\"", "\"sz\":\"\"", "\"sz\":null", "\"sz\":\"-1\"", "\"sz\":[]")) {
      Files.deleteIfExists(raw());
      RestHistory.Outcome outcome =
          fetched(row -> isAmid(row) ? row.replace("\"sz\":\"0.07\"", bad) : row);
      assertThat(outcome.refused())
          .as(bad)
          .contains("221 rows that are no trades, such as trade 370");
      assertThat(ids()).as(bad).hasSize(TRADES - 221).doesNotContain("150", "370").contains("149");
    }
  }

  /** More than two pages on end hold no trade. */
  private static boolean isAmid(String row) {
    int id = Integer.parseInt(row.replaceAll(".*\"tradeId\":\"(\\d+)\".*", "$1"));
    return id >= 150 && id <= 370;
  }

  private RestHistory.Outcome fetched(UnaryOperator<String> change) throws Exception {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return new MockResponse.Builder().body(page(request.getUrl(), change)).build();
          }
        });
    String url = server.url("").toString().replaceAll("/$", "");
    FetchSettings settings =
        new FetchSettings(
            url, url, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMillis(1));
    Web web = new Web(new OkHttpClient());
    RestHistory history =
        new RestHistory(
            vault,
            BTC,
            web,
            settings,
            new Patience(Duration.ZERO),
            new TermsBook(vault, List.of(BTC + "=0.01,1,linear")),
            Clock.systemUTC(),
            time -> {});
    try (web) {
      return history.fetch(START, START.plusSeconds(86_400));
    }
  }

  /** Newest first, at most 100, older than {@code after}. */
  private static String page(HttpUrl url, UnaryOperator<String> change) {
    long after = Long.parseLong(url.queryParameter("after"));
    boolean byTime = url.queryParameter("type").equals("2");
    List<String> rows = new ArrayList<>();
    for (int id = TRADES; id >= 1 && rows.size() < 100; id--) {
      long millis = START.toEpochMilli() + id * 100_000L;
      if ((byTime ? millis : id) < after) {
        rows.add(
            change.apply(
                "{\"instId\":\"%s\",\"tradeId\":\"%d\",\"px\":\"100.5\",\"sz\":\"0.07\",\"side\":\"buy\",\"ts\":\"%d\"}"
                    .formatted(BTC, id, millis)));
      }
    }
    return "{\"code\":\"0\",\"msg\":\"\",\"data\":[" + String.join(",", rows) + "]}";
  }

  private Path raw() {
    return vault.resolve(new DayFile(BTC, DATE).rawPath());
  }

  private List<String> ids() throws IOException {
    return Files.readAllLines(raw()).stream()
        .map(line -> line.replaceAll(".*\"trade_id\":\"(\\d+)\".*", "$1"))
        .toList();
  }
}
