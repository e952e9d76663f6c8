package io.tapelake.jobs.oracle;

import io.tapelake.vault.ArchivedDay;
import io.tapelake.vault.DayFile;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Thirty days of three instruments on their way into a vault: some as files, some by fetch, the
 * newest by the collector, with overlaps, all at the same time, while days are archived; and each
 * of those programs is killed at random moments and started again.
 */
final class HistoryTrial implements AutoCloseable {

  static final List<String> INSTRUMENTS = List.of("BTC-USDT-SWAP", "ETH-USDT-SWAP", "BTC-USD-SWAP");
  static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  static final LocalDate FIRST = LocalDate.parse("2026-02-01");
  static final LocalDate TODAY = LocalDate.parse("2026-03-02");

  /** Event time that passes while it runs. */
  private static final String LIVE = "2h";

  private static final int SPEED = 600;
  private static final int IMPORTED_DAYS = 20;
  private static final int OVERLAP_DAYS = 5;
  private static final String[] TERMS = {
    "--terms=BTC-USDT-SWAP=0.01,1,linear",
    "--terms=ETH-USDT-SWAP=0.1,1,linear",
    "--terms=BTC-USD-SWAP=100,1,inverse"
  };
  private static final String FAULTS =
      """
      at 10m reset
      at 15m rest path=daily how=truncated for=3m
      at 25m rest path=history-trades how=50011 for=3m
      at 40m lose for=1m
      at 50m rest path=daily how=503 for=2m
      """;

  private final Path folder;
  private final Random random;
  private final int kills;
  private final int port = freePort();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Process exchange;
  private final List<Path> files = new ArrayList<>();
  private Process collector;

  HistoryTrial(Path folder, String rate, int kills, long seed) throws Exception {
    this.folder = folder;
    this.kills = kills;
    this.random = new Random(seed);
    Path faults = Files.writeString(folder.resolve("faults.txt"), FAULTS);
    exchange =
        start(
            "exchange",
            "simulate",
            "--port=" + port,
            "--instruments=" + String.join(",", INSTRUMENTS),
            "--rate=" + rate,
            "--start=" + NOW,
            "--history=" + 24 * 29 + "h",
            "--speed=" + SPEED,
            "--limits=20",
            "--stop-after=" + LIVE,
            "--faults=" + faults);
    for (int i = 0; text("/api/v5/public/time").isEmpty(); i++) {
      if (i > 200) {
        throw new AssertionError("the exchange did not start: " + log("exchange"));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  Path vault() {
    return folder.resolve("vault");
  }

  /** Everything at once, killed now and then, until each has come to its end. */
  void bringItIn() throws Exception {
    download();
    startCollector();
    List<Callable<Void>> works = new ArrayList<>();
    works.add(() -> untilDone("import", importing()));
    works.add(
        () -> untilDone("fetch", fetching(FIRST.plusDays(IMPORTED_DAYS - OVERLAP_DAYS), TODAY)));
    works.add(() -> untilDone("archive", new String[] {"archive", "--older-than=1d"}));
    works.add(this::killCollector);
    for (Future<Void> work : threads.invokeAll(works)) {
      work.get();
    }
  }

  /** What came while nobody looked, and what is left of the day. */
  void complete() throws Exception {
    awaitEndOfTape();
    collector.destroy();
    if (!collector.waitFor(20, TimeUnit.SECONDS) || collector.exitValue() != 0) {
      throw new AssertionError("the collector did not end well: " + log("collector"));
    }
    succeed("fetch", fetching(FIRST, TODAY));
    String again = succeed("import", importing());
    if (!again.contains("imported 0 new trades")) {
      throw new AssertionError("importing again changed something: " + again);
    }
  }

  String succeed(String name, String... arguments) throws Exception {
    Path log = folder.resolve(name + ".last");
    Files.deleteIfExists(log);
    Process process = start(name + ".last", withVault(arguments));
    if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(name + " failed: " + end(log(name + ".last")));
    }
    return Files.readString(log);
  }

  /** Every trade of the tape as a raw line. */
  List<String> truth() throws InterruptedException {
    return text("/simulator/truth").lines().sorted().toList();
  }

  /** Every line of the vault, of plain days and of archived ones. */
  List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : rawFiles(vault())) {
      lines.addAll(new String(plain(file), StandardCharsets.UTF_8).lines().toList());
    }
    return lines.stream().sorted().toList();
  }

  long plainDays() throws IOException {
    return rawFiles(vault()).stream().filter(file -> file.toString().endsWith(".jsonl")).count();
  }

  /** A vault with the same days, all of them plain. */
  Path plainCopy() throws IOException {
    Path copy = folder.resolve("plain");
    for (Path file : rawFiles(vault())) {
      String name = vault().relativize(file).toString().replaceFirst("\\.gz$", "");
      Files.createDirectories(copy.resolve(name).getParent());
      Files.write(copy.resolve(name), plain(file));
    }
    return copy;
  }

  private static byte[] plain(Path file) throws IOException {
    if (!DayFile.isArchived(file.toString())) {
      return Files.readAllBytes(file);
    }
    try (InputStream in =
        ArchivedDay.open(at -> Channels.newInputStream(FileChannel.open(file).position(at)), 0)) {
      return in.readAllBytes();
    }
  }

  private static List<Path> rawFiles(Path vault) throws IOException {
    try (Stream<Path> files = Files.walk(vault.resolve(DayFile.RAW_ROOT))) {
      return files
          .filter(file -> DayFile.dayOf(file.getFileName().toString()) != null)
          .sorted()
          .toList();
    }
  }

  private void download() throws Exception {
    Path downloads = Files.createDirectories(folder.resolve("downloads"));
    for (int i = 0; i < IMPORTED_DAYS; i++) {
      LocalDate day = FIRST.plusDays(i);
      for (String instrument : INSTRUMENTS) {
        String name = instrument + "-trades-" + day + ".zip";
        String path =
            "/cdn/okex/traderecords/trades/daily/" + day.toString().replace("-", "") + "/" + name;
        Path file = downloads.resolve(name);
        for (int tries = 0; !isWhole(file); tries++) {
          if (tries > 200) {
            throw new AssertionError("no whole file from " + path);
          }
          // The exchange may be failing just now.
          TimeUnit.MILLISECONDS.sleep(tries == 0 ? 0 : 100);
          http.send(request(path), HttpResponse.BodyHandlers.ofFile(file));
        }
        files.add(file);
      }
    }
  }

  private static boolean isWhole(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.size() == 1;
    } catch (IOException e) {
      return false;
    }
  }

  private String[] importing() {
    List<String> arguments = new ArrayList<>(List.of("import"));
    arguments.addAll(List.of(TERMS));
    files.forEach(file -> arguments.add(file.toString()));
    return arguments.toArray(String[]::new);
  }

  private String[] fetching(LocalDate from, LocalDate to) {
    List<String> arguments = new ArrayList<>(List.of("fetch", "--from=" + from, "--to=" + to));
    arguments.addAll(List.of(TERMS));
    arguments.add("--instruments=" + String.join(",", INSTRUMENTS));
    arguments.add("--rest-url=" + url());
    arguments.add("--archive-url=" + url());
    arguments.addAll(
        List.of(
            "--set=fetch.spacing=20ms",
            "--set=fetch.throttled=200ms",
            "--set=fetch.retry=200ms",
            "--set=rest.history.spacing=15ms"));
    return arguments.toArray(String[]::new);
  }

  /** Starts a verb and kills it, some times, and then lets it come to its end. */
  private Void untilDone(String name, String[] arguments) throws Exception {
    for (int i = 0; i < kills; i++) {
      Process process = start(name, withVault(arguments));
      process.waitFor(700 + random.nextInt(1_500), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
    }
    succeed(name, arguments);
    return null;
  }

  private Void killCollector() throws Exception {
    for (int i = 0; i < kills; i++) {
      TimeUnit.MILLISECONDS.sleep(1_500 + random.nextInt(1_500));
      collector.destroyForcibly().waitFor();
      startCollector();
    }
    return null;
  }

  private void startCollector() throws IOException {
    collector =
        start(
            "collector",
            withVault(
                "collect",
                "--instruments=" + String.join(",", INSTRUMENTS),
                "--ws-url=ws://127.0.0.1:" + port + "/ws/v5",
                "--rest-url=" + url(),
                "--observe-port=-1",
                "--set=rest.history.spacing=22ms",
                "--set=silence.instrument=3s",
                "--set=connect.backoff.most=1s",
                "--set=state.interval=1s"));
  }

  private void awaitEndOfTape() throws InterruptedException {
    Instant end = NOW.plusSeconds(2 * 3600);
    for (int i = 0; i < 1_000; i++) {
      String time = text("/api/v5/public/time").replaceAll(".*\"ts\":\"(\\d+)\".*", "$1");
      if (time.matches("\\d+") && Instant.ofEpochMilli(Long.parseLong(time)).isAfter(end)) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new AssertionError("the tape does not end");
  }

  private String[] withVault(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(1, "--vault=" + vault());
    return all.toArray(String[]::new);
  }

  private Process start(String log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-jar", jar().toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()))
        .redirectInput(new File("/dev/null"))
        .start();
  }

  private static Path jar() {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    return module.resolveSibling("collector").resolve("target/tapelake-collector.jar");
  }

  private String log(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  private static String end(String text) {
    return text.length() <= 2_000 ? text : "…" + text.substring(text.length() - 2_000);
  }

  private String url() {
    return "http://127.0.0.1:" + port;
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path)).build();
  }

  private String text(String path) throws InterruptedException {
    try {
      return http.send(request(path), HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    exchange.destroyForcibly();
    if (collector != null) {
      collector.destroyForcibly();
    }
  }
}
