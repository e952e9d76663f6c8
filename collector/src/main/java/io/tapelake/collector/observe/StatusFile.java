package io.tapelake.collector.observe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code state/collector/status.json}: how the process is, for those who look from outside. */
public final class StatusFile {

  private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Instant started;
  private final Complaints complaints = new Complaints();

  public StatusFile(Path vault, Instant started) {
    this.file = file(vault);
    this.started = started;
  }

  static Path file(Path vault) {
    return vault.resolve(VaultLayout.COLLECTOR_STATE).resolve("status.json");
  }

  /**
   * Says how it is.
   *
   * @param clockSkew null when it is not known
   */
  public void running(
      Instant now, List<String> troubles, List<String> waitingFor, Duration clockSkew) {
    ObjectNode node = node(now, troubles);
    node.put("running", true);
    waitingFor.forEach(node.putArray("waiting_for")::add);
    node.put("clock_skew_ms", clockSkew == null ? null : clockSkew.toMillis());
    write(node, now);
  }

  /** Says that it ended. */
  public void stopped(Instant now, int exitCode, List<String> troubles) {
    ObjectNode node = node(now, troubles);
    node.put("running", false);
    node.put("exit_code", exitCode);
    write(node, now);
  }

  private ObjectNode node(Instant now, List<String> troubles) {
    ObjectNode node = JSON.createObjectNode();
    node.put("pid", ProcessHandle.current().pid());
    node.put("started_utc", TradeLine.formatTime(started));
    node.put("updated_utc", TradeLine.formatTime(now));
    troubles.forEach(node.putArray("troubles")::add);
    return node;
  }

  private void write(ObjectNode node, Instant now) {
    try {
      VaultFiles.replaceHint(file, JSON.writeValueAsString(node) + "\n");
    } catch (IOException e) {
      if (complaints.due("status", now)) {
        LOG.warn("{} cannot be written: {}", file, VaultFiles.reason(e));
      }
    }
  }
}
