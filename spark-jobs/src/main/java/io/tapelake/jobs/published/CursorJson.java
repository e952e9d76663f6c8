package io.tapelake.jobs.published;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.analytics.signal.SignalSettings;
import io.tapelake.analytics.window.Anchor;
import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.plan.AnalyticsSettings;
import io.tapelake.jobs.plan.ExportLengths;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.TradeStamp;
import io.tapelake.jobs.table.LakeSchema;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A cursor as JSON, one file a line so that a person can read it. */
final class CursorJson {

  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private CursorJson() {}

  static byte[] encode(InstrumentCursor cursor) {
    StringBuilder text = new StringBuilder(256 + 300 * cursor.files().size()).append("{\n");
    TradeStamp newest = cursor.newestClosed();
    long lastRow = cursor.lastRow();
    field(text, "last_timestamp_utc", newest == null ? null : TradeLine.formatTime(newest.time()));
    field(text, "last_trade_id", newest == null ? null : Long.toString(newest.id()));
    field(
        text,
        "last_minute_processed",
        lastRow == Long.MIN_VALUE ? null : LakeSchema.instant(lastRow).toString());
    field(text, "instId", cursor.instrument());
    text.append("\"version\":").append(VERSION).append(",\n");
    text.append("\"settings\":").append(settings(cursor.settings())).append(",\n");
    text.append("\"export_bytes\":").append(cursor.exports().vwap()).append(",\n");
    if (cursor.settings().hasAnalytics()) {
      text.append("\"cvd_bytes\":").append(cursor.exports().cvd()).append(",\n");
      text.append("\"signals_bytes\":").append(cursor.exports().signals()).append(",\n");
    }
    text.append("\"files\":{");
    String separator = "\n";
    for (var each : cursor.files().entrySet()) {
      String name = new DayFile(cursor.instrument(), each.getKey()).fileName();
      text.append(separator).append('"').append(name).append("\":").append(file(each.getValue()));
      separator = ",\n";
    }
    return text.append("}}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The cursor that a file holds, with the as-of that the publication names.
   *
   * @throws IllegalArgumentException when it holds none
   */
  static InstrumentCursor decode(byte[] bytes, Instant asOf) {
    try {
      return decode(JSON.readTree(bytes), asOf);
    } catch (IOException e) {
      throw new IllegalArgumentException("cursor is not JSON: " + e.getMessage(), e);
    }
  }

  static InstrumentCursor decode(JsonNode node, Instant asOf) {
    if (node.path("version").asInt() != VERSION) {
      throw new IllegalArgumentException("cursor version is not 1: " + node.path("version"));
    }
    TreeMap<LocalDate, FileCursor> files = new TreeMap<>();
    node.required("files")
        .properties()
        .forEach(each -> files.put(DayFile.dayOf(each.getKey()), file(each.getValue())));
    return new InstrumentCursor(
        node.required("instId").asText(),
        asOf,
        settings(node.required("settings")),
        files,
        new ExportLengths(
            node.required("export_bytes").asLong(),
            node.path("cvd_bytes").asLong(),
            node.path("signals_bytes").asLong()));
  }

  static ObjectNode settings(OutputSettings settings) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("windows", settings.windowNames())
            .put("grace", settings.grace().toString())
            .put("max_refused_ratio", settings.maxRefusedRatio().toPlainString())
            .put("trades", settings.trades());
    AnalyticsSettings analytics = settings.analytics();
    if (analytics != null) {
      ObjectNode more = node.putObject("analytics");
      analytics.anchors().forEach(anchor -> more.withArray("anchors").add(anchor.toString()));
      if (analytics.cvdOrigin() != null) {
        more.put("cvd_origin", analytics.cvdOrigin().toString());
      }
      ObjectNode signals = more.putObject("signals");
      analytics.signals().values().forEach(signals::put);
    }
    return node;
  }

  static OutputSettings settings(JsonNode node) {
    return new OutputSettings(
        WindowSpec.parseList(node.required("windows").asText()),
        Duration.parse(node.required("grace").asText()),
        new BigDecimal(node.required("max_refused_ratio").asText()),
        node.required("trades").asBoolean(),
        node.has("analytics") ? analytics(node.get("analytics")) : null);
  }

  private static AnalyticsSettings analytics(JsonNode node) {
    List<String> anchors = new ArrayList<>();
    node.path("anchors").forEach(each -> anchors.add(each.asText()));
    Map<String, String> signals = new TreeMap<>();
    node.path("signals")
        .properties()
        .forEach(each -> signals.put(each.getKey(), each.getValue().asText()));
    return new AnalyticsSettings(
        Anchor.parseAll(anchors),
        node.has("cvd_origin") ? Instant.parse(node.get("cvd_origin").asText()) : null,
        SignalSettings.of(signals));
  }

  /** What follows from the rest is left out: settled files are most of a cursor. */
  private static ObjectNode file(FileCursor file) {
    ObjectNode node = JSON.createObjectNode().put("bytes", file.bytes());
    unless(node, "reread_from", file.rereadFrom(), file.bytes());
    if (file.openMinute() != FileCursor.NONE_OPEN) {
      node.put("open_minute", LakeSchema.instant(file.openMinute()).toString());
    }
    node.put("crc32c", Integer.toHexString(file.checksum()))
        .put("edges", Integer.toHexString(file.edges()))
        .put("lines", file.lines());
    unless(node, "refused", file.refused(), 0);
    unless(node, "duplicates", file.duplicates(), 0);
    unless(node, "trades", file.trades(), file.lines() - file.refused() - file.duplicates());
    unless(node, "max_trade_id", file.maxPublishedId(), id(file.newest()));
    unless(node, "quarantine_bytes", file.quarantineBytes(), 0);
    stamp(node, "newest", file.newest());
    boolean isSettled = file.rereadFrom() == file.bytes();
    if (!isSettled || !Objects.equals(file.newestClosed(), file.newest())) {
      stamp(node, "newest_closed", file.newestClosed());
    }
    if (file.broken()) {
      node.put("broken", true);
    }
    return node;
  }

  private static FileCursor file(JsonNode node) {
    long bytes = node.required("bytes").asLong();
    long lines = node.required("lines").asLong();
    long refused = node.path("refused").asLong();
    long duplicates = node.path("duplicates").asLong();
    TradeStamp newest = stamp(node.get("newest"));
    return new FileCursor(
        bytes,
        node.path("reread_from").asLong(bytes),
        node.has("open_minute")
            ? Instant.parse(node.get("open_minute").asText()).getEpochSecond() / 60
            : FileCursor.NONE_OPEN,
        Integer.parseUnsignedInt(node.required("crc32c").asText(), 16),
        Integer.parseUnsignedInt(node.required("edges").asText(), 16),
        lines,
        refused,
        node.path("trades").asLong(lines - refused - duplicates),
        duplicates,
        newest,
        // Where it was written of old it is left out when there is none.
        node.has("newest_closed") || node.has("reread_from")
            ? stamp(node.get("newest_closed"))
            : newest,
        node.path("max_trade_id").asLong(id(newest)),
        node.path("quarantine_bytes").asLong(),
        node.path("broken").asBoolean());
  }

  private static void unless(ObjectNode node, String key, long value, long usual) {
    if (value != usual) {
      node.put(key, value);
    }
  }

  private static long id(TradeStamp stamp) {
    return stamp == null ? -1 : stamp.id();
  }

  private static void stamp(ObjectNode node, String key, TradeStamp stamp) {
    if (stamp == null) {
      node.putNull(key);
    } else {
      node.putObject(key)
          .put("time", TradeLine.formatTime(stamp.time()))
          .put("id", Long.toString(stamp.id()));
    }
  }

  private static TradeStamp stamp(JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    Instant time = Instant.parse(node.required("time").asText());
    return new TradeStamp(
        time.getEpochSecond(), time.getNano(), Long.parseLong(node.required("id").asText()));
  }

  private static void field(StringBuilder text, String key, String value) {
    text.append('"').append(key).append("\":");
    try {
      text.append(JSON.writeValueAsString(value)).append(",\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
