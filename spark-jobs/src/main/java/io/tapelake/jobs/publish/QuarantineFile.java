package io.tapelake.jobs.publish;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.tapelake.jobs.read.RefusedLine;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** The refused lines of a raw file, in the order of the raw file. */
public final class QuarantineFile {

  /** Without the feature, a character beyond U+FFFF would become two escapes. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  private static final String PREPARED = ".next";

  private final VaultStore store;

  public QuarantineFile(VaultStore store) {
    this.store = store;
  }

  /** Adds lines to a file's quarantine, which is {@code length} bytes long; its length after. */
  public long append(DayFile file, long length, List<RefusedLine> lines) throws IOException {
    if (lines.isEmpty()) {
      return length;
    }
    byte[] bytes = encode(file, lines);
    store.append(file.quarantinePath(), length, bytes);
    return length + bytes.length;
  }

  /**
   * Lays beside a file's quarantine the lines that are to replace it, none for none at all. Until
   * {@link #adopt} an interrupted run can be undone. The length it will have.
   */
  public long prepare(DayFile file, List<RefusedLine> lines) throws IOException {
    byte[] bytes = encode(file, lines);
    store.replace(prepared(file), out -> out.write(bytes));
    return bytes.length;
  }

  /** Puts what was prepared for a file in its place. */
  public void adopt(DayFile file) throws IOException {
    byte[] bytes = store.read(prepared(file));
    if (bytes.length == 0) {
      store.delete(file.quarantinePath());
    } else {
      store.replace(file.quarantinePath(), out -> out.write(bytes));
    }
    store.delete(prepared(file));
  }

  /** Puts all that was prepared for an instrument in its place; can be repeated. */
  public void adopt(String instrument) throws IOException {
    for (DayFile file : preparedFiles(instrument)) {
      adopt(file);
    }
  }

  /** Forgets what was prepared for an instrument. */
  public void discard(String instrument) throws IOException {
    for (DayFile file : preparedFiles(instrument)) {
      store.delete(prepared(file));
    }
  }

  private List<DayFile> preparedFiles(String instrument) throws IOException {
    List<DayFile> files = new ArrayList<>();
    for (VaultStore.Entry entry : store.list(DayFile.QUARANTINE_ROOT + "/" + instrument)) {
      String name = entry.name();
      if (name.startsWith(".") && name.endsWith(PREPARED)) {
        LocalDate day = DayFile.dayOf(name.substring(1, name.length() - PREPARED.length()));
        if (day != null) {
          files.add(new DayFile(instrument, day));
        }
      }
    }
    return files;
  }

  private static String prepared(DayFile file) {
    String path = file.quarantinePath();
    int name = path.lastIndexOf('/') + 1;
    return path.substring(0, name) + "." + path.substring(name) + PREPARED;
  }

  /** Cuts off what an unfinished run added. */
  public void truncate(DayFile file, long length) throws IOException {
    long found = store.length(file.quarantinePath());
    if (length == 0) {
      store.delete(file.quarantinePath());
    } else if (found > length) {
      store.truncate(file.quarantinePath(), length);
    }
  }

  /** The quarantine that some refused lines of a file make. */
  public static byte[] encode(DayFile file, List<RefusedLine> lines) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.setRootValueSeparator(null);
      for (RefusedLine line : lines) {
        json.writeStartObject();
        json.writeStringField("file", file.fileName());
        json.writeNumberField("offset", line.offset());
        json.writeStringField("reason", line.reason().code());
        json.writeStringField("line", line.text());
        json.writeEndObject();
        json.writeRaw('\n');
      }
    }
    return bytes.toByteArray();
  }
}
