package io.tapelake.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tapelake.collector.capture.TruthCheck;
import io.tapelake.simulator.SimulatedExchange;
import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.exchange.Limits;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.tape.Tape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A collector on a file system that gets full and has room again: a mounted one of limited size,
 * which only root can mount; without it nothing is tried.
 */
class FullDiskIT {

  private static final List<String> INSTRUMENTS = List.of("BTC-USDT-SWAP", "ETH-USDT-SWAP");

  @TempDir private Path folder;

  private Path disk;
  private SimulatedExchange exchange;
  private Process collector;

  @BeforeEach
  void open() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    int mounted = execute("mount", "-t", "tmpfs", "-o", "size=400k", "tapelake", disk.toString());
    assumeTrue(mounted == 0, "no file system could be mounted: this needs root");
    Tape tape = Tape.of(11, Instant.now().minusSeconds(60), 1_000, INSTRUMENTS);
    exchange =
        SimulatedExchange.open(
            new Exchange(tape, FaultScript.NONE, Limits.okx(), Clock.systemUTC()));
  }

  @AfterEach
  void close() throws Exception {
    if (collector != null) {
      collector.destroyForcibly().waitFor();
    }
    if (exchange != null) {
      exchange.close();
    }
    execute("umount", "-l", disk.toString());
  }

  @Test
  void aFullDiskIsLoudAndCostsNoTrade() throws Exception {
    int observe = Processes.freePort();
    Path log = folder.resolve("log");
    collector =
        Processes.start(
            Processes.SMALL,
            log,
            List.of(
                "collect",
                "--vault=" + disk.resolve("vault"),
                "--ws-url=" + exchange.wsUrl(),
                "--rest-url=" + exchange.restUrl(),
                "--observe-port=" + observe));
    Processes.await(
        "unhealthy",
        Duration.ofSeconds(60),
        () -> Processes.read(observe, "/healthz").contains("cannot write to the vault"));
    assertThat(Files.readString(log)).contains("cannot write to the vault");
    long received = Processes.metric(observe, "received_bytes_total");
    Processes.await(
        "more trades while it is full",
        Duration.ofSeconds(30),
        () -> Processes.metric(observe, "received_bytes_total") > received + 200_000);
    assertThat(collector.isAlive()).isTrue();

    assertThat(execute("mount", "-o", "remount,size=512m", disk.toString())).isZero();
    Processes.await(
        "healthy, nothing missing",
        Duration.ofSeconds(120),
        () ->
            Processes.read(observe, "/healthz").equals("ok\n")
                && Processes.metric(observe, "missing_ids") == 0);
    assertThat(Processes.end(collector)).isZero();
    for (String instrument : INSTRUMENTS) {
      var truth = exchange.truth(instrument);
      var lines = TruthCheck.lines(disk.resolve("vault"), instrument).keySet();
      assertThat(lines).isNotEmpty();
      long last = lines.stream().mapToLong(Long::longValue).max().orElseThrow();
      truth.removeIf(trade -> trade.id() > last);
      TruthCheck.check(disk.resolve("vault"), instrument, truth, true);
    }
  }

  private static int execute(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      // No such program here.
      return -1;
    }
  }
}
