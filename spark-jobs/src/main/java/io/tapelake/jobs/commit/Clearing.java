package io.tapelake.jobs.commit;

import io.tapelake.jobs.alert.AlertFile;
import io.tapelake.jobs.export.Exports;
import io.tapelake.jobs.lake.Lake;
import io.tapelake.jobs.published.CursorFiles;
import io.tapelake.jobs.published.StagedFiles;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Takes out everything that was made of some instruments. */
public final class Clearing {

  private final StagedFiles staged;
  private final Lake lake;

  public Clearing(StagedFiles staged, Lake lake) {
    this.staged = staged;
    this.lake = lake;
  }

  /**
   * Takes the outputs of some instruments out. Until the run counts readers go on to see them.
   *
   * @param all whether the outputs have no other instruments that count
   * @param goesOn whether files that no table knows of yet are needed still
   */
  public void clear(Collection<String> instruments, boolean all, boolean goesOn)
      throws IOException {
    lake.clear(all ? null : instruments, goesOn);
    Set<String> each = new TreeSet<>(instruments);
    if (all) {
      each.addAll(withOutputs());
    }
    new AlertFile(staged).forget(each);
    CursorFiles cursors = new CursorFiles(staged);
    for (String instrument : each) {
      cursors.delete(instrument);
      Exports.delete(instrument, staged);
      String folder = DayFile.QUARANTINE_ROOT + "/" + instrument;
      for (VaultStore.Entry entry : staged.list(folder)) {
        if (DayFile.dayOf(entry.name()) != null) {
          staged.delete(folder + "/" + entry.name());
        }
      }
    }
  }

  /** Instruments with files of which nobody may know any more. */
  private Set<String> withOutputs() throws IOException {
    Set<String> instruments = new TreeSet<>(new CursorFiles(staged).instruments());
    for (String root :
        List.of(VaultLayout.VWAP, VaultLayout.CVD, VaultLayout.SIGNALS, DayFile.QUARANTINE_ROOT)) {
      for (VaultStore.Entry entry : staged.list(root)) {
        if (entry.isFolder() && DayFile.isInstrument(entry.name())) {
          instruments.add(entry.name());
        }
      }
    }
    return instruments;
  }
}
