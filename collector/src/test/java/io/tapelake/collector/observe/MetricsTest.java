package io.tapelake.collector.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class MetricsTest {

  @Test
  void namesAreAsPrometheusWantsThem() throws Exception {
    Metrics metrics = new Metrics();
    metrics.instrument("BTC-USDT-SWAP").trades().inc();
    byte[] page = metrics.figures().page();
    assertThat(new String(page, StandardCharsets.UTF_8))
        .contains(
            "tapelake_collector_trades_total{instrument=\"BTC-USDT-SWAP\"} 1.0\n",
            "tapelake_collector_build_info{version=\"",
            "process_resident_memory_bytes ",
            "jvm_memory_used_bytes{");
    Process promtool;
    try {
      promtool =
          new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    } catch (IOException e) {
      System.err.println("SKIPPED: no promtool; './tapelake test' gets it where it may");
      Assumptions.abort("no promtool");
      return;
    }
    try (OutputStream out = promtool.getOutputStream()) {
      out.write(page);
    }
    assertThat(promtool.getInputStream().readAllBytes()).asString().isEmpty();
    assertThat(promtool.waitFor()).isZero();
  }
}
