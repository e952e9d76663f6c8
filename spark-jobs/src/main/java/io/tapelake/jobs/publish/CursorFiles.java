package io.tapelake.jobs.publish;

import io.tapelake.jobs.plan.InstrumentCursor;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The job's cursors, one file an instrument. */
public final class CursorFiles {

  private static final String FOLDER = VaultLayout.JOB_STATE + "/okx/perps";
  private static final String ENDING = ".state.json";

  private final VaultStore store;

  public CursorFiles(VaultStore store) {
    this.store = store;
  }

  /**
   * All cursors of the vault, by instrument.
   *
   * @throws IllegalArgumentException when a file is not a cursor, naming it
   */
  public Map<String, InstrumentCursor> readAll() throws IOException {
    Map<String, InstrumentCursor> cursors = new TreeMap<>();
    for (VaultStore.Entry entry : store.list(FOLDER)) {
      String name = entry.name();
      if (name.endsWith(ENDING)
          && DayFile.isInstrument(name.substring(0, name.length() - ENDING.length()))) {
        try {
          InstrumentCursor cursor = CursorJson.decode(store.read(FOLDER + "/" + name));
          cursors.put(cursor.instrument(), cursor);
        } catch (RuntimeException e) {
          throw new IllegalArgumentException(
              "cannot read the cursor "
                  + FOLDER
                  + "/"
                  + name
                  + ": "
                  + e.getMessage()
                  + "; './tapelake backfill' makes a new one",
              e);
        }
      }
    }
    return cursors;
  }

  void write(InstrumentCursor cursor) throws IOException {
    store.replace(
        VaultLayout.cursor(cursor.instrument()), out -> out.write(CursorJson.encode(cursor)));
  }

  /** Writes cursors whose outputs are all written. */
  public void writeAll(Collection<InstrumentCursor> cursors) throws IOException {
    for (InstrumentCursor cursor : cursors) {
      write(cursor);
    }
  }

  public void delete(String instrument) throws IOException {
    store.delete(VaultLayout.cursor(instrument));
  }
}
