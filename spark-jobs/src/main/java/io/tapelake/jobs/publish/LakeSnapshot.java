package io.tapelake.jobs.publish;

import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Versions of all tables that belong together, for readers: those that the last finished run left.
 *
 * <p>A run writes one table after the other, and its journal tells the versions from before it
 * while it does. So either there is a journal, and its versions belong together; or there was none
 * at a moment before and after which all versions were the same.
 */
public final class LakeSnapshot {

  private static final int MOST_TRIES = 100;

  private LakeSnapshot() {}

  /** The version of each table by name, without tables that are not there yet. */
  public static SortedMap<String, Long> versions(VaultStore store) throws IOException {
    RunJournal journal = new RunJournal(store);
    SortedMap<String, Long> before = newest(store);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      RunJournal.Unfinished run = journal.unfinished();
      SortedMap<String, Long> after = newest(store);
      if (run != null) {
        after.putAll(run.tables());
        after.values().removeIf(version -> version == LakeTable.ABSENT);
        return after;
      }
      if (after.equals(before)) {
        return after;
      }
      before = after;
    }
    return before; // runs follow each other faster than a folder is listed
  }

  private static SortedMap<String, Long> newest(VaultStore store) throws IOException {
    SortedMap<String, Long> versions = new TreeMap<>();
    for (VaultStore.Entry table : store.list(VaultLayout.LAKE)) {
      if (!table.isFolder()) {
        continue;
      }
      long version = LakeTable.version(store, table.name());
      if (version != LakeTable.ABSENT) {
        versions.put(table.name(), version);
      }
    }
    return versions;
  }
}
