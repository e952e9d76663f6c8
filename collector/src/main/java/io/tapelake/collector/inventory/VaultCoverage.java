package io.tapelake.collector.inventory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.certify.CertificateFiles;
import io.tapelake.collector.certify.SourceJournal;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.write.DayContent;
import io.tapelake.collector.write.RawDay;
import io.tapelake.collector.write.RawFolder;
import io.tapelake.collector.write.RawLock;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds out what the vault has, day by day. Days that have not changed since they were read are not
 * read again: {@code state/collector/coverage.json} keeps what was in them.
 */
public final class VaultCoverage {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Days in more pieces than this are read each time. */
  private static final int MOST_RANGES = 1_000;

  private final Path vault;
  private final ObjectNode cache;
  private final CertificateFiles certificates;
  private final List<String> unreadable = new ArrayList<>();
  private boolean changed;

  private VaultCoverage(Path vault, ObjectNode cache) {
    this.vault = vault;
    this.cache = cache;
    this.certificates = new CertificateFiles(vault);
  }

  public static VaultCoverage of(Path vault) throws IOException {
    Path file = cacheFile(vault);
    if (Files.exists(file)) {
      try {
        JsonNode node = JSON.readTree(Files.readAllBytes(file));
        if (node instanceof ObjectNode object) {
          return new VaultCoverage(vault, object);
        }
      } catch (JsonProcessingException e) {
        // Made anew from the files.
        return new VaultCoverage(vault, JSON.createObjectNode());
      }
    }
    return new VaultCoverage(vault, JSON.createObjectNode());
  }

  private static Path cacheFile(Path vault) {
    return vault.resolve(VaultLayout.COLLECTOR_STATE).resolve("coverage.json");
  }

  /** What there is of an instrument from day to day, both included. */
  public List<DayCoverage> days(String instrument, LocalDate from, LocalDate to)
      throws IOException {
    Map<LocalDate, Map<String, Long>> sources = SourceJournal.read(vault, instrument);
    List<DayCoverage> days = new ArrayList<>();
    LocalDate before = null;
    long lastId = -1;
    for (LocalDate date : RawFolder.days(vault, instrument)) {
      // The day before the first one asked for shows what is missing between the two.
      if (date.isBefore(from.equals(LocalDate.MIN) ? from : from.minusDays(1))
          || date.isAfter(to)) {
        continue;
      }
      DayFile day = new DayFile(instrument, date);
      DayContent content;
      try {
        content = content(day);
      } catch (IOException e) {
        unreadable.add(VaultFiles.unreadable(day, e).getMessage());
        continue;
      }
      IdRanges ids = content.ids();
      List<IdRange> missing = new ArrayList<>();
      if (ids.highest() >= 0) {
        boolean follows = before != null && before.plusDays(1).equals(date) && lastId >= 0;
        missing.addAll(
            ids.missing(
                follows ? Math.min(lastId + 1, ids.lowest()) : ids.lowest(), ids.highest()));
        lastId = ids.highest();
        before = date;
      }
      if (!date.isBefore(from)) {
        days.add(coverage(day, content, missing, sources.getOrDefault(date, Map.of())));
      }
    }
    return days;
  }

  private DayCoverage coverage(
      DayFile day, DayContent content, List<IdRange> missing, Map<String, Long> journaled)
      throws IOException {
    RawDay raw = new RawDay(vault, day);
    Map<String, Long> sources = new TreeMap<>(journaled);
    long known = journaled.values().stream().mapToLong(Long::longValue).sum();
    if (content.trades() > known) {
      sources.put("collected", content.trades() - known);
    }
    return new DayCoverage(
        day,
        content.trades(),
        content.ids().size(),
        content.ids().lowest(),
        content.ids().highest(),
        missing,
        sources,
        raw.storedBytes(),
        raw.form() == RawDay.Form.ARCHIVED,
        certificates.state(day));
  }

  private DayContent content(DayFile day) throws IOException {
    RawDay raw = new RawDay(vault, day);
    if (raw.form() == RawDay.Form.BOTH) {
      try (RawLock lock = RawLock.take(vault, day.instrument())) {
        raw.settle();
      }
    }
    String stamp = stamp(raw, day);
    JsonNode known = cache.path(day.rawPath());
    if (known.path("stamp").asText().equals(stamp)) {
      IdRanges ids = new IdRanges();
      known.path("ids").forEach(range -> ids.add(range.get(0).asLong(), range.get(1).asLong()));
      return new DayContent(known.path("trades").asLong(), ids);
    }
    DayContent content = DayContent.read(vault, day);
    if (content.ids().rangeCount() <= MOST_RANGES) {
      ObjectNode entry = cache.putObject(day.rawPath());
      entry.put("stamp", stamp);
      entry.put("trades", content.trades());
      ArrayNode ids = entry.putArray("ids");
      for (IdRange range : content.ids().ranges()) {
        ids.addArray().add(range.from()).add(range.to());
      }
      changed = true;
    }
    return content;
  }

  private String stamp(RawDay raw, DayFile day) throws IOException {
    Path file = raw.form() == RawDay.Form.ARCHIVED ? raw.archive() : raw.plain();
    return file.getFileName()
        + " "
        + Files.size(file)
        + " "
        + Files.getLastModifiedTime(file).toMillis()
        + " "
        + DayContent.countBytes(vault, day);
  }

  /** Days that were left out, and why. */
  public List<String> unreadable() {
    return unreadable;
  }

  /** Keeps what was read, for the next time. */
  public void remember() throws IOException {
    if (changed) {
      VaultFiles.replace(cacheFile(vault), JSON.writeValueAsString(cache) + "\n");
    }
  }
}
