package io.tapelake.jobs.read;

import io.tapelake.jobs.plan.FileCursor;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/** The bytes of one raw file, which can be opened at any offset, more than once. */
@FunctionalInterface
public interface RawBytes {

  /** The file's bytes from {@code offset} on. An offset at the end gives an empty stream. */
  InputStream open(long offset) throws IOException;

  /** CRC-32C of the first and the last bytes of the consumed part. */
  default int edges(long consumed) throws IOException {
    CRC32C crc = new CRC32C();
    int edge = (int) Math.min(FileCursor.EDGE_BYTES, consumed);
    for (long offset : new long[] {0, consumed - edge}) {
      try (InputStream in = open(offset)) {
        crc.update(in.readNBytes(edge));
      }
    }
    return (int) crc.getValue();
  }
}
