package io.tapelake.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.collector.capture.TruthCheck;
import io.tapelake.simulator.SimulatedExchange;
import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.exchange.Limits;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.tape.Tape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar as a process, against a simulated exchange over real sockets. */
class CollectorIT {

  private static final List<String> INSTRUMENTS = List.of("BTC-USDT-SWAP", "ETH-USDT-SWAP");

  @TempDir Path folder;

  private final List<Process> processes = new ArrayList<>();
  private SimulatedExchange exchange;
  private int observe;

  @BeforeEach
  void open() throws Exception {
    Tape tape = Tape.of(7, Instant.now().minusSeconds(60), 200, INSTRUMENTS);
    exchange =
        SimulatedExchange.open(
            new Exchange(tape, FaultScript.NONE, Limits.okx(), Clock.systemUTC()));
    observe = Processes.freePort();
  }

  @AfterEach
  void close() {
    processes.forEach(Process::destroyForcibly);
    exchange.close();
  }

  @Test
  void leavesCleanlyOnSigtermWithEverythingWritten() throws Exception {
    Process collector = collect("a");
    awaitTrades(100);
    Processes.await(
        "ready",
        Duration.ofSeconds(60),
        () ->
            Processes.read(observe, "/healthz").equals("ok\n")
                && Processes.read(observe, "/readyz").equals("ok\n"));
    assertThat(Processes.end(collector)).isZero();
    for (String instrument : INSTRUMENTS) {
      long first = TruthCheck.lines(folder.resolve("vault"), instrument).keySet().iterator().next();
      var lines = TruthCheck.lines(folder.resolve("vault"), instrument).keySet();
      long last = lines.stream().mapToLong(Long::longValue).max().orElseThrow();
      assertThat((long) lines.size()).isEqualTo(last - first + 1);
    }
  }

  @Test
  void aSecondCollectorIsTurnedAwayByName() throws Exception {
    Process first = collect("a");
    awaitTrades(1);
    Process second = collect("b");
    assertThat(second.waitFor()).isEqualTo(Collector.LOCKED);
    assertThat(Files.readString(folder.resolve("b.log"))).contains("pid " + first.pid());
  }

  @Test
  void aBrokenSchemaEndsTheProcessWithBuildFail() throws Exception {
    Process collector = collect("a");
    awaitTrades(1);
    exchange.inject(
        "at 0s malformed BTC-USDT-SWAP n=10000 field=px\nat 0s malformed ETH-USDT-SWAP n=10000 field=px");
    assertThat(collector.waitFor()).isEqualTo(Collector.BUILD_FAIL);
    assertThat(Files.readAllLines(folder.resolve("a.log")))
        .anyMatch(line -> line.startsWith("BUILD_FAIL: "));
  }

  @Test
  void badInputStopsNothingAndIsCounted() throws Exception {
    collect("a");
    awaitTrades(100);
    exchange.inject("at 0s garbage\nat 100ms event\nat 200ms ping\nat 300ms garbage what=huge");
    exchange.inject(
        "at 1s garbage what=utf8\nat 2s garbage what=frame\nat 3s rest for=3s how=garbage");
    Processes.await(
        "unreadable messages counted",
        Duration.ofSeconds(30),
        () -> Processes.metric(observe, "unreadable_messages_total") >= 5);
    Processes.await(
        "broken connections counted",
        Duration.ofSeconds(30),
        () -> Processes.metric(observe, "disconnects_total") >= 2);
    long trades = Processes.metric(observe, "trades_total");
    awaitTrades(trades + 500);
    assertThat(Processes.end(processes.get(0))).isZero();
    for (String instrument : INSTRUMENTS) {
      var truth = exchange.truth(instrument);
      var lines = TruthCheck.lines(folder.resolve("vault"), instrument).keySet();
      long last = lines.stream().mapToLong(Long::longValue).max().orElseThrow();
      truth.removeIf(trade -> trade.id() > last);
      TruthCheck.check(folder.resolve("vault"), instrument, truth, true);
    }
  }

  @Test
  void wrongUsageIsOneLineAndTouchesNothing() throws Exception {
    Process collector = collect("a", "--instruments=../../etc");
    assertThat(collector.waitFor()).isEqualTo(Collector.USAGE);
    assertThat(Files.readAllLines(folder.resolve("a.log"))).hasSize(1);
    assertThat(folder.resolve("vault")).doesNotExist();
  }

  private void awaitTrades(long trades) throws Exception {
    Processes.await(
        trades + " trades",
        Duration.ofSeconds(60),
        () -> Processes.metric(observe, "trades_total") >= trades);
  }

  private Process collect(String name, String... more) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add("collect");
    arguments.add("--vault=" + folder.resolve("vault"));
    arguments.add("--ws-url=" + exchange.wsUrl());
    arguments.add("--rest-url=" + exchange.restUrl());
    arguments.add("--observe-port=" + observe);
    arguments.addAll(List.of(more));
    Process process = Processes.start(Processes.SMALL, folder.resolve(name + ".log"), arguments);
    processes.add(process);
    return process;
  }
}
