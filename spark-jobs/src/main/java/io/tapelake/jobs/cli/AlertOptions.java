package io.tapelake.jobs.cli;

import java.util.Map;
import picocli.CommandLine.Option;

/** Who is told of new signals, as {@code run} takes it. */
final class AlertOptions {

  @Option(
      names = "--alerts-webhook",
      paramLabel = "URL",
      description =
          "post the signals of new minutes to this address, one JSON object each (default:"
              + " job.alerts.webhook, where other users of this machine do not see it)")
  private String webhook;

  @Option(
      names = "--alerts-stdout",
      description =
          "print the signals of new minutes on standard output, one JSON object a line, and all"
              + " else on standard error (default: job.alerts.stdout)")
  private boolean stdout;

  /** What the command line says, by key of the configuration. */
  void addTo(Map<String, String> said) {
    if (webhook != null) {
      said.put(JobProperties.ALERTS_WEBHOOK, webhook);
    }
    if (stdout) {
      said.put(JobProperties.ALERTS_STDOUT, "true");
    }
  }
}
