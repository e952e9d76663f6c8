package io.tapelake.jobs.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Prometheus' own checker. */
final class Promtool {

  private Promtool() {}

  /** Runs it; it has to find nothing. What asks for it is skipped where it is missing. */
  static void run(String input, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(words));
    Path file = Files.writeString(Files.createTempFile("promtool", ".txt"), input);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectInput(file.toFile());
      Process process;
      try {
        process = builder.start();
      } catch (IOException e) {
        System.err.println("SKIPPED: no promtool; './tapelake test' gets it where it may");
        Assumptions.abort("no promtool");
        return;
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
    } finally {
      Files.delete(file);
    }
  }
}
