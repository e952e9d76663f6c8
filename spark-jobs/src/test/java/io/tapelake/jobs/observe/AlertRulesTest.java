package io.tapelake.jobs.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What conf/ has for Prometheus and Grafana. */
final class AlertRulesTest {

  private static final Path PROJECT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

  @Test
  void rulesFireAsTheirTestsSay() throws Exception {
    Path folder = PROJECT.resolve("conf/prometheus");
    Promtool.run("", "check", "config", folder.resolve("prometheus.yml").toString());
    Promtool.run("", "test", "rules", folder.resolve("tapelake-alerts-test.yml").toString());
  }

  /** A figure that was renamed would leave an empty panel or a rule that never fires. */
  @Test
  void rulesAndDashboardAskForFiguresThatThereAre() throws Exception {
    String sources =
        Files.readString(
                PROJECT.resolve(
                    "collector/src/main/java/io/tapelake/collector/observe/Metrics.java"))
            + Files.readString(
                PROJECT.resolve(
                    "spark-jobs/src/main/java/io/tapelake/jobs/observe/JobMetrics.java"));
    String rules = Files.readString(PROJECT.resolve("conf/prometheus/tapelake-alerts.yml"));
    JsonNode board =
        new ObjectMapper()
            .readTree(Files.readString(PROJECT.resolve("conf/grafana/tapelake.json")));
    assertThat(board.path("panels")).isNotEmpty();
    Set<String> asked = new TreeSet<>();
    Matcher names =
        Pattern.compile("tapelake_(?:collector|job)_([a-z_]+?)(?:_total)?\\b")
            .matcher(rules + board);
    while (names.find()) {
      asked.add(names.group(1));
    }
    assertThat(asked).hasSizeGreaterThan(15);
    assertThat(asked).allSatisfy(name -> assertThat(sources).contains("\"" + name + "\""));
  }
}
