package io.tapelake.jobs.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a busy day costs that comes two weeks late, as {@code fetch} brings it: of one instrument of
 * fifty, and of one alone.
 */
final class LateDay {

  private static final int DAYS = 60;
  private static final int DAYS_LATE = 14;
  private static final int TRADES_A_DAY = 1000;
  private static final int LATE_TRADES = 500_000;
  private static final LocalDate FIRST_DAY = LocalDate.of(2025, 1, 1);

  private final Path launcher;
  private final Path dir;
  private final int rounds;

  LateDay(Path launcher, Path dir, int rounds) {
    this.launcher = launcher;
    this.dir = dir;
    this.rounds = rounds;
  }

  /** The lines of the table. */
  List<String> measure() throws IOException, InterruptedException {
    return List.of(measure(1), measure(50));
  }

  private String measure(int instruments) throws IOException, InterruptedException {
    DataSet data =
        new DataSet(
            "late-%dx%dd".formatted(instruments, DAYS), instruments, FIRST_DAY, DAYS, TRADES_A_DAY);
    Path vault = dir.resolve(data.name());
    data.writeTo(vault);
    Path log = vault.resolve("tapelake.log");
    if (!Files.exists(vault.resolve("state/vwap/published.json"))) {
      ChildProcess.run(command("backfill", vault), log);
    }
    Measured late = new Measured("late day, 1 of " + instruments, LATE_TRADES, 0);
    for (int round = 0; round < rounds; round++) {
      Path done = vault.resolve("late-days");
      int before = Files.exists(done) ? Integer.parseInt(Files.readString(done)) : 0;
      data.appendDay(vault, DAYS - DAYS_LATE - before, LATE_TRADES);
      Files.writeString(done, Integer.toString(before + 1));
      FileTime start = Files.getLastModifiedTime(done);
      late.ours(ChildProcess.run(command("run", vault), log));
      System.out.printf(
          Locale.ROOT, "bytes of files that are new: %,d%n", bytesSince(vault, start));
    }
    return late.line();
  }

  private static long bytesSince(Path vault, FileTime start) throws IOException {
    long bytes = 0;
    try (Stream<Path> paths = Files.walk(vault)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        boolean isNew = Files.getLastModifiedTime(path).compareTo(start) > 0;
        bytes += isNew && !path.endsWith("tapelake.log") ? Files.size(path) : 0;
      }
    }
    return bytes;
  }

  private List<String> command(String verb, Path vault) {
    return List.of(launcher.toString(), verb, "--vault", vault.toString(), "--driver-memory", "1g");
  }
}
