package io.tapelake.jobs;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Spark's log of a verb's jobs, stages and tasks: JSON lines, as they happen. */
public final class EventLog {

  private EventLog() {}

  /** The options of a verb that writes it, as one plain file, to a folder. */
  public static List<String> options(Path folder) {
    return Stream.of(
            "spark.eventLog.enabled=true",
            "spark.eventLog.compress=false",
            "spark.eventLog.rolling.enabled=false",
            "spark.eventLog.dir=" + folder.toUri())
        .flatMap(setting -> Stream.of("--conf", setting))
        .toList();
  }
}
