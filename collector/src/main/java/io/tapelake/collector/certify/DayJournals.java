package io.tapelake.collector.certify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the journals of collector, import and fetch tell of a day's ids: where they came from, and
 * why others are missing.
 */
final class DayJournals {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<SourceJournal.Added> added;
  private final List<JsonNode> gaps;

  /** The id from which the collector watches; -1 when none ever ran. */
  private final long watchFrom;

  private DayJournals(List<SourceJournal.Added> added, List<JsonNode> gaps, long watchFrom) {
    this.added = added;
    this.gaps = gaps;
    this.watchFrom = watchFrom;
  }

  static DayJournals read(Path vault, DayFile day) throws IOException {
    Path gaps =
        vault
            .resolve(VaultLayout.COLLECTOR_STATE)
            .resolve("okx/perps/" + day.instrument() + ".gaps.jsonl");
    return new DayJournals(
        SourceJournal.added(vault, day), JsonLines.read(gaps), watchFrom(vault, day));
  }

  private static long watchFrom(Path vault, DayFile day) {
    Path state = vault.resolve(VaultLayout.collectorState(day.instrument()));
    try {
      return Files.exists(state)
          ? JSON.readTree(Files.readAllBytes(state)).path("watch_from").asLong(-1)
          : -1;
    } catch (IOException e) {
      // The collector makes it anew when it starts.
      return -1;
    }
  }

  /** Where ids came from, ascending. */
  List<Evidence.Source> sources(IdRanges held) {
    IdRanges rest = new IdRanges();
    rest.addAll(held);
    List<Evidence.Source> sources = new ArrayList<>();
    for (SourceJournal.Added one : added) {
      one.ids().forEach(ids -> take(rest, ids, one.source(), one.from(), sources));
    }
    for (JsonNode entry : gaps) {
      if (entry.path("event").asText().equals("filled")) {
        JsonLines.ranges(entry.path("ids")).forEach(ids -> take(rest, ids, "rest", null, sources));
      }
    }
    if (watchFrom >= 0 && watchFrom <= rest.highest()) {
      take(rest, new IdRange(watchFrom, rest.highest()), "push", null, sources);
    }
    rest.ranges().forEach(ids -> sources.add(new Evidence.Source(ids, "other", null)));
    sources.sort(Comparator.comparingLong(source -> source.ids().from()));
    return sources;
  }

  private static void take(
      IdRanges rest, IdRange wanted, String source, String from, List<Evidence.Source> sources) {
    if (!rest.containsAny(wanted.from(), wanted.to())) {
      return;
    }
    IdRanges found = new IdRanges();
    found.add(wanted.from(), wanted.to());
    rest.missing(wanted.from(), wanted.to()).forEach(ids -> found.remove(ids.from(), ids.to()));
    rest.remove(wanted.from(), wanted.to());
    found.ranges().forEach(ids -> sources.add(new Evidence.Source(ids, source, from)));
  }

  /** Why ids are missing, by their ranges. */
  Map<IdRange, Evidence.Reason> reasons(List<IdRange> missing, List<OfficialComparison> official) {
    Map<IdRange, Evidence.Reason> reasons = new HashMap<>();
    for (IdRange ids : missing) {
      reasons.put(ids, reason(ids, official));
    }
    return reasons;
  }

  private Evidence.Reason reason(IdRange ids, List<OfficialComparison> official) {
    String code = watchFrom < 0 || ids.from() < watchFrom ? "not_recorded" : "unknown";
    List<String> tried = new ArrayList<>();
    for (JsonNode entry : gaps) {
      String told = told(entry.path("event").asText());
      if (told != null && overlaps(entry, ids)) {
        code = told;
      }
    }
    boolean restAsked = added.stream().anyMatch(one -> one.source().equals("rest"));
    if (restAsked || (!code.equals("not_recorded") && !code.equals("unknown"))) {
      tried.add("rest");
    }
    for (OfficialComparison one : official) {
      if (!tried.contains("official") && one.rows() > 0) {
        tried.add("official");
      }
    }
    return new Evidence.Reason(code, tried);
  }

  private static String told(String event) {
    return switch (event) {
      case "found" -> "not_filled_yet";
      case "missing" -> "exchange_lacks_them";
      case "open" -> "collector_stopped";
      default -> null;
    };
  }

  private static boolean overlaps(JsonNode entry, IdRange ids) {
    for (IdRange range : JsonLines.ranges(entry.path("ids"))) {
      if (range.from() <= ids.to() && ids.from() <= range.to()) {
        return true;
      }
    }
    return false;
  }
}
