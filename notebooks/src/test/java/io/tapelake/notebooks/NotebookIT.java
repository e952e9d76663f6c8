package io.tapelake.notebooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tapelake.jobs.Tapelake;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The kernel in a real Jupyter, the notebooks run by nbconvert, and, in the long form, Spark
 * Connect, over a vault that two runs made. Most of it is waiting for JVMs that start, so the tests
 * run side by side. Those that need Jupyter are skipped where it is missing: {@code ./tapelake
 * test} installs it, or says how.
 */
@DisabledIfSystemProperty(named = "tapelake.notebooks", matches = "off")
@Execution(ExecutionMode.CONCURRENT)
final class NotebookIT {

  private static final String[] MODULES = {"nbconvert", "jupyter_client", "jupyter_kernel_test"};

  /** Left there for whoever wants to look at them. */
  private static final Path RENDERED = Path.of("target", "rendered").toAbsolutePath();

  @TempDir private static Path folder;

  private static Path vault;

  @BeforeAll
  static void makeVault() throws Exception {
    vault = folder.resolve("a vault");
    TapeVault tape = new TapeVault(vault);
    tape.writeFirstHours();
    run(TapeVault.firstAsOf());
    tape.writeTheRestAndALateTrade();
    run(TapeVault.lastAsOf());
    command().run(0, words("notebook", "--install"));
  }

  private static void run(Instant asOf) {
    assertThat(
            Tapelake.execute(
                "run", "--vault", vault.toString(), "--master", "local[2]", "--as-of", "" + asOf))
        .isZero();
  }

  @Test
  void everyNotebookRunsAndShowsWhatIsInTheVault() throws Exception {
    python();
    Path results = RENDERED;
    Files.createDirectories(folder.resolve("conf"));
    Files.writeString(folder.resolve("conf/jobs.properties"), "vault.root=a vault\n");
    launcher("notebook", "--html", "--output", results.toString());

    RenderedNotebook price = read(results, "1-vwap-and-price");
    assertThat(price.charts()).hasSize(2).allSatisfy(NotebookIT::isDrawn);
    assertThat(price.tables().get(0))
        .extracting(row -> row.get("inst_id"))
        .isEqualTo(TapeVault.INSTRUMENTS);
    assertThat(price.tables().get(0))
        .allSatisfy(
            row -> {
              assertThat(row).containsEntry("minutes", "" + TapeVault.HOURS * 60);
              assertThat(row).containsEntry("trades", "" + TapeVault.trades());
              assertThat(row).containsEntry("first_minute", TapeVault.FIRST.toString());
            });
    assertThat(price.tables().get(1))
        .allSatisfy(
            row ->
                assertThat(number(row, "percent_within_2_sigma"))
                    .isBetween(number(row, "percent_within_1_sigma"), new BigDecimal(100)));

    RenderedNotebook deviation = read(results, "2-deviation-and-signals");
    assertThat(deviation.charts()).hasSize(2).allSatisfy(NotebookIT::isDrawn);
    assertThat(deviation.tables().get(0))
        .isNotEmpty()
        .allSatisfy(
            row ->
                assertThat(number(row, "z").abs()).isGreaterThanOrEqualTo(BigDecimal.valueOf(2)));

    assertThat(deviation.tables().get(2))
        .extracting(row -> row.get("kind"))
        .contains("vwap_cross", "level_touch");
    assertThat(sum(deviation.tables().get(2), "signals")).isGreaterThan(BigDecimal.TEN);

    RenderedNotebook flow = read(results, "3-cvd-and-flow");
    assertThat(flow.charts()).hasSize(2).allSatisfy(NotebookIT::isDrawn);
    assertThat(sum(flow.tables().get(2), "trades"))
        .isEqualByComparingTo(BigDecimal.valueOf(2 * TapeVault.trades()));

    assertThat(flow.tables().get(1))
        .hasSize(2)
        .allSatisfy(
            row ->
                assertThat(number(row, "mean_imbalance_1h").abs())
                    .isLessThan(new BigDecimal("0.5")));

    RenderedNotebook profile = read(results, "4-volume-profile");
    assertThat(profile.charts()).hasSize(2).allSatisfy(NotebookIT::isDrawn);
    assertThat(profile.tables().get(0))
        .hasSize(2)
        .allSatisfy(
            row -> {
              assertThat(number(row, "percent")).isBetween(new BigDecimal(70), new BigDecimal(100));
              assertThat(number(row, "point_of_control"))
                  .isBetween(number(row, "value_area_low"), number(row, "value_area_high"));
            });

    RenderedNotebook quality = read(results, "5-data-quality");
    assertThat(quality.tables().get(0)).hasSize(2);
    assertThat(quality.tables().get(0).get(0)).containsEntry("late", "2");
    assertThat(quality.tables().get(1))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row).containsEntry("reason", "malformed_json"));
    assertThat(quality.tables().get(2)).extracting(row -> row.get("gaps")).containsOnly("2");

    RenderedNotebook travel = read(results, "6-time-travel");
    assertThat(travel.tables().get(1).get(0))
        .containsEntry("revised_minutes", "120")
        .containsEntry("new_minutes", "" + 2 * 60 * (TapeVault.HOURS - TapeVault.HOURS_READ_FIRST))
        .containsEntry("withdrawn_minutes", "0");
    assertThat(travel.tables().get(2)).isNotEmpty();
    assertThat(results.resolve("6-time-travel.html")).content().contains("<td");

    RenderedNotebook fills = read(results, "7-fills");
    assertThat(fills.charts()).hasSize(1).allSatisfy(NotebookIT::isDrawn);
    assertThat(fills.tables().get(0))
        .extracting(row -> row.get("fills"))
        .containsOnly("" + TapeVault.HOURS);

    try (Browser browser = new Browser();
        Stream<Path> files = Files.list(results)) {
      for (Path page : files.filter(file -> file.toString().endsWith(".html")).toList()) {
        assertThat(page).content().doesNotContain("<script", "src=\"http");
        for (int width : new int[] {1_100, 400}) {
          Browser.Measured seen = browser.measure(page, width);
          assertThat(seen.excess()).as("%s at %d pixels", page, width).isLessThanOrEqualTo(0);
          assertThat(seen.smallest()).as("%s at %d pixels", page, width).isGreaterThan(10);
          assertThat(seen.outside()).as("texts outside of their picture, %s", page).isEmpty();
          assertThat(seen.overlaps()).as("texts on each other, %s", page).isEmpty();
        }
      }
    }
  }

  @Test
  void rowsThatFindNoRoomOnStandardOutputAreToldOf() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no " + full);
    List<String> words =
        new ArrayList<>(List.of("bash", "-c", "\"$@\" > " + full, "to a full disk"));
    words.addAll(words("sql", "--vault", "" + vault, "--format=csv", "--limit=0"));
    words.add("select * from trades");
    assertThat(command().run(1, words))
        .contains("standard output", "No space left")
        .doesNotContain("--limit");
  }

  @Test
  void kernelBehavesAsJupyterAsksOfKernels() throws Exception {
    String python = python();
    String said =
        command()
            .with("TAPELAKE_VAULT", vault.toString())
            .run(0, List.of(python, "-W", "ignore", script("kernel_behaviour.py")));
    assertThat(said).contains("OK");
  }

  @Test
  @EnabledIfSystemProperty(named = "tapelake.connect", matches = "on") // two JVMs with Spark
  void sparkConnectServesTheTablesFromTheBundledRuntime() throws Exception {
    String runtime = Command.project().resolve("spark-jobs/target/runtime").toString();
    String jars = Path.of("target", "connect").toAbsolutePath().toString();
    String address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "sc://127.0.0.1:" + free.getLocalPort();
    }
    List<String> server = java(runtime, runtime + "/jars/*:" + jars + "/spark-connect.jar");
    server.add("org.apache.spark.deploy.SparkSubmit");
    Map.of(
            "spark.master", "local[2]",
            "spark.ui.enabled", "false",
            "spark.sql.warehouse.dir", folder.resolve("warehouse").toString(),
            "spark.connect.grpc.binding.address", "127.0.0.1",
            "spark.connect.grpc.binding.port", address.substring(address.lastIndexOf(':') + 1),
            "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension",
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .forEach((key, value) -> server.addAll(List.of("--conf", key + "=" + value)));
    server.addAll(List.of("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"));
    server.add(jars + "/spark-connect.jar");
    Process serving =
        new ProcessBuilder(server)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("connect.log").toFile())
            .start();
    try {
      // The client tries again until the server is up.
      String classes = Path.of("target", "test-classes").toAbsolutePath().toString();
      List<String> client =
          java(
              runtime,
              classes
                  + ":"
                  + jars
                  + "/spark-connect-client.jar:"
                  + runtime
                  + "/jars/*:"
                  + Command.project().resolve("spark-jobs/target/tapelake-spark-jobs.jar"));
      client.addAll(List.of(ConnectClient.class.getName(), address, vault.toString()));
      client.add(Command.project().resolve("conf/register-tables.sql").toString());
      assertThat(command().run(0, client).lines().filter(line -> line.startsWith("answer: ")))
          .containsExactly(
              "answer: BTC-USDT-SWAP " + TapeVault.trades(),
              "answer: ETH-USDT-SWAP " + TapeVault.trades());
    } finally {
      serving.destroyForcibly().waitFor();
    }
  }

  /** A JVM with the options that Spark needs, up to its main class. */
  private static List<String> java(String runtime, String classPath) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    for (String option : List.of(Files.readString(Path.of(runtime, "jvm.options")).split("\\s+"))) {
      if (!option.isEmpty() && !option.startsWith("--add-modules")) {
        words.add(option);
      }
    }
    words.add("-Xmx1g");
    words.addAll(Command.SHORT_LIVED);
    words.add(
        "-Dlog4j2.configurationFile="
            + Command.project().resolve("conf/log4j2.properties").toUri());
    words.addAll(List.of("-Duser.timezone=UTC", "-cp", classPath));
    return words;
  }

  private static RenderedNotebook read(Path results, String name) throws IOException {
    return RenderedNotebook.read(results.resolve(name + ".ipynb"));
  }

  /** It has marks, and an axis with words. */
  private static void isDrawn(String svg) {
    assertThat(svg).contains("<path class=\"grid\"").contains("</text>");
    assertThat(svg.split("<path class=\"(line|bars|edge|dots)\"", -1)).hasSizeGreaterThan(2);
  }

  private static BigDecimal number(Map<String, String> row, String column) {
    return new BigDecimal(row.get(column));
  }

  private static BigDecimal sum(List<Map<String, String>> rows, String column) {
    return rows.stream().map(row -> number(row, column)).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Command command() {
    return new Command(folder);
  }

  private static String launcher(String... arguments) throws Exception {
    return command().run(0, words(arguments));
  }

  private static List<String> words(String... arguments) {
    List<String> words = new ArrayList<>(List.of(Command.project().resolve("tapelake").toString()));
    words.addAll(List.of(arguments));
    return words;
  }

  private static String script(String name) {
    return Command.project().resolve("notebooks/src/test/python").resolve(name).toString();
  }

  /** The Python that has Jupyter; where there is none the test is skipped. */
  private static String python() throws Exception {
    String imports = String.join(", ", MODULES);
    for (String python : Stream.of("python3", "/usr/bin/python3").toList()) {
      try {
        Process asked = new ProcessBuilder(python, "-c", "import " + imports).start();
        if (asked.waitFor() == 0) {
          return python;
        }
      } catch (IOException e) {
        // There is no such program.
      }
    }
    String message =
        "SKIPPED: no Python with " + imports + "; './tapelake test' tells how to get it";
    System.err.println(message);
    return Assumptions.abort(message);
  }
}
