package io.tapelake.jobs.run;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the build has packaged, for processes of the tests. */
final class PackagedClasses {

  private static final Path TARGET = Path.of(System.getProperty("basedir", ""), "target");
  private static final Path JAR = TARGET.resolve("tapelake-spark-jobs.jar");

  private PackagedClasses() {}

  /** All jars by name, the job's last. */
  static String path() throws IOException {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is not there: this test needs Maven's package phase");
    }
    try (Stream<Path> jars = Files.list(TARGET.resolve("runtime/jars"))) {
      return Stream.concat(jars.sorted(), Stream.of(JAR))
          .map(jar -> jar.toAbsolutePath().toString())
          .collect(Collectors.joining(File.pathSeparator));
    }
  }
}
