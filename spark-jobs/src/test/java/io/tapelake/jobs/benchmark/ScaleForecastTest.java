package io.tapelake.jobs.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleForecastTest {

  @TempDir Path folder;

  @Test
  void aFreeCoreTakesTheNextTask() {
    List<Double> tasks = List.of(3.0, 1.0, 1.0, 4.0);
    assertThat(ScaleForecast.schedule(tasks, 1)).isEqualTo(9);
    assertThat(ScaleForecast.schedule(tasks, 2)).isEqualTo(6);
    assertThat(ScaleForecast.schedule(tasks, 8)).isEqualTo(4);
  }

  @Test
  void tasksOfAVenueAreMoreOrLonger() throws Exception {
    Files.write(
        folder.resolve("log"),
        List.of(
            "{\"Event\":\"SparkListenerApplicationStart\",\"Timestamp\":1000}",
            stage("Submitted", 0, "measure 1 groups of files", 2000, 0),
            task(0, 2000, 12_000),
            stage("Completed", 0, "", 2000, 12_000),
            stage("Submitted", 1, "signals of 3 instruments", 12_000, 0),
            task(1, 12_000, 13_000),
            stage("Completed", 1, "", 12_000, 13_000),
            "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":14000}"));
    DataSet data = new DataSet("x", 300, LocalDate.EPOCH, 73, 1);
    List<String> table = new ScaleForecast(data, folder).table();
    // Five times the days: five files of 10 s, one bucket's signals of 5 s; 1 s to start and 5 × 1.
    assertThat(table).contains("driver: 2.0 s of 13.0 s, of a venue 6 s");
    assertThat(table).contains("| 1 | 0.02 | 90 % | 9.8 % | measure |");
    assertThat(table.get(table.size() - 1)).isEqualTo("| 256 | 0.01 | 1 % | 28.6 % | measure |");
  }

  private static String stage(String what, int id, String does, long from, long to) {
    return ("{\"Event\":\"SparkListenerStage%s\",\"Stage Info\":{\"Stage ID\":%d,"
            + "\"Submission Time\":%d,\"Completion Time\":%d},"
            + "\"Properties\":{\"spark.job.description\":\"%s\"}}")
        .formatted(what, id, from, to, does);
  }

  private static String task(int stage, long from, long to) {
    return ("{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":%d,"
            + "\"Task Info\":{\"Launch Time\":%d,\"Finish Time\":%d}}")
        .formatted(stage, from, to);
  }
}
