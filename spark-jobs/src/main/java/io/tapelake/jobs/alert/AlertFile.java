package io.tapelake.jobs.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The alerts that wait, in {@code state/vwap/alerts.json}. What a run changes counts when the run
 * does.
 */
public final class AlertFile {

  static final String PATH = VaultLayout.JOB_STATE + "/alerts.json";

  private static final int VERSION = 1;
  private static final int SECONDS_A_MINUTE = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final VaultStore store;

  /** What the file holds, as far as it was read or written here. */
  private byte[] known;

  public AlertFile(VaultStore store) {
    this.store = store;
  }

  /**
   * The queue as it was left.
   *
   * @throws IllegalArgumentException when the file holds none, saying why
   */
  public AlertQueue read() throws IOException {
    if (!store.exists(PATH)) {
      // Where there never were alerts there is no file.
      AlertQueue queue = new AlertQueue();
      known = encode(queue);
      return queue;
    }
    known = store.read(PATH);
    return decode(known);
  }

  /** Writes a queue unless that is what the file holds; whether it was written. */
  public boolean writeIfChanged(AlertQueue queue) throws IOException {
    byte[] bytes = encode(queue);
    boolean isChanged = !Arrays.equals(bytes, known);
    if (isChanged) {
      store.replace(PATH, out -> out.write(bytes));
      known = bytes;
    }
    return isChanged;
  }

  /** Leaves out what waits of some instruments. */
  public void forget(Collection<String> instruments) throws IOException {
    if (!store.exists(PATH)) {
      return;
    }
    try {
      AlertQueue queue = read();
      queue.forget(instruments);
      writeIfChanged(queue);
    } catch (IllegalArgumentException e) {
      // There is nothing in it that could be told.
      store.delete(PATH);
    }
  }

  /** One alert a line, so that a person can read it. */
  static byte[] encode(AlertQueue queue) throws IOException {
    StringBuilder text = new StringBuilder("{\"version\":" + VERSION);
    text.append(",\n\"failures\":").append(queue.failures());
    if (queue.nextTry() != null) {
      text.append(",\n\"next_try\":\"").append(queue.nextTry()).append('"');
    }
    ObjectNode newest = JSON.createObjectNode();
    queue.newest().forEach((instrument, each) -> newest.put(instrument, time(each).toString()));
    text.append(",\n\"newest_minutes\":").append(newest).append(",\n\"alerts\":[");
    String separator = "\n";
    for (Alert alert : queue.alerts()) {
      text.append(separator)
          .append("{\"post\":")
          .append(alert.isToPost())
          .append(",\"print\":")
          .append(alert.isToPrint())
          .append(",\"refusals\":")
          .append(alert.refusals())
          .append(",\"signal\":")
          .append(alert.line())
          .append('}');
      separator = ",\n";
    }
    return text.append("]}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  static AlertQueue decode(byte[] bytes) throws IOException {
    try {
      JsonNode node = JSON.readTree(bytes);
      if (node.path("version").asInt() != VERSION) {
        throw new IllegalArgumentException("its version is not " + VERSION);
      }
      List<Alert> alerts = new ArrayList<>();
      node.required("alerts").forEach(each -> alerts.add(alert(each)));
      Map<String, Long> newest = new TreeMap<>();
      node.required("newest_minutes")
          .properties()
          .forEach(each -> newest.put(each.getKey(), minute(each.getValue())));
      return new AlertQueue(
          alerts,
          newest,
          Math.max(0, node.required("failures").asInt()),
          node.has("next_try") ? Instant.parse(node.get("next_try").asText()) : null);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    } catch (java.time.DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Alert alert(JsonNode node) {
    JsonNode signal = node.required("signal");
    return new Alert(
        signal.required("instId").asText(),
        minute(signal.required("window_start_utc")),
        signal.required("id").asText(),
        signal.toString(),
        node.required("post").asBoolean(),
        node.required("print").asBoolean(),
        node.required("refusals").asInt());
  }

  private static long minute(JsonNode time) {
    return Math.floorDiv(Instant.parse(time.asText()).getEpochSecond(), (long) SECONDS_A_MINUTE);
  }

  private static Instant time(long minute) {
    return Instant.ofEpochSecond(minute * SECONDS_A_MINUTE);
  }
}
