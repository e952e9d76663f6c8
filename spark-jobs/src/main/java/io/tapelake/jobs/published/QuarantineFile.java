package io.tapelake.jobs.published;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.tapelake.jobs.read.RefusedLine;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.vault.DayFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** The refused lines of a raw file, in the order of the raw file. */
public final class QuarantineFile {

  /** Without the feature, a character beyond U+FFFF would become two escapes. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

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

  /** Replaces a file's quarantine by these lines, none for none at all; its length after. */
  public long replace(DayFile file, List<RefusedLine> lines) throws IOException {
    byte[] bytes = encode(file, lines);
    if (bytes.length == 0) {
      store.delete(file.quarantinePath());
    } else {
      store.replace(file.quarantinePath(), out -> out.write(bytes));
    }
    return bytes.length;
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
