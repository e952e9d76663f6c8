package io.tapelake.collector.meta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.decode.Json;
import io.tapelake.collector.write.VaultFiles;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metadata files of one instrument in the vault: the latest, and a line for each change. */
public final class MetadataFiles {

  private static final Logger LOG = LoggerFactory.getLogger(MetadataFiles.class);
  private static final ObjectMapper JSON = Json.TREES;

  private final String instrument;
  private final Path latest;
  private final Path history;
  private JsonNode latestRaw;

  public MetadataFiles(Path vault, String instrument) {
    this.instrument = instrument;
    this.latest = vault.resolve(VaultLayout.metadata(instrument));
    this.history = vault.resolve(VaultLayout.metadataHistory(instrument));
  }

  /**
   * What was observed, and when; lines that cannot be read are skipped with a warning. The latest
   * metadata alone does not say since when it holds, and is not part of this.
   */
  public TermsHistory history() throws IOException {
    TermsHistory terms = new TermsHistory();
    if (Files.exists(history)) {
      try (BufferedReader lines = Files.newBufferedReader(history, StandardCharsets.ISO_8859_1)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          loadChange(
              new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8),
              terms);
        }
      }
    }
    return terms;
  }

  /** What was observed before this start; metadata without a history counts from ever on. */
  public TermsHistory load() throws IOException {
    TermsHistory terms = history();
    if (Files.exists(latest)) {
      try {
        JsonNode raw = JSON.readTree(Files.readAllBytes(latest)).path("raw");
        if (terms.latest() == null) {
          terms.observed(Instant.EPOCH, Terms.of(instrument, raw).contract());
        }
        latestRaw = raw;
      } catch (JsonProcessingException | BadMetadataException e) {
        LOG.warn(
            "{}: cached metadata is not usable and will be fetched anew: {}",
            latest,
            VaultFiles.reason(e));
      }
    }
    return terms;
  }

  private void loadChange(String line, TermsHistory terms) {
    try {
      JsonNode change = JSON.readTree(line);
      Instant observed = Instant.parse(change.path("observed_utc").asText());
      terms.observed(observed, Terms.of(instrument, change.path("raw")).contract());
    } catch (JsonProcessingException | DateTimeException | BadMetadataException e) {
      LOG.warn("{}: a line is not usable and is skipped: {}", history, VaultFiles.reason(e));
    }
  }

  /** Keeps what was observed; returns whether it differs from what was kept before. */
  public boolean keep(JsonNode raw, Terms terms, Instant observed) throws IOException {
    return keep(raw, terms, observed, true);
  }

  /** The same, though not through a power cut: what is no change can be observed again. */
  public boolean keepHint(JsonNode raw, Terms terms, Instant observed) throws IOException {
    return keep(raw, terms, observed, false);
  }

  private boolean keep(JsonNode raw, Terms terms, Instant observed, boolean force)
      throws IOException {
    if (raw.equals(latestRaw)) {
      return false;
    }
    ObjectNode entry = JSON.createObjectNode();
    entry.put("observed_utc", TradeLine.formatTime(observed));
    entry.put("instId", instrument);
    entry.set("normalized", normalized(terms));
    entry.set("raw", raw);
    String line = JSON.writeValueAsString(entry);
    if (force) {
      VaultFiles.appendLine(history, line);
    } else {
      VaultFiles.appendHint(history, line);
    }
    ObjectNode kept = JSON.createObjectNode();
    kept.put("instId", instrument);
    kept.set("raw", raw);
    kept.set("normalized", normalized(terms));
    VaultFiles.replaceHint(latest, JSON.writeValueAsString(kept) + "\n");
    latestRaw = raw;
    return true;
  }

  private static ObjectNode normalized(Terms terms) {
    ObjectNode node = JSON.createObjectNode();
    node.put("ctVal", terms.contract().value().toPlainString());
    node.put("ctMult", terms.contract().multiplier().toPlainString());
    node.put("ctType", terms.contract().type().text());
    node.put("tickSz", terms.tickSize());
    node.put("lotSz", terms.lotSize());
    return node;
  }
}
