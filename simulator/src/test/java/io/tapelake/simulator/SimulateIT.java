package io.tapelake.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own. */
class SimulateIT {

  @TempDir private Path folder;

  @Test
  void aKilledExchangeContinuesItsTape() throws Exception {
    List<String> arguments =
        List.of(
            "--port",
            "0",
            "--seed",
            "5",
            "--start",
            "2026-01-01T00:00:00Z",
            "--anchor",
            Instant.now().toString(),
            "--history",
            "1m");
    Path first = folder.resolve("first.jsonl");
    Path second = folder.resolve("second.jsonl");
    stop(start(arguments, first), true);
    assertThat(first).doesNotExist();
    stop(start(arguments, first), false);
    stop(start(arguments, second), false);

    List<String> before = btc(first);
    List<String> after = btc(second);
    assertThat(after.size()).isGreaterThan(before.size());
    assertThat(after.subList(0, before.size())).isEqualTo(before);
  }

  @Test
  void wrongUsageIsOneLineAndTwo() throws Exception {
    assertRefused("--rate", "many");
    assertRefused("--rate", "0");
    assertRefused("--instruments", "BTC-USDT");
    assertRefused("--port", "70000");
    assertRefused("--history", "long");
    assertRefused("--faults", folder.resolve("none").toString());
    Path faults = Files.writeString(folder.resolve("faults"), "at 1s explode\n");
    assertThat(assertRefused("--faults", faults.toString())).contains("line 1", "explode");
  }

  private String assertRefused(String... arguments) throws Exception {
    Process process = command(List.of(arguments)).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(output.lines()).hasSize(1);
    assertThat(output).startsWith("simulate: ").doesNotContain("Exception");
    return output;
  }

  private Process start(List<String> arguments, Path truth) throws IOException {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--truth", truth.toString()));
    Process process = command(all).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader reader = process.inputReader();
    assertThat(reader.readLine()).startsWith("The exchange is open");
    assertThat(reader.readLine()).contains("--ws-url ws://127.0.0.1:");
    return process;
  }

  private static void stop(Process process, boolean forcibly) throws InterruptedException {
    if (forcibly) {
      process.destroyForcibly().waitFor();
    } else {
      process.destroy();
      process.waitFor();
    }
  }

  private static ProcessBuilder command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Simulate.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  private static List<String> btc(Path truth) throws IOException {
    return Files.readAllLines(truth).stream()
        .filter(line -> line.contains("BTC-USDT-SWAP"))
        .toList();
  }
}
