package io.tapelake.jobs.derive;

import io.tapelake.jobs.derive.DerivedUnit.Segment;
import io.tapelake.jobs.export.Export;
import io.tapelake.jobs.published.Published;
import io.tapelake.jobs.published.StagedFiles;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.vault.FirstBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * An export of an instrument, put together of its segments.
 *
 * @param segments in the order of their minutes
 */
record ExportAssembly(Export export, String instrument, List<Segment> segments)
    implements Serializable {

  ExportAssembly {
    segments = List.copyOf(segments);
  }

  String path() {
    return export.path(instrument);
  }

  /** The bytes that it has. */
  long length() {
    return segments.stream().mapToLong(segment -> segment.to() - segment.from()).sum();
  }

  /** Writes the export as it is going to be; what was written. */
  Written write(String vaultUri, String publication, Configuration configuration)
      throws IOException {
    VaultStore store = VaultStores.open(vaultUri, configuration);
    StagedFiles staged = new StagedFiles(store);
    staged.begin(publication);
    staged.replace(
        path(),
        out -> {
          for (Segment segment : segments) {
            copy(store, segment, out);
          }
        });
    return new Written(path(), staged.states(Map.of()).get(path()));
  }

  /** A file that does not count yet. */
  record Written(String path, Published.FileState state) implements Serializable {}

  private static void copy(VaultStore store, Segment segment, OutputStream out) throws IOException {
    long length = segment.to() - segment.from();
    try (InputStream in = new FirstBytes(store.open(segment.path(), segment.from()), length)) {
      if (in.transferTo(out) < length) {
        throw new IOException(segment.path() + " ends before " + segment.to());
      }
    }
  }
}
