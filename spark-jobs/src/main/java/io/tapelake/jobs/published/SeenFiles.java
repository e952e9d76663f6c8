package io.tapelake.jobs.published;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lengths and times of raw files and exports, as they were when their content was looked at last. A
 * hint only: without it more is read.
 */
public final class SeenFiles {

  private static final String PATH = VaultLayout.JOB_STATE + "/seen-files.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final VaultStore store;
  private final Map<String, Seen> before = new TreeMap<>();
  private final Map<String, Seen> now = new TreeMap<>();

  /**
   * A file as it was.
   *
   * @param plain the length of an archive's plain bytes; 0 for other files
   * @param settled whether all that was consumed of a day was compared after the day was over
   */
  public record Seen(long length, long modified, long plain, boolean settled) {

    public boolean isOf(VaultStore.Entry entry) {
      return length == entry.length() && modified == entry.modified();
    }
  }

  public SeenFiles(VaultStore store) throws IOException {
    this.store = store;
    read();
    now.putAll(before);
  }

  private void read() throws IOException {
    if (!store.exists(PATH)) {
      return;
    }
    try {
      JSON.readTree(store.read(PATH))
          .properties()
          .forEach(each -> before.put(each.getKey(), seen(each.getValue())));
    } catch (JsonProcessingException e) {
      before.clear();
    }
  }

  private static Seen seen(JsonNode node) {
    return new Seen(
        node.path(0).asLong(),
        node.path(1).asLong(),
        node.path(2).asLong(),
        node.path(3).asInt() == 1);
  }

  /** A file as it was before this run, or null. */
  public Seen before(String path) {
    return before.get(path);
  }

  /** Whether a file that is not a raw one is as it was. */
  public boolean isSame(String path, VaultStore.Entry entry) {
    Seen seen = before.get(path);
    return seen != null && seen.isOf(entry);
  }

  /** Notes a file. */
  public void put(String path, Seen seen) {
    now.put(path, seen);
  }

  /** Notes a file that is not a raw one, as it is. */
  public void look(String path) throws IOException {
    VaultStore.Entry entry = store.entry(path);
    if (entry == null) {
      now.remove(path);
    } else {
      now.put(path, new Seen(entry.length(), entry.modified(), 0, false));
    }
  }

  public void remove(String path) {
    now.remove(path);
  }

  /** Keeps what was noted for the next run. */
  public void save() throws IOException {
    if (now.equals(before)) {
      return;
    }
    ObjectNode node = JSON.createObjectNode();
    now.forEach(
        (path, each) -> {
          ArrayNode values = node.putArray(path).add(each.length()).add(each.modified());
          if (each.plain() > 0 || each.settled()) {
            values.add(each.plain());
          }
          if (each.settled()) {
            values.add(1);
          }
        });
    store.replace(PATH, out -> out.write(JSON.writeValueAsBytes(node)));
  }
}
