package io.tapelake.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A collector process under load, and what the operating system says of it. {@code
 * -Dload.rate=50000 -Dload.seconds=60} is the load test, {@code -Dload.rate=100 -Dload.seconds=300}
 * the small footprint. {@code -Dload.heap=24m} is the heap.
 */
class LoadIT {

  private static final int TICKS_A_SECOND = 100;

  @TempDir Path folder;

  @Test
  void nothingIsLostUnderLoad() throws Exception {
    int rate = Integer.getInteger("load.rate", 1000);
    int seconds = Integer.getInteger("load.seconds", 4);
    int port = Processes.freePort();
    int observe = Processes.freePort();
    Process exchange =
        Processes.start(
            List.of("-Xmx2g"),
            folder.resolve("exchange.log"),
            List.of("simulate", "--port=" + port, "--rate=" + rate, "--history=10s"));
    Process collector = null;
    try {
      Processes.await(
          "exchange",
          Duration.ofSeconds(60),
          () -> Processes.read(port, "/api/v5/public/time").contains("ts"));
      List<String> flags = new ArrayList<>(Processes.SMALL);
      flags.set(0, "-Xmx" + System.getProperty("load.heap", "24m"));
      collector =
          Processes.start(
              flags,
              folder.resolve("collector.log"),
              List.of(
                  "collect",
                  "--vault=" + folder.resolve("vault"),
                  "--ws-url=ws://127.0.0.1:" + port + "/ws/v5",
                  "--rest-url=http://127.0.0.1:" + port,
                  "--observe-port=" + observe,
                  "--set=observe.report=1s"));
      Processes.await(
          "trades", Duration.ofSeconds(60), () -> Processes.metric(observe, "trades_total") > 0);
      watch(collector.pid(), observe, seconds);
      Processes.await(
          "nothing missing",
          Duration.ofMinutes(5),
          () -> Processes.metric(observe, "missing_ids") == 0);
      assertThat(Processes.end(collector)).isZero();
    } finally {
      exchange.destroyForcibly();
      if (collector != null) {
        collector.destroyForcibly();
      }
    }
  }

  private static void watch(long pid, int observe, int seconds) throws Exception {
    long ticks = ticks(pid);
    long trades = Processes.metric(observe, "trades_total");
    int step = Math.max(1, seconds / 10);
    for (int second = 0; second < seconds; second += step) {
      TimeUnit.SECONDS.sleep(step);
      long nowTicks = ticks(pid);
      long nowTrades = Processes.metric(observe, "trades_total");
      System.out.printf(
          "load: %4d s, %6d trades/s, %s, CPU %.1f %% of a core, %d missing, %d disconnects%n",
          second + step,
          (nowTrades - trades) / step,
          resident(pid),
          100.0 * (nowTicks - ticks) / TICKS_A_SECOND / step,
          Processes.metric(observe, "missing_ids"),
          Processes.metric(observe, "disconnects_total"));
      ticks = nowTicks;
      trades = nowTrades;
    }
  }

  private static long ticks(long pid) throws IOException {
    String[] fields = Files.readString(Path.of("/proc/" + pid + "/stat")).split(" ");
    return Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
  }

  private static String resident(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .findFirst()
        .orElse("VmRSS unknown")
        .replaceAll("\\s+", " ");
  }
}
