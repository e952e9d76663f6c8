package io.tapelake.jobs.lake;

import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.Published.TableState;
import io.tapelake.jobs.store.VaultStore;
import java.io.IOException;
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
}
