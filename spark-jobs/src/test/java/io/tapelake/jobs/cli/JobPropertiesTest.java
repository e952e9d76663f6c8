package io.tapelake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.JobException;
import io.tapelake.jobs.plan.OutputSettings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobPropertiesTest {

  @TempDir private Path folder;

  @Test
  void defaults() {
    JobProperties properties = JobProperties.load(null);
    OutputSettings settings = properties.outputSettings();
    assertThat(properties.vaultRoot()).isEqualTo("vault-data");
    assertThat(properties.instruments()).isEmpty();
    assertThat(properties.sliceBytes()).isEqualTo(32L << 20);
    assertThat(settings.windowNames()).isEqualTo("15m,1h,4h,1d");
    assertThat(settings.grace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.maxRefusedRatio()).isEqualTo(new BigDecimal("0.01"));
    assertThat(settings.trades()).isTrue();
  }

  @Test
  void everyKeyIsRead() throws IOException {
    JobProperties properties =
        load(
            "vault.root = /data/vault \njob.instruments=A-USDT-SWAP, B-USDT-SWAP\n"
                + "job.windows=15m,1d\njob.grace=2m\njob.max-refused-ratio=0.5\n"
                + "job.trades=false\njob.slice-megabytes=1\n");
    OutputSettings settings = properties.outputSettings();
    assertThat(properties.vaultRoot()).isEqualTo("/data/vault");
    assertThat(properties.instruments()).containsExactly("A-USDT-SWAP", "B-USDT-SWAP");
    assertThat(properties.sliceBytes()).isEqualTo(1L << 20);
    assertThat(settings.windowNames()).isEqualTo("15m,1d");
    assertThat(settings.grace()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.maxRefusedRatio()).isEqualTo(new BigDecimal("0.5"));
    assertThat(settings.trades()).isFalse();
  }

  @Test
  void signalsAreOfWhatIsComputed() throws IOException {
    for (String line : java.util.List.of("windows=1hr", "windows=1h,8h", "cross=15m/2h")) {
      JobProperties typo = load("job.signals." + line + "\n");
      assertThatThrownBy(typo::outputSettings)
          .as(line)
          .isInstanceOf(JobException.class)
          .hasMessageContaining("bad value")
          .hasMessageContaining("is none of [15m, 1h, 4h, 1d, session]");
    }
    String anchored = "job.anchors=cpi=2025-12-10T13:30:00Z\njob.signals.windows=1h,cpi\n";
    assertThat(load(anchored).outputSettings().hasAnalytics()).isTrue();
    assertThat(load("job.windows=15m\n").outputSettings().hasAnalytics()).isTrue();
  }

  @Test
  void theCommandLineGoesFirst() throws IOException {
    JobProperties properties = load("job.windows=15m\njob.trades=true\n");
    OutputSettings settings =
        properties.with(Map.of("job.windows", "2h", "job.trades", "false")).outputSettings();
    assertThat(settings.windowNames()).isEqualTo("2h");
    assertThat(settings.trades()).isFalse();
  }

  @Test
  void anUnknownKeyIsNamedTogetherWithTheFileAndTheKnownOnes() {
    assertThatThrownBy(() -> load("job.window=1h\n"))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("'job.window'")
        .hasMessageContaining("jobs.properties")
        .hasMessageContaining("job.windows");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> JobProperties.load(folder.resolve("none.properties")))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("none.properties");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job.windows=1x",
        "job.windows=",
        "job.windows=1h,60m",
        "job.grace=-1s",
        "job.grace=ten",
        "job.max-refused-ratio=1.1",
        "job.max-refused-ratio=-0.1",
        "job.max-refused-ratio=NaN",
        "job.trades=yes",
        "job.slice-megabytes=0",
        "job.slice-megabytes=1025",
        "job.slice-megabytes=1.5",
        "job.cvd-origin=2025-12-10",
        "job.cvd-origin=yesterday",
        "job.alerts.webhook=nowhere",
        "job.alerts.stdout=yes",
        "job.alerts.max-age=never",
        "job.alerts.max-age=25h"
      })
  void aBadValueIsUsageAndNamed(String line) throws IOException {
    JobProperties properties = load(line + "\n");
    assertThatThrownBy(
            () -> {
              properties.sliceBytes();
              properties.outputSettings();
              properties.alerts();
            })
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("'" + line.substring(line.indexOf('=') + 1).split(",60m")[0]);
  }

  @Test
  void theExampleFileNamesEveryKeyWithItsDefault() throws IOException {
    Path example =
        Path.of(System.getProperty("basedir", "")).resolve("../conf/jobs.properties").normalize();
    Map<String, String> shown = new LinkedHashMap<>();
    for (String line : Files.readAllLines(example)) {
      if (line.matches("#?[a-z.-]+=.*")) {
        int equals = line.indexOf('=');
        shown.put(line.substring(0, equals).replace("#", ""), line.substring(equals + 1));
      }
    }
    assertThat(shown).isEqualTo(JobProperties.DEFAULTS);
    assertThat(JobProperties.load(example).outputSettings())
        .isEqualTo(JobProperties.load(null).outputSettings());
  }

  private JobProperties load(String content) throws IOException {
    Path file = folder.resolve("jobs.properties");
    Files.writeString(file, content);
    return JobProperties.load(file);
  }
}
