package io.tapelake.collector.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.collector.certify.CertificateFiles;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The state of collector and job, as the vault's files tell it. */
public final class StatusReport {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int RECENT_DAYS = 7;
  private static final Duration SILENT_WHEN_DEAD = Duration.ofMinutes(1);

  private final ObjectNode report;
  private final Instant now;

  private StatusReport(ObjectNode report, Instant now) {
    this.report = report;
    this.now = now;
  }

  /** Reads the vault; files that are absent or cannot be read are reported as such. */
  public static StatusReport read(Path vault, Instant now) throws IOException {
    ObjectNode report = JSON.createObjectNode();
    report.put("vault", vault.toString());
    JsonNode process = tree(StatusFile.file(vault));
    ObjectNode collector = report.putObject("collector");
    collector.set("process", process);
    collector.put("alive", alive(process, now));
    ObjectNode instruments = report.putObject("instruments");
    for (String name : names(vault)) {
      ObjectNode entry = instruments.putObject(name);
      entry.set("collector", tree(vault.resolve(VaultLayout.collectorState(name))));
      entry.set("job", tree(vault.resolve(VaultLayout.cursor(name))));
      entry.set("certificates", certificates(vault, name));
    }
    return new StatusReport(report, now);
  }

  /** The newest certified days, and what stands of them. */
  private static ArrayNode certificates(Path vault, String name) throws IOException {
    ArrayNode recent = JSON.createArrayNode();
    for (LocalDate date : new CertificateFiles(vault).days(name).descendingSet()) {
      if (recent.size() == RECENT_DAYS) {
        break;
      }
      JsonNode certificate = tree(vault.resolve(VaultLayout.certificate(new DayFile(name, date))));
      ObjectNode entry = recent.addObject().put("day", date.toString());
      entry.put("complete", certificate.path("complete").asBoolean());
      entry.put("missing_ids", certificate.path("missing_ids").asLong());
      entry.set("incomplete_because", certificate.path("incomplete_because"));
    }
    return recent;
  }

  /** After a container's end its process id may be another's: one that lives says so again. */
  private static boolean alive(JsonNode process, Instant now) {
    Instant updated;
    try {
      updated = Instant.parse(process.path("updated_utc").asText());
    } catch (DateTimeException e) {
      return false;
    }
    return process.path("running").asBoolean()
        && now.isBefore(updated.plus(SILENT_WHEN_DEAD))
        && ProcessHandle.of(process.path("pid").asLong()).map(ProcessHandle::isAlive).orElse(false);
  }

  private static TreeSet<String> names(Path vault) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    Path[] folders = {
      vault.resolve(DayFile.RAW_ROOT),
      vault.resolve(VaultLayout.collectorState("X")).getParent(),
      vault.resolve(VaultLayout.cursor("X")).getParent()
    };
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".state.json") || folder.equals(folders[0]))
              .map(name -> name.replace(".state.json", ""))
              .filter(DayFile::isInstrument)
              .forEach(names::add);
        }
      }
    }
    return names;
  }

  private static JsonNode tree(Path file) {
    if (!Files.exists(file)) {
      return JSON.nullNode();
    }
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      ObjectNode unreadable = JSON.createObjectNode();
      unreadable.put("unreadable", String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      return unreadable;
    }
  }

  /** For machines. */
  public String json() throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n";
  }

  /** For people. */
  public String text() {
    StringBuilder text = new StringBuilder("vault ").append(report.path("vault").asText());
    text.append("\ncollector: ").append(process()).append('\n');
    JsonNode troubles = report.path("collector").path("process").path("troubles");
    troubles.forEach(trouble -> text.append("  trouble: ").append(trouble.asText()).append('\n'));
    report
        .path("instruments")
        .fields()
        .forEachRemaining(
            entry -> {
              text.append(entry.getKey()).append('\n');
              collector(text, entry.getValue().path("collector"));
              certificates(text, entry.getValue().path("certificates"));
              job(text, entry.getValue().path("job"));
            });
    return text.toString();
  }

  private String process() {
    JsonNode collector = report.path("collector");
    JsonNode process = collector.path("process");
    if (!process.isObject()) {
      return "never ran here";
    }
    if (collector.path("alive").asBoolean()) {
      return "running, pid "
          + process.path("pid").asText()
          + " since "
          + process.path("started_utc").asText();
    }
    return process.path("running").asBoolean()
        ? "died after " + process.path("updated_utc").asText()
        : "stopped at "
            + process.path("updated_utc").asText()
            + " with exit code "
            + process.path("exit_code").asText();
  }

  private void collector(StringBuilder text, JsonNode state) {
    if (!state.isObject()) {
      text.append("  collector: no state\n");
      return;
    }
    String newest = state.path("last_timestamp_utc").asText("none");
    text.append("  collector: newest trade ").append(newest).append(age(newest));
    text.append(", id ").append(state.path("last_trade_id").asText("none"));
    long missing = ids(state.path("missing"));
    text.append(", missing ids ").append(missing);
    text.append(", of these given up ").append(ids(state.path("given_up"))).append('\n');
  }

  private static void certificates(StringBuilder text, JsonNode recent) {
    if (recent.isEmpty()) {
      return;
    }
    long complete = 0;
    StringBuilder others = new StringBuilder();
    for (JsonNode day : recent) {
      if (day.path("complete").asBoolean()) {
        complete++;
      } else {
        List<String> because = new ArrayList<>();
        day.path("incomplete_because").forEach(code -> because.add(code.asText()));
        others.append(
            "; %s is not: %s, %d ids missing"
                .formatted(
                    day.path("day").asText(),
                    String.join(", ", because),
                    day.path("missing_ids").asLong()));
      }
    }
    text.append("  certificates: ").append(complete).append(" of the newest ");
    text.append(recent.size()).append(" days complete").append(others).append('\n');
  }

  private void job(StringBuilder text, JsonNode cursor) {
    if (!cursor.isObject()) {
      text.append("  job: no cursor\n");
      return;
    }
    String minute = cursor.path("last_minute_processed").asText("none");
    text.append("  job: minutes up to ").append(minute).append(age(minute));
    text.append(", newest trade ").append(cursor.path("last_timestamp_utc").asText("none"));
    text.append(", id ").append(cursor.path("last_trade_id").asText("none")).append('\n');
  }

  private String age(String time) {
    try {
      Duration age = Duration.between(Instant.parse(time), now);
      return " (" + age.toSeconds() + " s ago)";
    } catch (DateTimeException e) {
      return "";
    }
  }

  private static long ids(JsonNode ranges) {
    long ids = 0;
    for (JsonNode range : ranges) {
      ids += range.path(1).asLong() - range.path(0).asLong() + 1;
    }
    return ids;
  }
}
