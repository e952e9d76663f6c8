package io.tapelake.jobs.lake;

import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.store.VaultStore;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** Versions of all tables that belong together, for readers: those that count. */
public final class LakeSnapshot {

  private LakeSnapshot() {}

  /** The version of each table by name, without tables that are not there yet. */
  public static SortedMap<String, Long> versions(VaultStore store) throws IOException {
    SortedMap<String, Long> versions = new TreeMap<>();
    Published published = Published.read(store);
    if (published != null) {
      published.tables().forEach((name, table) -> versions.put(name, table.version()));
    }
    return versions;
  }
}
