package io.tapelake.collector.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingLogTest {

  @TempDir private Path folder;

  @Test
  void fullFilesAreKeptByNumberAndLinesStayWhole() throws Exception {
    Path file = folder.resolve("logs/collector.log");
    try (RotatingLog log = new RotatingLog(file, 100, 2)) {
      for (int line = 0; line < 50; line++) {
        log.write("line %02d of the log\n".formatted(line).getBytes(StandardCharsets.UTF_8));
      }
    }
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("collector.log", "collector.log.1", "collector.log.2");
    }
    assertThat(Files.readAllLines(file.resolveSibling("collector.log.1")))
        .hasSize(6)
        .allMatch(line -> line.matches("line \\d\\d of the log"));
  }

  @Test
  void whereFullOnesCannotBeMovedTheLogGoesOn() throws Exception {
    Path file = folder.resolve("stuck/collector.log");
    Files.createDirectories(file.resolveSibling("collector.log.1/in-the-way"));
    try (PrintStream log = new PrintStream(new RotatingLog(file, 100, 1), true)) {
      for (int line = 0; line < 50; line++) {
        log.print("line %02d of the log\n".formatted(line));
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(50);
  }

  @Test
  void aTroubleThatLastsIsSaidAtGrowingIntervals() {
    Complaints complaints = new Complaints();
    int said = 0;
    for (int second = 0; second < 3600; second++) {
      said += complaints.due("x", Instant.EPOCH.plusSeconds(second)) ? 1 : 0;
    }
    assertThat(said).isEqualTo(6);
  }
}
