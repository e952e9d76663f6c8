package io.tapelake.collector.certify;

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
  private final List<Told> gaps;

  /** The id from which the collector watches; -1 when none ever ran. */
  private final long watchFrom;

  /** What became of ids that were missing. */
  private record Told(String event, List<IdRange> ids) {}

  private DayJournals(List<SourceJournal.Added> added, List<Told> gaps, long watchFrom) {
    this.added = added;
    this.gaps = gaps;
    this.watchFrom = watchFrom;
  }

  /**
   * Reads what concerns a day: the journal of the gaps grows for ever.
   *
   * @param about the day's ids, and those missing beside them
   */
  static DayJournals read(Path vault, DayFile day, IdRanges about) throws IOException {
    Path journal = vault.resolve(VaultLayout.collectorFile(day.instrument(), ".gaps.jsonl"));
    List<Told> gaps = new ArrayList<>();
    JsonLines.read(
        journal,
        entry -> {
          List<IdRange> ids = JsonLines.ranges(entry.path("ids"));
          ids.removeIf(range -> !about.containsAny(range.from(), range.to()));
          if (!ids.isEmpty()) {
            gaps.add(new Told(entry.path("event").asText(), ids));
          }
        });
    return new DayJournals(SourceJournal.added(vault, day), gaps, watchFrom(vault, day));
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
    for (Told gap : gaps) {
      if (gap.event().equals("filled")) {
        gap.ids().forEach(ids -> take(rest, ids, "rest", null, sources));
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
    for (Told gap : gaps) {
      String told = told(gap.event());
      if (told != null && overlaps(gap, ids)) {
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

  private static boolean overlaps(Told gap, IdRange ids) {
    for (IdRange range : gap.ids()) {
      if (range.from() <= ids.to() && ids.from() <= range.to()) {
        return true;
      }
    }
    return false;
  }
}
