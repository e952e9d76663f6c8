package io.tapelake.jobs.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JobMetricsTest {

  private static final Instant AS_OF = Instant.parse("2026-01-02T10:00:00Z");

  @Test
  void namesAreAsPrometheusWantsThem() throws Exception {
    Promtool.run(text(afterARun()), "check", "metrics");
  }

  @Test
  void figuresOfARunAreTold() {
    assertThat(text(afterARun()))
        .contains("tapelake_job_trades_total{instrument=\"BTC-USDT-SWAP\"} 7.0\n")
        .contains("tapelake_job_lag_seconds{instrument=\"BTC-USDT-SWAP\"} 90.0\n")
        .contains(
            "tapelake_job_refused_lines_total{instrument=\"BTC-USDT-SWAP\",reason=\"bad\"} 3.0\n")
        .contains("tapelake_job_step_seconds_total{step=\"read\"} 1.5\n")
        .contains("tapelake_job_runs_total{exit_code=\"0\"} 1.0\n")
        .contains("tapelake_job_last_success_timestamp_seconds 1.767348E9\n")
        .doesNotContain("jvm_", "process_");
  }

  @Test
  void countersGoOnWhereTheFileEndsAndAFailureKeepsTheLastSuccess() {
    JobMetrics later = new JobMetrics();
    later.continueFrom(text(afterARun()).lines().toList());
    later.read("BTC-USDT-SWAP", 10, 5, 1);
    later.ended(AS_OF.plusSeconds(60), 1);
    assertThat(text(later))
        .contains("tapelake_job_trades_total{instrument=\"BTC-USDT-SWAP\"} 12.0\n")
        .contains(
            "tapelake_job_refused_lines_total{instrument=\"BTC-USDT-SWAP\",reason=\"bad\"} 3.0\n")
        .contains("tapelake_job_runs_total{exit_code=\"1\"} 1.0\n")
        .contains("tapelake_job_last_exit_code 1.0\n")
        .contains("tapelake_job_last_success_timestamp_seconds 1.767348E9\n")
        .contains("tapelake_job_last_run_timestamp_seconds 1.76734806E9\n");
  }

  @Test
  void foreignLinesAreLeftOut() {
    JobMetrics metrics = new JobMetrics();
    metrics.continueFrom(
        List.of("", "# HELP x y", "up 1", "tapelake_job_trades_total{", "a{b=\"c\"} d"));
    assertThat(text(metrics)).isEqualTo(text(new JobMetrics()));
  }

  private static JobMetrics afterARun() {
    JobMetrics metrics = new JobMetrics();
    metrics.took(Duration.ofSeconds(2), Map.of("read", Duration.ofMillis(1500)));
    metrics.reached("BTC-USDT-SWAP", AS_OF, AS_OF.minusSeconds(90));
    metrics.read("BTC-USDT-SWAP", 1000, 7, 2);
    metrics.found("BTC-USDT-SWAP", 1, 2, Map.of("bad", 3L));
    metrics.ended(AS_OF, 0);
    return metrics;
  }

  private static String text(JobMetrics metrics) {
    return new String(metrics.figures().text(), StandardCharsets.UTF_8);
  }
}
