package io.tapelake.jobs.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * The files of a vault, named by paths below its root with {@code /} between folders. What these
 * methods have written is on disk when they return. Not meant for concurrent writers: a run holds
 * the vault's lock.
 */
public interface VaultStore {

  /**
   * A file or folder.
   *
   * @param name without its folder
   * @param isFolder whether it is a folder
   * @param length in bytes; 0 for a folder
   * @param modified in milliseconds since 1970
   */
  record Entry(String name, boolean isFolder, long length, long modified) {

    /** What is there, but does not let itself be looked at: opening it tells why. */
    static Entry unknown(String name) {
      return new Entry(name, false, -1, 0);
    }

    /** Whether nobody knows what it is. */
    public boolean isUnknown() {
      return length < 0;
    }
  }

  /** Writes bytes to a stream. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** What lies in a folder, by name; nothing when there is no such folder. */
  List<Entry> list(String folder) throws IOException;

  /** The names of what lies in a folder, in no order; none when there is no such folder. */
  default List<String> names(String folder) throws IOException {
    return list(folder).stream().map(Entry::name).toList();
  }

  boolean exists(String path) throws IOException;

  /** What lies at a path, or null. */
  Entry entry(String path) throws IOException;

  /** A file's length in bytes, or -1 when there is no such file. */
  default long length(String path) throws IOException {
    Entry entry = entry(path);
    return entry == null ? -1 : entry.length();
  }

  /** A file's bytes from an offset on. */
  InputStream open(String path, long offset) throws IOException;

  /** Puts a whole file in place of another, or of none: a reader sees the old or the new one. */
  void replace(String path, Content content) throws IOException;

  /** Adds bytes to a file's end, which is at {@code length}; makes it when that is 0. */
  void append(String path, long length, byte[] bytes) throws IOException;

  /**
   * How long a file may become that every run adds to. Short where an append writes the file anew.
   */
  default long mostOfALog() {
    return 4L << 20;
  }

  /** Puts a file in another place, over what is there. Fails when there is no such file. */
  void move(String from, String to) throws IOException;

  /** Cuts a file off at a length. */
  void truncate(String path, long length) throws IOException;

  /** Removes a file, or a folder with all that is in it; nothing when there is none. */
  void delete(String path) throws IOException;

  /** The URI of a path, as Spark and Hadoop take it. */
  String uri(String path);

  /** A whole file's bytes. */
  default byte[] read(String path) throws IOException {
    try (InputStream in = open(path, 0)) {
      return in.readAllBytes();
    }
  }
}
