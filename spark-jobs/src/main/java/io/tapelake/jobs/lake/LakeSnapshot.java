package io.tapelake.jobs.lake;

import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.Published.TableState;
import io.tapelake.jobs.store.VaultStore;
import java.io.IOException;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** All tables as they belong together, for readers: as they count. */
public final class LakeSnapshot {

  private LakeSnapshot() {}

  /** Each table's state by name, without tables that are not there yet. */
  public static SortedMap<String, TableState> tables(VaultStore store) throws IOException {
    Published published = Published.read(store);
    return published == null ? new TreeMap<>() : new TreeMap<>(published.tables());
  }

  /** From when on the tables' totals count; null for an instrument's first trade. */
  public static Instant cvdOrigin(VaultStore store) throws IOException {
    Published published = Published.read(store);
    boolean hasAnalytics = published != null && published.settings().hasAnalytics();
    return hasAnalytics ? published.settings().analytics().cvdOrigin() : null;
  }
}
