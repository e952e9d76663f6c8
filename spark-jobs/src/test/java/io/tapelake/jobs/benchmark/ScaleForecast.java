package io.tapelake.jobs.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * What a backfill of a whole venue takes on more cores than there are here: the tasks of a smaller
 * one, as Spark's event log tells them, repeated as often as the venue is larger and scheduled on
 * paper. A core takes the next task as soon as it is free, a stage begins when the one before has
 * ended, and the driver's own seconds lie between them. That cores share disks and a network is
 * left out.
 */
final class ScaleForecast {

  private static final int INSTRUMENTS = 300;
  private static final int DAYS = 365;
  private static final int MOST_CORES = 256;
  private static final double MILLIS = 1000;

  private final DataSet data;

  /** By what the stage does, in the order in which they ran. */
  private final Map<String, List<Double>> tasks = new LinkedHashMap<>();

  /** When stages ran, so that what is left is the driver's. */
  private double stageSeconds;

  private double startSeconds;
  private double wholeSeconds;

  /**
   * Reads the event log of a backfill.
   *
   * @param folder that holds the log alone
   */
  ScaleForecast(DataSet data, Path folder) throws IOException {
    this.data = data;
    Map<Integer, String> stages = new LinkedHashMap<>();
    ObjectMapper json = new ObjectMapper();
    long start = 0;
    try (Stream<String> lines = Files.lines(log(folder))) {
      for (String line : (Iterable<String>) lines::iterator) {
        JsonNode event = json.readTree(line);
        switch (event.path("Event").asText()) {
          case "SparkListenerApplicationStart" -> start = event.path("Timestamp").asLong();
          case "SparkListenerApplicationEnd" ->
              wholeSeconds = (event.path("Timestamp").asLong() - start) / MILLIS;
          case "SparkListenerStageSubmitted" -> {
            if (stages.isEmpty()) {
              startSeconds = (submitted(event) - start) / MILLIS;
            }
            stages.put(
                event.path("Stage Info").path("Stage ID").asInt(),
                event.path("Properties").path("spark.job.description").asText().split(" ")[0]);
          }
          case "SparkListenerStageCompleted" -> {
            JsonNode stage = event.path("Stage Info");
            stageSeconds += (stage.path("Completion Time").asLong() - submitted(event)) / MILLIS;
          }
          case "SparkListenerTaskEnd" -> {
            JsonNode task = event.path("Task Info");
            double seconds =
                (task.path("Finish Time").asLong() - task.path("Launch Time").asLong()) / MILLIS;
            tasks
                .computeIfAbsent(
                    stages.get(event.path("Stage ID").asInt()), key -> new ArrayList<>())
                .add(seconds);
          }
          default -> {}
        }
      }
    }
  }

  private static long submitted(JsonNode event) {
    return event.path("Stage Info").path("Submission Time").asLong();
  }

  private static Path log(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow(() -> new IOException("no event log in " + folder));
    }
  }

  /** The lines of a table: cores, hours, and how busy the cores are. */
  List<String> table() {
    double larger = (double) INSTRUMENTS * DAYS / data.instruments() / data.days();
    // What is not in stages is the driver's: the listing of files, plans, commits.
    double driver = startSeconds + (wholeSeconds - startSeconds - stageSeconds) * larger;
    List<String> lines = new ArrayList<>();
    tasks.forEach(
        (stage, seconds) ->
            lines.add(
                "%s: %d tasks, %.1f s, the longest %.2f s"
                    .formatted(
                        stage,
                        seconds.size(),
                        seconds.stream().mapToDouble(Double::doubleValue).sum(),
                        seconds.stream().mapToDouble(Double::doubleValue).max().orElse(0))));
    lines.add(
        "driver: %.1f s of %.1f s, of a venue %.0f s"
            .formatted(wholeSeconds - stageSeconds, wholeSeconds, driver));
    lines.add("| cores | hours | cores at work | driver alone | longest stage |");
    lines.add("|---|---|---|---|---|");
    for (int cores = 1; cores <= MOST_CORES; cores *= 2) {
      double whole = driver;
      double work = 0;
      double longest = 0;
      String longestStage = "";
      for (Map.Entry<String, List<Double>> stage : tasks.entrySet()) {
        List<Double> all = ofVenue(stage.getKey(), stage.getValue());
        double seconds = schedule(all, cores);
        whole += seconds;
        work += all.stream().mapToDouble(Double::doubleValue).sum();
        if (seconds > longest) {
          longest = seconds;
          longestStage = stage.getKey();
        }
      }
      lines.add(
          String.format(
              Locale.ROOT,
              "| %d | %.2f | %.0f %% | %.1f %% | %s |",
              cores,
              whole / 3600,
              100 * work / cores / whole,
              100 * driver / whole,
              longestStage));
    }
    return lines;
  }

  /**
   * The tasks of the venue. Files and units are as large as here, and there are more of them; a
   * bucket's signals and an instrument's export are one task each, which goes over all days.
   */
  private List<Double> ofVenue(String stage, List<Double> seconds) {
    boolean goesOverAllDays = stage.equals("signals") || stage.equals("write");
    double longer = goesOverAllDays ? (double) DAYS / data.days() : 1;
    double more =
        (double) INSTRUMENTS
            / data.instruments()
            * (goesOverAllDays ? 1 : (double) DAYS / data.days());
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < Math.round(seconds.size() * more); i++) {
      all.add(seconds.get(i % seconds.size()) * longer);
    }
    return all;
  }

  /** When the last task ends, where each goes to the core that is free first. */
  static double schedule(List<Double> tasks, int cores) {
    PriorityQueue<Double> free = new PriorityQueue<>();
    for (int i = 0; i < cores; i++) {
      free.add(0.0);
    }
    double end = 0;
    for (double task : tasks) {
      double done = free.remove() + task;
      free.add(done);
      end = Math.max(end, done);
    }
    return end;
  }
}
