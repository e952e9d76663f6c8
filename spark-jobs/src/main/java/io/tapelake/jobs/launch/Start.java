package io.tapelake.jobs.launch;

import io.tapelake.jobs.Tapelake;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.deploy.SparkSubmit;

/**
 * The main class of the Spark verbs, as the launcher calls it: the jar of the jobs, the jar of the
 * program (the jobs' or the notebooks'), the verb, its arguments.
 *
 * <p>{@code --words RUNTIME} before them prints what {@code $SPARK_HOME/bin/spark-submit} is to be
 * told, each word with a NUL behind it, instead of starting anything.
 */
public final class Start {

  private static final int USAGE = 2;
  private static final String WORDS = "--words";
  private static final String JOBS = "io.tapelake.jobs.Tapelake";
  private static final String NOTEBOOKS = "io.tapelake.notebooks.Notebooks";

  private Start() {}

  /** Starts a verb; see the class. */
  public static void main(String[] args) throws ReflectiveOperationException, IOException {
    try {
      if (args[0].equals(WORDS)) {
        print(Path.of(args[1]), List.of(args).subList(2, args.length));
      } else {
        start(List.of(args));
      }
    } catch (Submission.UsageException e) {
      System.err.println("tapelake: " + e.getMessage());
      System.exit(USAGE);
    }
  }

  private static void start(List<String> args)
      throws Submission.UsageException, ReflectiveOperationException, IOException {
    String jobsJar = args.get(0);
    String program = args.get(1);
    Submission submission = Submission.of(args.get(2), args.subList(3, args.size()));
    boolean isJob = program.equals(jobsJar);
    if (submission.isLocal() && !hasDefaults()) {
      String[] words = submission.words().toArray(String[]::new);
      if (isJob) {
        Tapelake.main(words);
      } else {
        callMain(NOTEBOOKS, words);
      }
      return;
    }
    List<String> jars = isJob ? List.of() : List.of(jobsJar);
    SparkSubmit.main(
        submission.command(isJob ? JOBS : NOTEBOOKS, program, jars).toArray(String[]::new));
  }

  /** The notebooks stand on the jobs, so that they are not known here. */
  private static void callMain(String name, String[] words) throws ReflectiveOperationException {
    try {
      Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) words);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(name + " failed", e.getCause());
    }
  }

  /** Whether spark-submit's own file has any setting. */
  private static boolean hasDefaults() throws IOException {
    Path file = Path.of(System.getenv().getOrDefault("SPARK_CONF_DIR", "conf"));
    file = file.resolve("spark-defaults.conf");
    if (!Files.isReadable(file)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(String::strip).anyMatch(line -> !line.isEmpty() && !line.startsWith("#"));
    }
  }

  private static void print(Path runtime, List<String> args)
      throws Submission.UsageException, IOException {
    Path spark = Path.of(System.getenv("SPARK_HOME"));
    Path jars = spark.resolve("jars");
    String remedy = ": set it to a Spark 4.2 folder, or unset it to use the bundled runtime";
    if (!Files.isExecutable(spark.resolve("bin/spark-submit"))) {
      throw new Submission.UsageException(
          "SPARK_HOME is " + spark + ", which has no bin/spark-submit" + remedy);
    }
    if (files(jars, "spark-core_2.13-4.2.*.jar").isEmpty()) {
      throw new Submission.UsageException(
          "SPARK_HOME is " + spark + ", which is not a Spark 4.2 for Scala 2.13" + remedy);
    }
    Submission submission = Submission.of(args.get(2), args.subList(3, args.size()));
    boolean isJob = args.get(0).equals(args.get(1));
    List<String> further = new ArrayList<>(isJob ? List.of() : List.of(args.get(0)));
    if (files(jars, "delta-spark_*.jar").isEmpty()) {
      further.addAll(files(runtime.resolve("jars"), "{delta,unitycatalog}-*.jar"));
    }
    String memory = submission.driverMemory();
    if (memory == null) {
      memory = System.getenv().getOrDefault("TAPELAKE_DRIVER_MEMORY", "2g");
    }
    String flags = System.getenv().getOrDefault("TAPELAKE_JVM", "");
    List<String> words = new ArrayList<>(List.of("--driver-memory", memory));
    words.addAll(List.of("--driver-java-options", ("-Duser.timezone=UTC " + flags).strip()));
    words.addAll(submission.command(isJob ? JOBS : NOTEBOOKS, args.get(1), further));
    for (String word : words) {
      System.out.write((word + '\0').getBytes(StandardCharsets.UTF_8));
    }
    System.out.flush();
  }

  private static List<String> files(Path folder, String pattern) throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
        found.forEach(path -> names.add(path.toString()));
      }
    }
    names.sort(null);
    return names;
  }
}
