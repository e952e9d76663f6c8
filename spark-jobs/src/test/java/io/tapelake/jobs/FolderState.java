package io.tapelake.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Everything below a folder, to see whether a command touched anything. */
final class FolderState {

  private FolderState() {}

  /** Each path with its time of change, and each file with its content. */
  static SortedMap<String, String> of(Path folder) throws IOException {
    SortedMap<String, String> state = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        String content =
            Files.isRegularFile(path)
                ? Base64.getEncoder().encodeToString(Files.readAllBytes(path))
                : "folder";
        state.put(
            folder.relativize(path).toString(), Files.getLastModifiedTime(path) + " " + content);
      }
    }
    return state;
  }
}
