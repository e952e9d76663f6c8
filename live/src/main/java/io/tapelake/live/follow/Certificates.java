package io.tapelake.live.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.live.market.DayCertificate;
import io.tapelake.live.market.InstrumentTape;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what is certified of days: {@code certificates/okx/trades_perps/INSTID/DAY.json}. */
final class Certificates {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;

  /** By file as it was, what it says; null of one that says nothing. */
  private final Map<FoundDay, DayCertificate> read = new HashMap<>();

  Certificates(Path vault) {
    root = vault.resolve(VaultLayout.CERTIFICATES);
  }

  /** Tells a tape what is certified of its days. */
  void look(InstrumentTape tape) {
    Map<LocalDate, DayCertificate> certificates = new HashMap<>();
    for (LocalDate day : tape.days()) {
      try {
        FoundDay file = FoundDay.of(root.resolve(tape.name()).resolve(day + ".json"));
        if (!read.containsKey(file)) {
          read.keySet().removeIf(known -> known.file().equals(file.file()));
          read.put(file, read(file.file()));
        }
        DayCertificate certificate = read.get(file);
        if (certificate != null) {
          certificates.put(day, certificate);
        }
      } catch (IOException e) {
        // There is none, or it is being replaced.
      }
    }
    tape.certify(certificates);
  }

  private static DayCertificate read(Path file) throws IOException {
    JsonNode said = JSON.readTree(Files.readAllBytes(file));
    if (!said.path("complete").isBoolean()) {
      return null;
    }
    List<String> because = new ArrayList<>();
    said.path("incomplete_because").forEach(reason -> because.add(reason.asText()));
    return new DayCertificate(
        said.path("complete").asBoolean(),
        said.path("missing_ids").asLong(),
        because,
        said.path("bytes").asLong(-1));
  }
}
