package io.tapelake.jobs.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Commits that change nothing, with checksums and checkpoints, in a table's log. */
final class PretendedCommits {

  private static final int CHECKPOINT_INTERVAL = 50;

  private final Path log;

  /**
   * A table's log.
   *
   * @param log its folder, with a checkpoint of the newest commit
   */
  PretendedCommits(Path log) {
    this.log = log;
  }

  Path log() {
    return log;
  }

  /** Lets all that is there have been written at a time. */
  void moveTo(Instant time) throws IOException {
    for (Path path : files()) {
      Files.setLastModifiedTime(path, FileTime.from(time));
    }
  }

  /** Adds commits at an interval from a time on. */
  void add(Instant first, Duration interval, int count) throws IOException {
    long before = newest();
    Path state = newestCheckpoint();
    Instant time = first;
    for (long version = before + 1; version <= before + count; version++) {
      time = time.plus(interval);
      Path commit = log.resolve(commit(version));
      Files.writeString(
          commit,
          "{\"commitInfo\":{\"timestamp\":%d,\"operation\":\"NOTHING\",\"operationParameters\":{}}}\n"
              .formatted(time.toEpochMilli()));
      Files.setLastModifiedTime(commit, FileTime.from(time));
      Path checksum = Files.createFile(log.resolve(checksum(version)));
      Files.setLastModifiedTime(checksum, FileTime.from(time));
      if (version % CHECKPOINT_INTERVAL == 0) {
        Path checkpoint = Files.copy(state, log.resolve(checkpoint(version)));
        Files.setLastModifiedTime(checkpoint, FileTime.from(time));
        Files.writeString(
            log.resolve("_last_checkpoint"), "{\"version\":%d,\"size\":4}".formatted(version));
        // Of what it was before: with it, nobody could read it now.
        Files.deleteIfExists(log.resolve("._last_checkpoint.crc"));
      }
    }
  }

  /** The newest commit's version. */
  long newest() throws IOException {
    return files().stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> name.matches("\\d{20}\\.json"))
        .mapToLong(name -> Long.parseLong(name.substring(0, 20)))
        .max()
        .orElseThrow();
  }

  private Path newestCheckpoint() throws IOException {
    return files().stream()
        .filter(path -> path.getFileName().toString().matches("\\d{20}\\.checkpoint\\.parquet"))
        .max(Path::compareTo)
        .orElseThrow();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.list(log)) {
      return paths.toList();
    }
  }

  static String commit(long version) {
    return "%020d.json".formatted(version);
  }

  static String checksum(long version) {
    return "%020d.crc".formatted(version);
  }

  private static String checkpoint(long version) {
    return "%020d.checkpoint.parquet".formatted(version);
  }
}
