package io.tapelake.collector.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.collector.official.Zips;
import io.tapelake.vault.DayFile;
import java.io.IOException;
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
import java.util.function.UnaryOperator;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

  @Test
  @Timeout(60)
  void aCacheThatLeavesOutWhatIsAskedIsNamedAndEndsTheWalk() throws Exception {
    serve(
        request -> {
          HttpUrl newest = request.getUrl().newBuilder().setQueryParameter("after", "999").build();
          return page(newest.newBuilder().setQueryParameter("type", "1").build(), row -> row);
        });
    RestHistory.Outcome outcome = walked();
    assertThat(outcome.conflicts()).singleElement().asString().contains("before 401", "cache");
    assertThat(ids()).hasSize(100);
  }

  @Test
  void beforeTheFirstIdOfAllThereIsNothingToMiss() throws Exception {
    assertThat(fetched(row -> row).reached()).isEqualTo(START);
  }

  @Test
  void theFirstIdOfAllEndsNothingWhenIdsStartedOverOrItIsNoTrade() throws Exception {
    Instant second = START.plusMillis(200_000);
    assertThat(
            fetched(row -> row.contains("\"tradeId\":\"1\"") ? row.replace("0.07", "0") : row)
                .reached())
        .isEqualTo(second);
    Path before = vault.resolve(new DayFile(BTC, DATE.minusDays(2)).rawPath());
    Files.createFile(before);
    assertThat(fetched(row -> row).reached()).isEqualTo(START.plusMillis(100_000));
  }

  @Test
  void aFileThatAPersonHasToLookAtIsNamedEachTimeItIsFetched() throws Exception {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String path = request.getUrl().encodedPath();
            long now = START.plusSeconds(4 * 86_400).toEpochMilli();
            MockResponse.Builder answer = new MockResponse.Builder();
            if (path.endsWith("/time")) {
              return answer.body("{\"code\":\"0\",\"data\":[{\"ts\":\"" + now + "\"}]}").build();
            }
            return path.contains("/daily/")
                ? answer.body(new Buffer().write(official(path.endsWith("03.zip")))).build()
                : answer.code(404).build();
          }
        });
    for (int i = 0; i < 2; i++) {
      try (Fetch fetch =
          new Fetch(
              vault,
              settings(),
              new OkHttpClient(),
              new TermsBook(vault, List.of(BTC + "=0.01,1,linear")),
              Clock.systemUTC(),
              line -> {})) {
        assertThat(fetch.fetch(List.of(BTC), DATE, DATE))
            .singleElement()
            .asString()
            .contains("2026-01-03.zip", "1 refused {side=1}");
      }
    }
    assertThat(ids()).hasSize(199);
  }

  /** A hundred trades; one of them is none when the file is to be flawed. */
  private static byte[] official(boolean flawed) {
    StringBuilder csv =
        new StringBuilder("instrument_name,trade_id,side,price,size,created_time\n");
    long start = START.plusSeconds(flawed ? 16 * 3_600 : 0).toEpochMilli();
    for (int i = 1; i <= 100; i++) {
      String side = flawed && i == 50 ? "both" : "buy";
      long id = (flawed ? 100 : 0) + i;
      csv.append("%s,%d,%s,100.5,7,%d%n".formatted(BTC, id, side, start + i));
    }
    try {
      return Zips.bytes("trades.csv", csv.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anInstrumentThatFailsKeepsNoOtherFromBeingFetched() throws Exception {
    serve(
        request -> {
          String path = request.getUrl().encodedPath();
          if (path.endsWith("/time")) {
            long now = START.plusSeconds(86_400).toEpochMilli();
            return "{\"code\":\"0\",\"msg\":\"\",\"data\":[{\"ts\":\"" + now + "\"}]}";
          }
          if (!path.endsWith("/history-trades")) {
            return null;
          }
          return request.getUrl().queryParameter("instId").equals(BTC)
              ? page(request.getUrl(), row -> row)
              : "{\"code\":\"50026\",\"msg\":\"System error\"}";
        });
    List<String> terms = List.of(BTC + "=0.01,1,linear", "ETH-USDT-SWAP=0.1,1,linear");
    try (Fetch fetch =
        new Fetch(
            vault,
            settings(),
            new OkHttpClient(),
            new TermsBook(vault, terms),
            Clock.systemUTC(),
            line -> {})) {
      assertThat(fetch.fetch(List.of("ETH-USDT-SWAP", BTC), DATE, DATE))
          .anyMatch(trouble -> trouble.contains("ETH-USDT-SWAP is left alone"));
    }
    assertThat(ids()).hasSize(TRADES);
  }

  /** More than two pages on end hold no trade. */
  private static boolean isAmid(String row) {
    int id = Integer.parseInt(row.replaceAll(".*\"tradeId\":\"(\\d+)\".*", "$1"));
    return id >= 150 && id <= 370;
  }

  private RestHistory.Outcome fetched(UnaryOperator<String> change) throws Exception {
    serve(request -> page(request.getUrl(), change));
    return walked();
  }

  /** Answers with a text; with 404 where there is none. */
  private void serve(Function<RecordedRequest, String> answers) {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String answer = answers.apply(request);
            return answer == null
                ? new MockResponse.Builder().code(404).build()
                : new MockResponse.Builder().body(answer).build();
          }
        });
  }

  private FetchSettings settings() {
    String url = server.url("").toString().replaceAll("/$", "");
    return new FetchSettings(
        url, url, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMillis(1));
  }

  private RestHistory.Outcome walked() throws Exception {
    Web web = new Web(new OkHttpClient());
    RestHistory history =
        new RestHistory(
            vault,
            BTC,
            web,
            settings(),
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
