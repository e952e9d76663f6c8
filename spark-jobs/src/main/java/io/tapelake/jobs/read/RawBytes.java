package io.tapelake.jobs.read;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of one raw file, which can be opened at any offset, more than once. */
@FunctionalInterface
public interface RawBytes {

  /** The file's bytes from {@code offset} on. An offset at the end gives an empty stream. */
  InputStream open(long offset) throws IOException;
}
