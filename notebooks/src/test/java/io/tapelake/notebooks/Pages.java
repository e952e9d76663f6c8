package io.tapelake.notebooks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The README and the pages that a user reads. */
final class Pages {

  private Pages() {}

  /** All pages of Markdown in this checkout. */
  static List<Path> all() throws IOException {
    try (Stream<Path> files = Files.walk(Command.project(), 2)) {
      return files
          .filter(path -> path.toString().endsWith(".md"))
          .filter(path -> !path.toString().contains("/target/"))
          .sorted()
          .toList();
    }
  }

  /** Those that are written for users: README, SECURITY and docs/. */
  static List<Path> forUsers() throws IOException {
    List<Path> pages = new ArrayList<>(all());
    pages.removeIf(
        path ->
            !path.getParent().endsWith("docs")
                && !path.endsWith("README.md")
                && !path.endsWith("SECURITY.md"));
    pages.removeIf(path -> path.getParent().endsWith("collector"));
    return pages;
  }

  /** The lines of the blocks whose fence says so, without those of other blocks. */
  static List<String> block(Path page, String fence) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean isInside = false;
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("```")) {
        isInside = !isInside && line.equals("```" + fence);
      } else if (isInside) {
        lines.add(line);
      }
    }
    return lines;
  }
}
