package io.tapelake.collector.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class MetricsTest {

  @Test
  void namesAreAsPrometheusWantsThem() throws Exception {
    Metrics metrics = new Metrics();
    metrics.instrument("BTC-USDT-SWAP").trades.inc();
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

  @Test
  void newsForAPersonKeepsTheCollectorNotFromBeingReady() throws Exception {
    Health told = new Health(List.of("news"), List.of("news"), List.of(), System.nanoTime());
    try (Endpoint endpoint = Endpoint.start(0, new Metrics(), () -> told)) {
      String url = "http://127.0.0.1:" + endpoint.port();
      assertThat(new URL(url + "/readyz").openStream().readAllBytes()).asString().isEqualTo("ok\n");
      assertThatThrownBy(() -> new URL(url + "/healthz").openStream()).hasMessageContaining("503");
    }
  }

  @Test
  void aClientThatDoesNotEndItsRequestKeepsNobodyFromAnAnswer() throws Exception {
    Health well = new Health(List.of(), List.of(), List.of(), System.nanoTime());
    try (Endpoint endpoint = Endpoint.start(0, new Metrics(), () -> well);
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
      slow.getOutputStream().write("GET /he".getBytes(StandardCharsets.US_ASCII));
      slow.getOutputStream().flush();
      URLConnection answer =
          new URL("http://127.0.0.1:" + endpoint.port() + "/livez").openConnection();
      answer.setReadTimeout(20_000);
      assertThat(answer.getInputStream().readAllBytes()).asString().isEqualTo("ok\n");
      slow.setSoTimeout(30_000);
      assertThat(slow.getInputStream().read()).as("closed in the end").isEqualTo(-1);
    }
  }
}
