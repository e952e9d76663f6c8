package io.tapelake.jobs.read;

import java.io.IOException;
import java.io.Serializable;

/**
 * What became of a slice that was to be read.
 *
 * @param result what it holds; null when it could not be read
 * @param failure why it could not be read, otherwise null
 */
public record SliceRead(SliceResult result, String failure) implements Serializable {

  /** Reads something of a file. */
  @FunctionalInterface
  interface Reading {
    SliceResult read() throws IOException;
  }

  /** A file that cannot be read is no reason to leave others alone. */
  static SliceRead of(Reading reading) {
    try {
      return new SliceRead(reading.read(), null);
    } catch (IOException e) {
      return new SliceRead(null, reason(e));
    }
  }

  /** Why something of a file could not be read, for a person. */
  public static String reason(IOException failure) {
    String said = failure.getMessage() == null ? "it ends too early" : failure.getMessage();
    return "%s: %s"
        .formatted(failure.getClass().getSimpleName(), said.lines().findFirst().orElse(""));
  }

  /** What to tell a person of a file that cannot be read. */
  public static String unreadableMessage(String path, String reason) {
    return "%s is left alone: it cannot be read (%s); put a whole copy in its place, or let it be read"
        .formatted(path, reason);
  }
}
