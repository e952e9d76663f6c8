package io.tapelake.jobs.job;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the build has packaged, for processes of the tests, with an archive of its parsed classes
 * that the first of them makes: without it each one takes seconds more to start.
 */
final class PackagedClasses {

  private static final Path TARGET = Path.of(System.getProperty("basedir", ""), "target");
  private static final Path JAR = TARGET.resolve("tapelake-spark-jobs.jar");
  private static final Path ARCHIVE = TARGET.resolve("class-data-of-tests.jsa");
  private static final int MINUTES_AT_MOST = 3;

  private PackagedClasses() {}

  /** Java's options for a process on these classes. */
  static List<String> options() throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(List.of("-cp", classPath()));
    try (FileChannel lockFile =
            FileChannel.open(
                TARGET.resolve("class-data-of-tests.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = lockFile.lock()) {
      if (lock.isValid() && !isFresh()) {
        makeArchive();
      }
    }
    if (isFresh()) {
      options.add("-XX:SharedArchiveFile=" + ARCHIVE.toAbsolutePath());
    }
    return options;
  }

  /** Fixed, as an archive wants it: all jars by name, the job's last. */
  private static String classPath() throws IOException {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is not there: this test needs Maven's package phase");
    }
    try (Stream<Path> jars = Files.list(TARGET.resolve("runtime/jars"))) {
      return Stream.concat(jars.sorted(), Stream.of(JAR))
          .map(jar -> jar.toAbsolutePath().toString())
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  private static boolean isFresh() {
    try {
      return Files.exists(ARCHIVE)
          && Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(JAR)) >= 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it cannot be made, processes start without one. */
  private static void makeArchive() throws IOException, InterruptedException {
    Path vault = Files.createTempDirectory("rehearsal");
    ArrivingTrades trades = new ArrivingTrades(vault, 1);
    trades.arriveWhole();
    String amid = trades.now().toString();
    trades.arriveWhole();
    Path fresh = ARCHIVE.resolveSibling("class-data-of-tests.new");
    List<String> command = new ArrayList<>(RunProcess.java());
    command.addAll(List.of("-cp", classPath(), "-XX:ArchiveClassesAtExit=" + fresh));
    command.addAll(List.of("io.tapelake.jobs.Rehearsal", vault.toString()));
    command.addAll(List.of(amid, trades.now().toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(TARGET.resolve("class-data-of-tests.log").toFile())
            .start();
    if (process.waitFor(MINUTES_AT_MOST, TimeUnit.MINUTES) && Files.exists(fresh)) {
      Files.move(fresh, ARCHIVE, StandardCopyOption.REPLACE_EXISTING);
    } else {
      process.destroyForcibly();
    }
    try (Stream<Path> files = Files.walk(vault)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
