package io.tapelake.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The figures of a program, in Prometheus' text format. */
public final class ProgramMetrics {

  /** The type of the text. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final String prefix;

  /**
   * Figures whose names begin with {@code tapelake_PROGRAM_}; the first tells which build it is.
   *
   * @param program such as {@code collector}
   */
  public ProgramMetrics(String program) {
    prefix = "tapelake_" + program + "_";
    Info.builder()
        .name(prefix + "build_info")
        .help("The build that runs")
        .labelNames("version")
        .register(registry)
        .addLabelValues(version());
  }

  /** Where further figures register. */
  public PrometheusRegistry registry() {
    return registry;
  }

  /** A name of this program's. */
  public String name(String name) {
    return prefix + name;
  }

  /** A figure that only grows; its name gets {@code _total}. */
  public Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name(name(name))
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  /** A figure that goes up and down. */
  public Gauge gauge(String name, String help, String... labels) {
    return Gauge.builder()
        .name(name(name))
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  /** The program's own figures, for a file: of a process that ends the others say nothing. */
  public byte[] text() {
    return text(registry);
  }

  /** The same with the figures of the process and its JVM, to be served. */
  public byte[] page() {
    return text(registry, Process.REGISTRY);
  }

  private static byte[] text(PrometheusRegistry... registries) {
    ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 14);
    try {
      for (PrometheusRegistry each : registries) {
        PrometheusTextFormatWriter.builder().build().write(text, each.scrape());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return text.toByteArray();
  }

  /** Loaded by programs that serve. */
  private static final class Process {

    static final PrometheusRegistry REGISTRY = new PrometheusRegistry();

    static {
      ProcessMetrics.builder().register(REGISTRY);
      JvmMemoryMetrics.builder().register(REGISTRY);
      JvmGarbageCollectorMetrics.builder().register(REGISTRY);
      JvmThreadsMetrics.builder().register(REGISTRY);
      JvmRuntimeInfoMetric.builder().register(REGISTRY);
    }
  }

  /** The version that the build was given. */
  public static String version() {
    try (InputStream in = ProgramMetrics.class.getResourceAsStream("build.properties")) {
      Properties build = new Properties();
      build.load(in);
      return build.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("build.properties is missing in this program's jar", e);
    }
  }
}
