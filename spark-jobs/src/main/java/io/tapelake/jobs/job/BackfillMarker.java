package io.tapelake.jobs.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Says that a backfill is under way, so that the same backfill, started again after an
 * interruption, continues where it was.
 */
final class BackfillMarker {

  private static final String PATH = VaultLayout.JOB_STATE + "/backfill.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final VaultStore store;

  BackfillMarker(VaultStore store) {
    this.store = store;
  }

  /**
   * A backfill that was interrupted.
   *
   * @param asOf its as-of
   * @param doneThrough the last day that is finished, or null
   */
  record Interrupted(Instant asOf, LocalDate doneThrough) {}

  /** The interrupted backfill when it is the one that is asked for, otherwise null. */
  Interrupted find(RunRequest request, OutputSettings settings) throws IOException {
    if (!store.exists(PATH)) {
      return null;
    }
    JsonNode node = JSON.readTree(store.read(PATH));
    if (!node.path("request").asText().equals(describe(request, settings))) {
      return null;
    }
    return new Interrupted(
        Instant.parse(node.required("as_of").asText()),
        node.hasNonNull("done_through")
            ? LocalDate.parse(node.get("done_through").asText())
            : null);
  }

  /** Notes how far a backfill is. */
  void note(RunRequest request, OutputSettings settings, Instant asOf, LocalDate doneThrough)
      throws IOException {
    ObjectNode node =
        JSON.createObjectNode()
            .put("request", describe(request, settings))
            .put("as_of", asOf.toString());
    if (doneThrough != null) {
      node.put("done_through", doneThrough.toString());
    }
    store.replace(PATH, out -> out.write(JSON.writeValueAsBytes(node)));
  }

  void remove() throws IOException {
    store.delete(PATH);
  }

  private static String describe(RunRequest request, OutputSettings settings) {
    return "%s %s %s as of %s with %s"
        .formatted(
            request.scope(),
            request.days(),
            request.instruments(),
            request.asOf() == null ? "the clock" : request.asOf(),
            settings);
  }
}
