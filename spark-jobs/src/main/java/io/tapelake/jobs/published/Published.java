package io.tapelake.jobs.published;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.FirstBytes;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * What counts of a vault's outputs, {@code state/vwap/published.json}: a run counts from the moment
 * at which this file is replaced.
 *
 * @param id names the publication, and the folder in which its files were made
 * @param fence a number that rises with each holder of the vault
 * @param asOf the latest as-of of all instruments
 * @param behind as-ofs of instruments that have another one
 * @param settings what the outputs were made with; null when there are none yet
 * @param tables the tables by name
 * @param files exports and cursors by path
 * @param backfill the backfill that is under way; null when none is
 */
public record Published(
    String id,
    long fence,
    Instant asOf,
    SortedMap<String, Instant> behind,
    OutputSettings settings,
    SortedMap<String, TableState> tables,
    SortedMap<String, FileState> files,
    Backfill backfill) {

  public static final String PATH = VaultLayout.JOB_STATE + "/published.json";

  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A table as it counts.
   *
   * @param id the table's own, of its metadata
   * @param checksum CRC-32C of the version's entry in the log, which no other has
   * @param from the first entry of the log behind its newest checkpoint
   * @param logBytes of the entries from that one to the version's
   */
  public record TableState(String id, long version, int checksum, long from, long logBytes) {}

  /**
   * A file as it counts.
   *
   * @param checksum CRC-32C of its bytes
   */
  public record FileState(long bytes, int checksum) implements Serializable {}

  /**
   * A backfill that has not come to its end.
   *
   * @param request what it was asked to do
   * @param asOf its as-of
   * @param doneThrough the last day that is finished, or null
   * @param cursorBytes of its notes of what was read
   */
  public record Backfill(String request, Instant asOf, LocalDate doneThrough, long cursorBytes) {}

  public Published {
    behind = Collections.unmodifiableSortedMap(new TreeMap<>(behind));
    tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** Of a vault without outputs. */
  public static Published nothing(String id, long fence) {
    return new Published(
        id, fence, Instant.EPOCH, new TreeMap<>(), null, new TreeMap<>(), new TreeMap<>(), null);
  }

  /** Whether a file is one of those that a publication names. */
  static boolean names(String path) {
    return path.startsWith(VaultLayout.DERIVED + "/") || CursorFiles.isCursor(path);
  }

  /** The number of the holder that published last; 0 when that cannot be told. */
  public static long fence(VaultStore store) throws IOException {
    try {
      Published published = read(store);
      return published == null ? 0 : published.fence();
    } catch (DamagedException e) {
      return 0;
    }
  }

  /** The backfill that is under way when it is the one that is asked for, otherwise null. */
  public Backfill backfill(String request) {
    return backfill != null && backfill.request().equals(request) ? backfill : null;
  }

  /** The as-of of an instrument. */
  public Instant asOf(String instrument) {
    return behind.getOrDefault(instrument, asOf);
  }

  /** The instruments that have a cursor. */
  public Set<String> instruments() {
    Set<String> instruments = new TreeSet<>();
    for (String path : files.keySet()) {
      if (CursorFiles.isCursor(path)) {
        instruments.add(CursorFiles.instrument(path.substring(path.lastIndexOf('/') + 1)));
      }
    }
    return instruments;
  }

  /**
   * What counts of a vault, or null when nothing was ever published.
   *
   * @throws DamagedException when the file cannot be understood
   */
  public static Published read(VaultStore store) throws IOException {
    return read(store, PATH);
  }

  public static Published read(VaultStore store, String path) throws IOException {
    if (!store.exists(path)) {
      return null;
    }
    try {
      return decode(JSON.readTree(store.read(path)));
    } catch (JsonProcessingException | RuntimeException e) {
      throw new DamagedException(path + " cannot be understood (" + reason(e) + ")", e);
    }
  }

  private static String reason(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  /** As text, one table or file a line so that a person can read it. */
  public byte[] encode() {
    ObjectNode node = JSON.createObjectNode().put("version", VERSION).put("publication", id);
    node.put("fence", fence).put("as_of", asOf.toString());
    ObjectNode others = node.putObject("behind");
    behind.forEach((instrument, instant) -> others.put(instrument, instant.toString()));
    if (settings != null) {
      node.set("settings", CursorJson.settings(settings));
    }
    if (backfill != null) {
      ObjectNode under = node.putObject("backfill").put("request", backfill.request());
      under.put("as_of", backfill.asOf().toString()).put("cursor_bytes", backfill.cursorBytes());
      if (backfill.doneThrough() != null) {
        under.put("done_through", backfill.doneThrough().toString());
      }
    }
    ObjectNode each = node.putObject("tables");
    tables.forEach(
        (name, table) ->
            each.putObject(name)
                .put("id", table.id())
                .put("version", table.version())
                .put("crc32c", Integer.toHexString(table.checksum()))
                .put("log_from", table.from())
                .put("log_bytes", table.logBytes()));
    ObjectNode lengths = node.putObject("files");
    files.forEach(
        (path, file) ->
            lengths
                .putObject(path)
                .put("bytes", file.bytes())
                .put("crc32c", Integer.toHexString(file.checksum())));
    String text = node.toString().replace("},\"", "},\n\"").replace(":{\"", ":{\n\"") + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Published decode(JsonNode node) {
    if (node.path("version").asInt() != VERSION) {
      throw new IllegalArgumentException(
          node.isMissingNode() ? "it is empty" : "its version is not " + VERSION);
    }
    SortedMap<String, Instant> behind = new TreeMap<>();
    node.required("behind")
        .properties()
        .forEach(each -> behind.put(each.getKey(), Instant.parse(each.getValue().asText())));
    SortedMap<String, TableState> tables = new TreeMap<>();
    node.required("tables")
        .properties()
        .forEach(each -> tables.put(each.getKey(), table(each.getValue())));
    SortedMap<String, FileState> files = new TreeMap<>();
    node.required("files")
        .properties()
        .forEach(each -> files.put(each.getKey(), file(each.getValue())));
    return new Published(
        node.required("publication").asText(),
        node.required("fence").asLong(),
        Instant.parse(node.required("as_of").asText()),
        behind,
        node.has("settings") ? CursorJson.settings(node.get("settings")) : null,
        tables,
        files,
        node.has("backfill") ? backfill(node.get("backfill")) : null);
  }

  private static TableState table(JsonNode node) {
    long version = node.required("version").asLong();
    return new TableState(
        node.required("id").asText(),
        version,
        checksum(node),
        node.path("log_from").asLong(version + 1),
        node.path("log_bytes").asLong());
  }

  private static FileState file(JsonNode node) {
    return new FileState(node.required("bytes").asLong(), checksum(node));
  }

  private static int checksum(JsonNode node) {
    return Integer.parseUnsignedInt(node.required("crc32c").asText(), 16);
  }

  private static Backfill backfill(JsonNode node) {
    return new Backfill(
        node.required("request").asText(),
        Instant.parse(node.required("as_of").asText()),
        node.has("done_through") ? LocalDate.parse(node.get("done_through").asText()) : null,
        node.required("cursor_bytes").asLong());
  }

  /** CRC-32C of some bytes. */
  public static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** CRC-32C of a part of a file, as far as it is there. */
  public static int checksum(VaultStore store, String path, long from, long length)
      throws IOException {
    CRC32C crc = new CRC32C();
    try (InputStream in = new FirstBytes(store.open(path, from), length)) {
      in.transferTo(new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
    }
    return (int) crc.getValue();
  }
}
