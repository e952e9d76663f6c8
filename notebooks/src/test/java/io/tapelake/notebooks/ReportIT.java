package io.tapelake.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.jobs.Tapelake;
import io.tapelake.jobs.sql.SqlScript.Statement;
import io.tapelake.jobs.sql.SqlSession;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reports of random vaults against plain arithmetic, and in a browser; and the notebooks' cells on
 * vaults that have hardly anything. target/reports has pages and pictures to look at.
 */
final class ReportIT {

  private static final MathContext FIFTY = new MathContext(50, RoundingMode.HALF_EVEN);
  private static final Contract LINEAR =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);
  private static final Contract DUST =
      new Contract(new BigDecimal("90000000"), BigDecimal.ONE, ContractType.LINEAR);
  private static final LocalDate DAY = LocalDate.of(2026, 1, 2);
  private static final Path PAGES = Path.of("target", "reports").toAbsolutePath();

  private static final String FILLS_HEADER = "inst_id,time_utc,side,price,quantity\n";

  /** The notebooks that are run on a single trade: those that draw, or others. */
  private static final String NOTEBOOKS = System.getProperty("tapelake.notebooks.single", "[147]");

  @TempDir private static Path folder;

  private static Path vault;
  private static long seed;
  private static final Map<String, List<Trade>> TAPES = new LinkedHashMap<>();

  @BeforeAll
  static void trade() throws IOException {
    seed = new Random().nextLong();
    Random random = new Random(seed);
    vault = folder.resolve("vault");
    Files.createDirectories(PAGES);
    // A day with trades, one without, one with.
    for (int day : new int[] {0, 2}) {
      Instant start = DAY.plusDays(day).atStartOfDay(ZoneOffset.UTC).toInstant();
      tape("BTC-USDT-SWAP", LINEAR, 101_250, 1, start.plusSeconds(3_600 * day), 1_500, random);
      tape("DUST-USDT-SWAP", DUST, 0.000000000321, 12, start.plusSeconds(7_200), 300, random);
    }
    List<Trade> steps = TAPES.computeIfAbsent("STEP-USDT-SWAP", name -> new ArrayList<>());
    for (int i = 0; i < 3; i++) {
      Instant time = DAY.atStartOfDay(ZoneOffset.UTC).toInstant().plusSeconds(36_000 + i);
      steps.add(
          new Trade(
              time,
              "STEP-USDT-SWAP",
              i + 1,
              TakerSide.BUY,
              BigDecimal.valueOf(100 + i),
              BigDecimal.TEN,
              LINEAR));
    }
    write(vault, TAPES.values().stream().flatMap(List::stream).toList());
    certify("2026-01-02.json");
    certify("2026-01-02.sync-conflict.json");
    run(vault);
  }

  private static void certify(String file) throws IOException {
    Path folder = vault.resolve("certificates/okx/trades_perps/BTC-USDT-SWAP");
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(file),
        "{\"instId\":\"BTC-USDT-SWAP\",\"day\":\"2026-01-02\",\"complete\":true}");
  }

  private static void tape(
      String instrument,
      Contract contract,
      double price,
      int places,
      Instant time,
      int trades,
      Random random) {
    List<Trade> tape = TAPES.computeIfAbsent(instrument, name -> new ArrayList<>());
    long id = tape.isEmpty() ? 1 : tape.get(tape.size() - 1).id() + 1;
    for (int i = 0; i < trades; i++) {
      price *= 1 + random.nextGaussian() / 2_000;
      time = time.plusMillis(random.nextInt(60_000));
      tape.add(
          new Trade(
              time,
              instrument,
              id,
              random.nextBoolean() ? TakerSide.BUY : TakerSide.SELL,
              BigDecimal.valueOf(price).setScale(places, RoundingMode.HALF_EVEN),
              BigDecimal.valueOf(1 + random.nextInt(9_000_000), 1),
              contract));
      id += random.nextInt(200) == 0 ? 4 : 1;
    }
  }

  private static void write(Path root, List<Trade> trades) throws IOException {
    Map<Path, StringBuilder> files = new LinkedHashMap<>();
    for (Trade trade : trades) {
      String line = TradeLine.format(trade);
      files
          .computeIfAbsent(
              root.resolve(new DayFile(trade.instrument(), trade.day()).rawPath()),
              file -> new StringBuilder())
          .append(line)
          .append(line.endsWith("\n") ? "" : "\n");
    }
    for (Map.Entry<Path, StringBuilder> each : files.entrySet()) {
      Files.createDirectories(each.getKey().getParent());
      Files.writeString(each.getKey(), each.getValue());
    }
  }

  private static void run(Path root) {
    String[] words = {
      "run", "--vault", "" + root, "--master", "local[2]", "--as-of", "2026-01-06T00:00:00Z"
    };
    assertThat(Tapelake.execute(words)).isZero();
  }

  private static Path report(Path root, String name, String... options) throws IOException {
    Path page = PAGES.resolve(name + ".html");
    List<String> words =
        new ArrayList<>(List.of("report", "--vault", "" + root, "--output", "" + page));
    words.addAll(List.of(options));
    assertThat(Notebooks.execute(words.toArray(String[]::new))).isZero();
    return page;
  }

  @Test
  void figuresAreThoseOfTheTrades() throws IOException {
    String html = Files.readString(report(vault, "day", "--day", "" + DAY));
    for (Map.Entry<String, List<Trade>> each : TAPES.entrySet()) {
      List<Trade> day = each.getValue().stream().filter(trade -> trade.day().equals(DAY)).toList();
      BigDecimal volume = sum(day, ReportIT::volume);
      BigDecimal notional = sum(day, ReportIT::notional);
      BigDecimal bought =
          sum(
              day.stream().filter(trade -> trade.side() == TakerSide.BUY).toList(),
              ReportIT::volume);
      BigDecimal weighted = sum(day, trade -> trade.price().multiply(notional(trade)));
      BigDecimal close = day.get(day.size() - 1).price();
      BigDecimal vwap = weighted.divide(notional, FIFTY);
      Map<String, String> shown = figures(html, each.getKey());
      Map<String, String> right = new LinkedHashMap<>();
      right.put("open", plain(day.get(0).price()));
      right.put(
          "high",
          plain(day.stream().map(Trade::price).max(Comparator.naturalOrder()).orElseThrow()));
      right.put(
          "low",
          plain(day.stream().map(Trade::price).min(Comparator.naturalOrder()).orElseThrow()));
      right.put("close", plain(close));
      right.put("change", plain(close.subtract(day.get(0).price())));
      right.put("volume", plain(volume));
      right.put("notional", plain(notional));
      right.put("vwap", plain(vwap));
      right.put("vwap_base", plain(notional.divide(volume, FIFTY)));
      right.put(
          "deviation_bps",
          plain(close.subtract(vwap).movePointRight(4).divide(vwap, MathContext.DECIMAL64)));
      right.put("cvd", plain(bought.add(bought).subtract(volume)));
      right.put("trades", "" + day.size());
      right.put("missing", "" + (day.get(day.size() - 1).id() - day.get(0).id() + 1 - day.size()));
      right.put("refused", "0");
      assertThat(shown).as("%s, seed %d", each.getKey(), seed).containsAllEntriesOf(right);
      double variance =
          day.stream()
                  .mapToDouble(
                      trade ->
                          Math.pow(trade.price().subtract(vwap).doubleValue(), 2)
                              * notional(trade).doubleValue())
                  .sum()
              / notional.doubleValue();
      if (shown.containsKey("sigma")) { // a coin of 1e-12 has one below what a DECIMAL can tell
        assertThat(Double.parseDouble(shown.get("sigma")))
            .isCloseTo(
                Math.sqrt(variance),
                org.assertj.core.data.Offset.offset(Math.max(1e-15, Math.sqrt(variance) * 1e-6)));
      }
    }
    assertThat(figures(html, "STEP-USDT-SWAP"))
        .as("the one price of the middle row")
        .containsEntry("poc", "101");
    assertThat(html).contains("certificate: complete");
    assertThat(html).contains("Whole day").contains("As of 2026-01-06 00:00:00 UTC");
    assertThat(html).contains("T DUST").doesNotContain("E16", folder.toString());
    assertThat(html).doesNotContain("<script", "src=", "<link", "NaN", "null");
    assertThat(html.length()).isLessThan(2 * 500_000);
  }

  private static BigDecimal volume(Trade trade) {
    return trade.contracts().multiply(trade.contract().value());
  }

  private static BigDecimal notional(Trade trade) {
    return volume(trade).multiply(trade.price());
  }

  private static BigDecimal sum(List<Trade> trades, Function<Trade, BigDecimal> amount) {
    return trades.stream().map(amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static Map<String, String> figures(String html, String instrument) {
    String section = html.substring(html.indexOf("data-inst=\"" + instrument));
    section = section.substring(0, section.indexOf("</section>"));
    Matcher figure =
        Pattern.compile("data-field=\"(\\w+)\" data-exact=\"([^\"]*)\"").matcher(section);
    Map<String, String> figures = new LinkedHashMap<>();
    while (figure.find()) {
      figures.put(figure.group(1), figure.group(2));
    }
    return figures;
  }

  @Test
  void aDayWithoutTradesAndSeveralDaysHaveAPageAndOtherDaysAreNamed() throws IOException {
    String empty = Files.readString(report(vault, "empty", "--day", "" + DAY.plusDays(1)));
    assertThat(empty).contains("BTC-USDT-SWAP", "No trades on this day");
    String week =
        Files.readString(report(vault, "week", "--from", "" + DAY, "--to", "" + DAY.plusDays(2)));
    assertThat(week)
        .contains("<td>2026-01-02</td>", "<td>2026-01-04</td>")
        .doesNotContain("<td>2026-01-03</td>");
    assertThat(Notebooks.execute("report", "--vault", "" + vault, "--day", "2027-01-01"))
        .isEqualTo(2);
    assertThat(
            Notebooks.execute(
                "report", "--vault", "" + vault, "--from", "2026-01-03", "--to", "2026-01-02"))
        .isEqualTo(2);
    assertThat(
            said(() -> Notebooks.execute("report", "--vault", "" + vault, "--from", "2027-01-01")))
        .contains("2027-01-01: there are no trades then")
        .doesNotContain("--to");
  }

  @Test
  void pagesFitTheirWindowsAndPanelsTheirAxis() throws Exception {
    Path day = report(vault, "seen", "--day", "" + DAY);
    Path week = report(vault, "seen-week", "--from", "" + DAY, "--to", "" + DAY.plusDays(2));
    try (Browser browser = new Browser()) {
      for (Path page : List.of(day, week)) {
        for (int width : new int[] {1_100, 400}) {
          Browser.Measured seen = browser.measure(page, width);
          String where = page.getFileName() + " at " + width + " pixels, seed " + seed;
          assertThat(seen.width()).as(where).isEqualTo(width);
          assertThat(seen.excess()).as(where).isLessThanOrEqualTo(0);
          assertThat(seen.outside()).as(where).isEmpty();
          assertThat(seen.overlaps()).as(where).isEmpty();
          assertThat(seen.smallest()).as(where).isGreaterThanOrEqualTo(11);
          assertThat(seen.texts()).as(where).contains("session VWAP", "CVD since 00:00 UTC, BTC");
          assertThat(seen.panes()).as(where).hasSize(TAPES.size());
          assertThat(seen.panes())
              .allSatisfy(panes -> assertThat(panes).hasSize(3).containsOnly(panes.get(0)));
        }
        assertThat(browser.cutInPrint()).as("%s, seed %d", page, seed).isEmpty();
      }
    }
  }

  @Test
  void cellsOfNotebooksAndTheReportWorkOnASingleTrade() throws IOException {
    Path single = folder.resolve("single");
    Trade huge =
        new Trade(
            DAY.atStartOfDay(ZoneOffset.UTC).toInstant(),
            "HUGE-USDT-SWAP",
            1,
            TakerSide.SELL,
            new BigDecimal("0.000000000001"),
            new BigDecimal("900000000000"),
            new Contract(new BigDecimal("1000000000"), BigDecimal.ONE, ContractType.LINEAR));
    write(single, List.of(TAPES.get("BTC-USDT-SWAP").get(0), huge));
    run(single);
    report(single, "single", "--day", "" + DAY);
    runNotebooks(single);
  }

  private static boolean isTried(Path file) {
    return file.getFileName().toString().matches(NOTEBOOKS + ".*[.]ipynb");
  }

  private static void runNotebooks(Path root) throws IOException {
    try (var files = Files.list(Command.project().resolve("notebooks"))) {
      for (Path file : files.filter(ReportIT::isTried).sorted().toList()) {
        SqlSession session = new SqlSession(SparkSession.active().newSession());
        session.open(VaultStores.open(root.toString(), new Configuration()));
        CellRunner runner = new CellRunner(session, new Nowhere(), other -> {});
        for (JsonNode cell : new ObjectMapper().readTree(file.toFile()).required("cells")) {
          if (cell.get("cell_type").asText().equals("code")) {
            StringBuilder source = new StringBuilder();
            cell.get("source").forEach(line -> source.append(line.asText()));
            try {
              runner.run(source.toString());
            } catch (RuntimeException e) {
              throw new AssertionError(file.getFileName() + ":\n" + source, e);
            }
          }
        }
      }
    }
  }

  private record Nowhere() implements Screen {
    @Override
    public void show(DisplayData data) {}

    @Override
    public void replace(String id, DisplayData data) {}
  }

  @Test
  void fillsAreComparedWithWhatTheTapeSays() throws IOException {
    SqlSession session =
        fills(
            FILLS_HEADER
                + "BTC-USDT-SWAP,2026-01-02T05:00:10Z,BUY,200000,0.5\n"
                + "BTC-USDT-SWAP,2026-01-02T05:00:10Z,sell ,200000,0.5\n"
                + "BTC-USDT-SWAP,2026-01-03T00:00:10Z,sell,200000,5\n"
                + "BTC-USDT-SWAP,2027-01-02T05:00:10Z,buy,200000,7\n");
    String query =
        "select side, bps_session > 0, bps_1h > 0, session_whole = (select max_by(vwap_session,"
            + " minute) from vwap_1m where date = '2026-01-02' and inst_id = 'BTC-USDT-SWAP') from"
            + " slippage where date(time_utc) = '2026-01-02' order by side";
    assertThat(ask(session, query))
        .containsExactly(
            RowFactory.create("buy", true, true, true),
            RowFactory.create("sell", false, false, true));
    // The minute before midnight is of another session; what has no benchmark weighs nothing.
    String others =
        "select session_so_far, bps_so_far from slippage where date(time_utc) <> '2026-01-02'";
    assertThat(ask(session, others))
        .containsExactly(RowFactory.create(null, null), RowFactory.create(null, null));
    String weighted =
        "select w.bps_1h = round(f.bps_1h, 2) and w.bps_session = round(f.bps_session, 2) from (%s) w"
                .formatted(query("7-fills", 5))
            + " join slippage f on f.side = w.side and date(f.time_utc) = '2026-01-02'";
    assertThat(ask(session, weighted))
        .containsExactly(RowFactory.create(true), RowFactory.create(true));
  }

  @Test
  void fillsAreReadByTheirNamesAndRefusedWithTheReason() throws IOException {
    String fill = "BTC-USDT-SWAP,2026-01-02T05:00:10Z,";
    List<Row> right = cost(FILLS_HEADER + fill + "buy,200000,0.5\n");
    String swapped = "id,side,quantity,price,inst_id,time_utc\n9,buy,0.5,200000," + fill + "\n";
    assertThat(cost(swapped.replace(",\n", "\n"))).hasSize(1).isEqualTo(right);
    assertThatThrownBy(() -> cost("inst_id,time_utc,side,px,quantity\n" + fill + "buy,2,0.5\n"))
        .hasMessageContaining("`price` cannot be resolved");
    assertThatThrownBy(() -> cost(FILLS_HEADER + fill + "buy,200000,half\n"))
        .hasMessageContaining("half");
    assertThatThrownBy(() -> cost(FILLS_HEADER + fill + "long,200000,0.5\n"))
        .hasMessageContaining("BTC-USDT-SWAP 2026-01-02 05:00:10 long 200000");
    assertThatThrownBy(() -> cost(FILLS_HEADER + fill + "buy,200000,\n"))
        .hasMessageContaining("a fill is none, give side buy or sell");
  }

  private static String said(Runnable program) {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      program.run();
    } finally {
      System.setErr(before);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  private static List<Row> cost(String csv) throws IOException {
    return ask(fills(csv), query("7-fills", 5));
  }

  /** A session in which the notebook's views are those of a file of fills. */
  private static SqlSession fills(String csv) throws IOException {
    Path file = folder.resolve("my fills.csv");
    Files.writeString(file, csv);
    SqlSession session = new SqlSession(SparkSession.active().newSession());
    session.open(VaultStores.open(vault.toString(), new Configuration()));
    new CellRunner(session, new Nowhere(), other -> {})
        .run(
            query("7-fills", 1)
                .replace(
                    "set variable fills_file = ''", "set variable fills_file = '" + file + "'"));
    return session;
  }

  private static List<Row> ask(SqlSession session, String query) {
    return session.ask(new Statement(query, 1), rows -> rows.collectAsList());
  }

  private static String query(String notebook, int cell) throws IOException {
    Path file = Command.project().resolve("notebooks/" + notebook + ".ipynb");
    StringBuilder source = new StringBuilder();
    new ObjectMapper()
        .readTree(file.toFile())
        .required("cells")
        .get(cell)
        .get("source")
        .forEach(line -> source.append(line.asText()));
    return source.toString();
  }

  @Test
  void gapsAreCountedForEachInstrumentAndThePageStaysSmall() throws IOException {
    Path root = folder.resolve("gaps");
    List<Trade> trades = new ArrayList<>(gappy("BTC-USDT-SWAP", 6_001));
    trades.addAll(gappy("ETH-USDT-SWAP", 4));
    write(root, trades);
    run(root);
    String page = Files.readString(report(root, "gaps", "--day", "" + DAY));
    assertThat(page)
        .contains("6000 gaps in the trade ids, the first at 00:00:00")
        .contains("3 gaps in the trade ids, the first at 00:00:00")
        .hasSizeLessThan(500_000);
    for (String table : List.of("vwap_1m", "bars_1m")) {
      Path lake = root.resolve("lake");
      Files.move(lake.resolve(table), root.resolve(table));
      DeltaLog.clearCache();
      assertThat(Notebooks.execute("report", "--vault", "" + root)).as(table).isEqualTo(4);
      Files.move(root.resolve(table), lake.resolve(table));
    }
  }

  /** Every other id is missing. */
  private static List<Trade> gappy(String instrument, int trades) {
    Instant midnight = DAY.atStartOfDay(ZoneOffset.UTC).toInstant();
    return IntStream.range(0, trades)
        .mapToObj(
            i ->
                new Trade(
                    midnight.plusSeconds(10L * i),
                    instrument,
                    2 * i + 1,
                    TakerSide.BUY,
                    BigDecimal.TEN,
                    BigDecimal.TEN,
                    LINEAR))
        .toList();
  }

  @Test
  void aNotebookLeavesADamagedVault() throws IOException {
    Path damaged = folder.resolve("damaged");
    Files.createDirectories(damaged.resolve("state/vwap"));
    SqlSession session = new SqlSession(SparkSession.active().newSession());
    session.open(VaultStores.open("" + damaged, new Configuration()));
    CellRunner runner =
        new CellRunner(
            session,
            new Nowhere(),
            root -> session.open(VaultStores.open(root, new Configuration())));
    Files.createFile(damaged.resolve("state/vwap/published.json"));
    assertThatThrownBy(() -> runner.run("select 1")).hasMessageContaining("./tapelake backfill");
    assertThat(runner.run("%help")).isNotNull();
    runner.run("%vault " + vault);
    assertThatThrownBy(() -> runner.run("%vault " + damaged))
        .hasMessageContaining("./tapelake backfill");
    assertThatThrownBy(() -> runner.run("select * from bars_1m"))
        .hasMessageContaining("./tapelake backfill");
    runner.run("%vault " + vault);
    assertThatCode(() -> runner.run("select count(*) from bars_1m")).doesNotThrowAnyException();
  }
}
