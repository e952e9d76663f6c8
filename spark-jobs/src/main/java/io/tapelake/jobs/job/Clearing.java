package io.tapelake.jobs.job;

import io.tapelake.jobs.alert.AlertFile;
import io.tapelake.jobs.publish.CursorFiles;
import io.tapelake.jobs.publish.Lake;
import io.tapelake.jobs.publish.RunJournal;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Takes out everything that was made of some instruments. Can be repeated. */
final class Clearing {

  private final VaultStore store;
  private final Lake lake;
  private final RunJournal journal;
  private final CursorFiles cursorFiles;

  Clearing(VaultStore store, Lake lake, RunJournal journal, CursorFiles cursorFiles) {
    this.store = store;
    this.lake = lake;
    this.journal = journal;
    this.cursorFiles = cursorFiles;
  }

  /**
   * Takes the outputs of some instruments out. The journal says so already: were this interrupted
   * without it, a cursor could be gone whose rows are still there.
   *
   * @param all whether the outputs have no other instruments
   */
  void clear(Collection<String> instruments, boolean all) throws IOException {
    for (String instrument : instruments) {
      cursorFiles.delete(instrument);
    }
    lake.clear(all ? null : instruments);
    new AlertFile(store).forget(instruments);
    for (String instrument : instruments) {
      Exports.delete(instrument, store);
      String folder = DayFile.QUARANTINE_ROOT + "/" + instrument;
      for (VaultStore.Entry entry : store.list(folder)) {
        if (DayFile.dayOf(entry.name()) != null) {
          store.delete(folder + "/" + entry.name());
        }
      }
    }
    journal.finish(List.of(), cursorFiles);
  }
}
