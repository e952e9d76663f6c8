package io.tapelake.live.follow;

import io.tapelake.vault.DayFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * A day's raw file, plain or compressed, as it was found: its size in bytes, when it was written
 * to, and what tells it from a file that was put in its place, null where the file system does not
 * say.
 */
record FoundDay(Path file, Object identity, long size, FileTime changed) {

  /** A file as it is now. */
  static FoundDay of(Path file) throws IOException {
    BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
    return new FoundDay(file, is.fileKey(), is.size(), is.lastModifiedTime());
  }

  boolean isArchived() {
    return DayFile.isArchived(file.getFileName().toString());
  }

  /** Whether it is the same file as another, however much it grew. */
  boolean isSameFile(FoundDay other) {
    return file.equals(other.file)
        && (identity == null ? other.identity == null : identity.equals(other.identity));
  }
}
