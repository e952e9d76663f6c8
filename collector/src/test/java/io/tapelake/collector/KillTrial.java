package io.tapelake.collector;

import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.write.GapJournal;
import io.tapelake.vault.DayFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Real processes, killed: a collector and an exchange, both by SIGKILL at random moments, while an
 * endless tape of trades goes by; in the end the files have to equal the truth.
 */
final class KillTrial {

  private final List<String> instruments =
      new ArrayList<>(List.of("BTC-USDT-SWAP", "ETH-USDT-SWAP"));

  /** What came of it. */
  record Result(long trades, long duplicates, long wrong, long missing, long journaled) {}

  private final Path folder;
  private final int eventSeconds;
  private final int rate;
  private final int speed;
  private final Random random;
  private final Instant start = Instant.parse("2026-01-01T23:59:50Z");
  private final Instant anchor = Instant.now();
  private final int exchangePort;
  private final int observePort;

  KillTrial(Path folder, int instruments, int eventSeconds, int rate, int speed, long seed)
      throws IOException {
    for (int number = this.instruments.size(); number < instruments; number++) {
      this.instruments.add("N" + number + "-USDT-SWAP");
    }
    this.folder = folder;
    this.eventSeconds = eventSeconds;
    this.rate = rate;
    this.speed = speed;
    this.random = new Random(seed);
    this.exchangePort = Processes.freePort();
    this.observePort = Processes.freePort();
  }

  /** Runs the trial with that many kills of either process. */
  Result run(int collectorKills, int exchangeKills) throws Exception {
    Process exchange = startExchange();
    Process collector = null;
    try {
      Processes.await("exchange", Duration.ofSeconds(60), this::exchangeAnswers);
      collector = startCollector();
      List<Boolean> kills = new ArrayList<>();
      for (int i = 0; i < collectorKills + exchangeKills; i++) {
        kills.add(i < collectorKills);
      }
      java.util.Collections.shuffle(kills, random);
      long wallMillis = eventSeconds * 1000L / speed;
      int each = (int) (wallMillis / (2 * kills.size() + 2));
      for (boolean killCollector : kills) {
        // Mostly while trades are written, sometimes while it is still starting.
        if (random.nextInt(4) > 0) {
          long before = written();
          Processes.await(
              "progress, or the end of the tape",
              Duration.ofMinutes(2),
              () -> written() > before || Instant.now().isAfter(anchor.plusMillis(wallMillis)));
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(each));
        if (killCollector) {
          collector.destroyForcibly().waitFor();
          collector = startCollector();
        } else {
          exchange.destroyForcibly().waitFor();
          exchange = startExchange();
        }
      }
      awaitEnd(wallMillis);
      int code = Processes.end(collector);
      if (code != 0) {
        throw new AssertionError("the collector ended with exit code " + code);
      }
      // It writes down millions of trades before it ends.
      Processes.end(exchange, Duration.ofMinutes(5));
      return compare();
    } finally {
      exchange.destroyForcibly();
      if (collector != null) {
        collector.destroyForcibly();
      }
    }
  }

  /** Bytes in the raw files. */
  private long written() throws IOException {
    Path raw = folder.resolve("vault").resolve(DayFile.RAW_ROOT);
    if (!Files.isDirectory(raw)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(raw)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void awaitEnd(long wallMillis) throws Exception {
    long left = Duration.between(Instant.now(), anchor.plusMillis(wallMillis)).toMillis();
    TimeUnit.MILLISECONDS.sleep(Math.max(0, left));
    long[] last = {-1, 0};
    Processes.await(
        "nothing missing",
        Duration.ofMinutes(30),
        () -> {
          long trades = Processes.metric(observePort, "trades_total");
          long missing = Processes.metric(observePort, "missing_ids");
          boolean calm = trades > 0 && missing == 0 && trades == last[0];
          last[1] = calm ? last[1] + 1 : 0;
          last[0] = trades;
          // Longer than the report that brings the figures up to date.
          return last[1] > 40;
        });
  }

  private boolean exchangeAnswers() throws InterruptedException {
    return Processes.read(exchangePort, "/api/v5/public/time").contains("\"ts\"");
  }

  private Process startExchange() throws IOException {
    return Processes.start(
        List.of("-Xmx1g", "-XX:+UseSerialGC"),
        folder.resolve("exchange.log"),
        List.of(
            "simulate",
            "--port=" + exchangePort,
            "--instruments=" + String.join(",", instruments),
            "--rate=" + rate,
            "--speed=" + speed,
            "--limits=5",
            "--start=" + start,
            "--anchor=" + anchor,
            "--history=10s",
            "--stop-after=" + eventSeconds + "s",
            "--truth=" + folder.resolve("truth.jsonl")));
  }

  private Process startCollector() throws IOException {
    return Processes.start(
        Processes.SMALL,
        folder.resolve("collector.log"),
        List.of(
            "collect",
            "--vault=" + folder.resolve("vault"),
            "--instruments=" + String.join(",", instruments),
            "--ws-url=ws://127.0.0.1:" + exchangePort + "/ws/v5",
            "--rest-url=http://127.0.0.1:" + exchangePort,
            "--observe-port=" + observePort,
            "--set=observe.report=1s",
            "--set=rest.history.spacing=22ms",
            "--set=silence.instrument=3s",
            "--set=connect.ping.after=2s",
            "--set=connect.backoff.most=1s",
            "--set=state.interval=2s"));
  }

  /** Compares line by line, by the lines' hashes: the truth need not fit into memory as text. */
  private Result compare() throws IOException {
    Path vault = folder.resolve("vault");
    long trades = 0;
    long duplicates = 0;
    long wrong = 0;
    Map<String, Map<Long, Integer>> lines = new HashMap<>();
    for (String instrument : instruments) {
      Map<Long, Integer> byId = new HashMap<>();
      lines.put(instrument, byId);
      try (Stream<Path> files = Files.list(vault.resolve(DayFile.RAW_ROOT).resolve(instrument))) {
        for (Path file : files.toList()) {
          try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              trades++;
              duplicates += byId.put(id(line), line.hashCode()) == null ? 0 : 1;
            }
          }
        }
      }
    }
    Map<String, Long> first = new HashMap<>();
    lines.forEach((name, ids) -> first.put(name, ids.keySet().stream().min(Long::compare).get()));
    long missing = 0;
    try (BufferedReader truth = Files.newBufferedReader(folder.resolve("truth.jsonl"))) {
      for (String line = truth.readLine(); line != null; line = truth.readLine()) {
        String instrument = value(line, "instId");
        Integer hash = lines.get(instrument).remove(id(line));
        if (hash == null) {
          missing += id(line) >= first.get(instrument) ? 1 : 0;
        } else if (hash != line.hashCode()) {
          wrong++;
        }
      }
    }
    for (Map<Long, Integer> left : lines.values()) {
      wrong += left.size();
    }
    long journaled = 0;
    for (String instrument : instruments) {
      for (IdRange range : GapJournal.missing(vault, instrument)) {
        journaled += range.size();
      }
    }
    return new Result(trades, duplicates, wrong, missing, journaled);
  }

  private static long id(String line) {
    return Long.parseLong(value(line, "trade_id"));
  }

  private static String value(String line, String key) {
    int from = line.indexOf("\"" + key + "\":\"") + key.length() + 4;
    return line.substring(from, line.indexOf('"', from));
  }
}
