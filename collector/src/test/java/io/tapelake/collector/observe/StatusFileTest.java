package io.tapelake.collector.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusFileTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path vault;

  @Test
  void oneThatCannotBeWrittenIsSaidAtGrowingIntervals() throws Exception {
    Files.createFile(vault.resolve("state"));
    StatusFile status = new StatusFile(vault, NOON);
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      for (int second = 0; second < 600; second += 5) {
        status.running(NOON.plusSeconds(second), List.of(), List.of(), null);
      }
    } finally {
      System.setErr(before);
    }
    assertThat(log.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.contains("status.json cannot be written"))
        .hasSize(4);
  }
}
