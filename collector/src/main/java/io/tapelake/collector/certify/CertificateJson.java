package io.tapelake.collector.certify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.decode.Excerpt;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Certificates as files, see FORMAT.md: one JSON object on one line, keys in a fixed order, so that
 * the same day gives the same bytes. Ids and times are strings, as in raw lines.
 */
final class CertificateJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private CertificateJson() {}

  /** The file's content. */
  static String write(Certificate certificate) {
    DayFile day = certificate.day();
    DayFacts facts = certificate.facts();
    Evidence evidence = certificate.evidence();
    ObjectNode node = JSON.createObjectNode();
    node.put("exchange", TradeLine.EXCHANGE_NAME).put("market", TradeLine.MARKET_NAME);
    node.put("instId", day.instrument()).put("day", day.day().toString());
    node.put("complete", certificate.isComplete());
    certificate.incompleteBecause().forEach(node.putArray("incomplete_because")::add);
    node.put("file", day.rawPath()).put("bytes", facts.bytes()).put("sha256", facts.sha256());
    node.put("trades", facts.trades()).put("ids", facts.ids());
    id(node, "first_id", facts.firstId());
    id(node, "last_id", facts.lastId());
    id(node, "previous_id", evidence.previousId());
    id(node, "next_id", evidence.nextId());
    node.put("missing_ids", certificate.missingIds());
    node.put("missing_ranges", certificate.missingRanges());
    node.set("missing", missing(certificate));
    node.put("repeated_lines", facts.repeatedLines());
    node.put("conflicting_lines", facts.conflictingLines());
    node.put("refused_lines", facts.refusedLines());
    node.put("ids_started_over", facts.startedOver());
    node.put("trades_set_aside", evidence.setAside());
    node.set("terms", terms(facts));
    node.put("channel", evidence.channel());
    node.put("grain", facts.isAggregated() ? "aggregated" : "single");
    node.set("sources", sources(evidence));
    node.put("clock_offset_ms", evidence.clockOffsetMillis());
    ArrayNode official = node.putArray("official");
    evidence.official().forEach(each -> official.add(official(each)));
    try {
      return JSON.writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void id(ObjectNode node, String key, long id) {
    node.put(key, id < 0 ? null : Long.toString(id));
  }

  private static void ids(ObjectNode node, IdRange ids) {
    id(node, "first_id", ids.from());
    id(node, "last_id", ids.to());
  }

  private static ArrayNode missing(Certificate certificate) {
    ArrayNode array = JSON.createArrayNode();
    for (Certificate.Missing missing : certificate.missing()) {
      ObjectNode node = array.addObject();
      ids(node, missing.ids());
      node.put("where", missing.where()).put("reason", missing.reason().code());
      missing.reason().tried().forEach(node.putArray("tried")::add);
    }
    return array;
  }

  private static ArrayNode terms(DayFacts facts) {
    ArrayNode array = JSON.createArrayNode();
    for (TermsSpan span : facts.terms()) {
      ObjectNode node = array.addObject();
      node.put(TradeLine.CT_VAL, span.contract().value().toPlainString());
      node.put(TradeLine.CT_MULT, span.contract().multiplier().toPlainString());
      node.put(TradeLine.CT_TYPE, span.contract().type().text());
      ids(node, new IdRange(span.firstId(), span.lastId()));
      node.put("from_utc", TradeLine.formatTime(span.from()));
      node.put("to_utc", TradeLine.formatTime(span.to()));
    }
    return array;
  }

  private static ArrayNode sources(Evidence evidence) {
    ArrayNode array = JSON.createArrayNode();
    for (Evidence.Source source : evidence.sources()) {
      ObjectNode node = array.addObject();
      ids(node, source.ids());
      node.put("source", source.source()).put("from", source.from());
    }
    return array;
  }

  /** A comparison as it stands in certificates and in the journal. */
  static ObjectNode official(OfficialComparison comparison) {
    ObjectNode node = JSON.createObjectNode();
    node.put("file", comparison.file());
    node.put("from_utc", TradeLine.formatTime(comparison.from()));
    node.put("to_utc", TradeLine.formatTime(comparison.to()));
    node.put("rows", comparison.rows());
    id(node, "previous_id", comparison.previousId());
    id(node, "next_id", comparison.nextId());
    node.put("raw_bytes", comparison.bytes()).put("raw_sha256", comparison.sha256());
    node.put("equal", comparison.isEqual());
    node.put("only_in_raw", comparison.onlyInRaw());
    node.put("only_in_official", comparison.onlyInOfficial());
    node.put("differing", comparison.differing());
    ArrayNode differences = node.putArray("differences");
    for (OfficialComparison.Difference difference : comparison.differences()) {
      ObjectNode one = differences.addObject();
      id(one, "id", difference.id());
      difference.what().forEach(one.putArray("what")::add);
    }
    return node;
  }

  /**
   * Reads a certificate of a day.
   *
   * @throws IOException when it is none, or another day's
   */
  static Certificate read(byte[] content, DayFile day) throws IOException {
    try {
      JsonNode node = JSON.readTree(content);
      if (!node.path("instId").asText().equals(day.instrument())
          || !node.path("day").asText().equals(day.day().toString())) {
        throw new IOException("it is of another day");
      }
      return new Certificate(day, facts(node), evidence(node));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new IOException(
          "it is no certificate: " + Excerpt.of(String.valueOf(e.getMessage())), e);
    }
  }

  private static DayFacts facts(JsonNode node) {
    List<IdRange> inside = new ArrayList<>();
    int edges = 0;
    long edgeIds = 0;
    for (JsonNode missing : node.required("missing")) {
      IdRange ids = ids(missing);
      if (missing.path("where").asText().equals("inside")) {
        inside.add(ids);
      } else {
        edges++;
        edgeIds += ids.size();
      }
    }
    List<TermsSpan> terms = new ArrayList<>();
    for (JsonNode span : node.required("terms")) {
      IdRange ids = ids(span);
      terms.add(
          new TermsSpan(
              new Contract(
                  new BigDecimal(span.required(TradeLine.CT_VAL).asText()),
                  new BigDecimal(span.required(TradeLine.CT_MULT).asText()),
                  contractType(span.required(TradeLine.CT_TYPE).asText())),
              ids.from(),
              ids.to(),
              Instant.parse(span.required("from_utc").asText()),
              Instant.parse(span.required("to_utc").asText())));
    }
    return new DayFacts(
        node.required("bytes").asLong(),
        node.required("sha256").asText(),
        node.required("trades").asLong(),
        node.required("ids").asLong(),
        id(node, "first_id"),
        id(node, "last_id"),
        inside,
        node.required("missing_ids").asLong() - edgeIds,
        node.required("missing_ranges").asInt() - edges,
        node.required("repeated_lines").asLong(),
        node.required("conflicting_lines").asLong(),
        node.required("refused_lines").asLong(),
        node.required("ids_started_over").asBoolean(),
        terms);
  }

  private static ContractType contractType(String text) {
    ContractType type = ContractType.parse(text);
    if (type == null) {
      throw new IllegalArgumentException("'" + text + "' is no ctType");
    }
    return type;
  }

  private static Evidence evidence(JsonNode node) {
    Map<IdRange, Evidence.Reason> reasons = new HashMap<>();
    for (JsonNode missing : node.required("missing")) {
      reasons.put(
          ids(missing),
          new Evidence.Reason(missing.path("reason").asText(), texts(missing.path("tried"))));
    }
    List<Evidence.Source> sources = new ArrayList<>();
    for (JsonNode source : node.required("sources")) {
      sources.add(
          new Evidence.Source(
              ids(source), source.path("source").asText(), source.path("from").asText(null)));
    }
    List<OfficialComparison> official = new ArrayList<>();
    node.required("official").forEach(each -> official.add(comparison(each)));
    JsonNode offset = node.required("clock_offset_ms");
    return new Evidence(
        id(node, "previous_id"),
        id(node, "next_id"),
        reasons,
        sources,
        node.required("channel").asText(null),
        offset.isNull() ? null : offset.asLong(),
        node.required("trades_set_aside").asLong(),
        official);
  }

  /** A comparison as {@link #official} wrote it. */
  static OfficialComparison comparison(JsonNode node) {
    List<OfficialComparison.Difference> differences = new ArrayList<>();
    for (JsonNode one : node.required("differences")) {
      differences.add(new OfficialComparison.Difference(id(one, "id"), texts(one.path("what"))));
    }
    return new OfficialComparison(
        node.required("file").asText(),
        Instant.parse(node.required("from_utc").asText()),
        Instant.parse(node.required("to_utc").asText()),
        node.required("rows").asLong(),
        id(node, "previous_id"),
        id(node, "next_id"),
        node.required("raw_bytes").asLong(),
        node.required("raw_sha256").asText(),
        node.required("only_in_raw").asLong(),
        node.required("only_in_official").asLong(),
        node.required("differing").asLong(),
        differences);
  }

  /** The first key of a certificate that is not what it has to be, for a message. */
  static String difference(byte[] there, String right) throws IOException {
    JsonNode claimed = JSON.readTree(there);
    JsonNode computed = JSON.readTree(right);
    for (Map.Entry<String, JsonNode> key : computed.properties()) {
      JsonNode value = claimed.path(key.getKey());
      if (!value.equals(key.getValue())) {
        return "%s is %s, but by the raw file it is %s"
            .formatted(
                key.getKey(),
                Excerpt.of(value.isMissingNode() ? "not there" : value.toString()),
                Excerpt.of(key.getValue().toString()));
      }
    }
    return "it was not written by tapelake certify: keys or spaces differ";
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static long id(JsonNode node, String key) {
    JsonNode id = node.required(key);
    return id.isNull() ? -1 : Long.parseLong(id.asText());
  }

  private static IdRange ids(JsonNode node) {
    return new IdRange(id(node, "first_id"), id(node, "last_id"));
  }
}
