package io.tapelake.jobs.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run is about to change, written before it changes anything and removed when all is done. A
 * journal that is still there belongs to a run that did not finish. Either its tables and files
 * were being written: they go back to where they were. Or everything but the cursors was done: the
 * cursors are in the journal, and are written.
 */
public final class RunJournal {

  private static final String PATH = VaultLayout.JOB_STATE + "/run.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final VaultStore store;

  public RunJournal(VaultStore store) {
    this.store = store;
  }

  /**
   * A run that did not finish.
   *
   * @param started when it started
   * @param tables the tables' versions before it
   * @param instruments whose files it was changing
   * @param cursors the cursors to write when it had finished everything else, otherwise null
   * @param clears whether it was taking out everything that was made of the instruments
   */
  public record Unfinished(
      String started,
      Map<String, Long> tables,
      List<String> instruments,
      List<InstrumentCursor> cursors,
      boolean clears) {}

  /** Notes what is about to change. */
  public void begin(Instant started, Map<String, Long> tables, Collection<String> instruments)
      throws IOException {
    ObjectNode node = header(started, tables, instruments);
    store.replace(PATH, out -> out.write(JSON.writeValueAsBytes(node)));
  }

  /**
   * Notes that everything that was made of some instruments is about to be taken out.
   *
   * @param tables empty when the outputs have no other instruments
   */
  public void beginClearing(
      Instant started, Map<String, Long> tables, Collection<String> instruments)
      throws IOException {
    ObjectNode node = header(started, tables, instruments).put("clears", true);
    store.replace(PATH, out -> out.write(JSON.writeValueAsBytes(node)));
  }

  /** Notes that only prepared quarantines and the cursors are left to put in their places. */
  public void noteCursors(Instant started, Map<String, Long> tables, List<InstrumentCursor> cursors)
      throws IOException {
    ObjectNode node =
        header(started, tables, cursors.stream().map(InstrumentCursor::instrument).toList());
    cursors.forEach(
        cursor ->
            node.withArray("cursors")
                .add(new String(CursorJson.encode(cursor), StandardCharsets.UTF_8)));
    store.replace(PATH, out -> out.write(JSON.writeValueAsBytes(node)));
  }

  /** The run that did not finish, or null. */
  public Unfinished unfinished() throws IOException {
    if (!store.exists(PATH)) {
      return null;
    }
    JsonNode node = JSON.readTree(store.read(PATH));
    Map<String, Long> tables = new LinkedHashMap<>();
    node.required("tables")
        .properties()
        .forEach(t -> tables.put(t.getKey(), t.getValue().asLong()));
    List<String> instruments = new ArrayList<>();
    node.required("instruments").forEach(each -> instruments.add(each.asText()));
    List<InstrumentCursor> cursors = null;
    if (node.has("cursors")) {
      cursors = new ArrayList<>();
      for (JsonNode each : node.get("cursors")) {
        cursors.add(CursorJson.decode(each.asText().getBytes(StandardCharsets.UTF_8)));
      }
    }
    return new Unfinished(
        node.required("started").asText(), tables, instruments, cursors, node.has("clears"));
  }

  /** Writes cursors and removes the journal. */
  public void finish(List<InstrumentCursor> cursors, CursorFiles files) throws IOException {
    for (InstrumentCursor cursor : cursors) {
      files.write(cursor);
    }
    store.delete(PATH);
  }

  private static ObjectNode header(
      Instant started, Map<String, Long> tables, Collection<String> instruments) {
    ObjectNode node = JSON.createObjectNode().put("started", started.toString());
    ObjectNode versions = node.putObject("tables");
    tables.forEach(versions::put);
    instruments.forEach(node.putArray("instruments")::add);
    return node;
  }
}
