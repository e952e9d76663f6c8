package io.tapelake.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as users call it: which program it starts, what it says, how it ends. */
final class LauncherIT {

  @TempDir private Path folder;

  private Path vault;

  @BeforeEach
  void makeVault() throws IOException {
    vault = folder.resolve("a vault");
    SampleVault.write(vault);
  }

  @Test
  void helpThroughALinkFromAnotherFolderListsTheVerbs() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("else where"));
    Path link = elsewhere.resolve("lake");
    Files.createSymbolicLink(link, Launcher.project().resolve("tapelake"));
    Launcher.Outcome outcome = Launcher.at(link, elsewhere).run("--help");
    assertThat(outcome.exitCode()).isZero();
    assertThat(String.join("\n", outcome.output()))
        .contains("demo ", "test ", "build ", "collect ", "simulate ", "status ")
        .contains("run ", "backfill ", "verify ", "sql ");
    assertThat(outcome.errors()).isEmpty();
  }

  @Test
  void unknownVerbIsRefused() throws Exception {
    refused(2, "'unwind'", Launcher.in(folder), "unwind");
  }

  @Test
  void optionOfSparkSubmitWithoutItsValueIsRefused() throws Exception {
    refused(2, "--master", Launcher.in(folder), "run", "--vault", vault.toString(), "--master");
  }

  @Test
  void sparkHomeWithoutASparkIsRefused() throws Exception {
    Launcher launcher = Launcher.in(folder).with("SPARK_HOME", folder.toString());
    refused(2, folder.toString(), launcher, "run", "--vault", vault.toString());
  }

  @Test
  void memoryThatJavaDoesNotTakeIsRefused() throws Exception {
    for (String memory : List.of("4GB", "2")) {
      String[] words = {"run", "--vault", vault.toString(), "--driver-memory", memory};
      refused(2, "driver memory '" + memory + "'", Launcher.in(folder), words);
    }
  }

  @Test
  void demoLeavesFoldersAloneThatItDidNotMake() throws Exception {
    refused(2, vault.toString(), Launcher.in(folder), "demo", "--vault", vault.toString());
  }

  @Test
  void exitCodeOfTheJobIsPassedOn() throws Exception {
    refused(2, "no-vault", Launcher.in(folder), "run", "--vault", "no-vault");
  }

  @Test
  void exitCodeOfTheCollectorIsPassedOn() throws Exception {
    refused(2, "--nonsense", Launcher.in(folder), "collect", "--nonsense");
  }

  @Test
  void releaseStartsWhatItHasAndNamesWhatItLacks() throws Exception {
    Path release = folder.resolve("a release");
    Path script = Files.createDirectories(release.resolve("bin")).resolve("tapelake");
    Files.copy(Launcher.project().resolve("tapelake"), script);
    Files.createSymbolicLink(release.resolve("docs"), Launcher.project().resolve("docs"));
    Path jar = Files.createDirectories(release.resolve("lib")).resolve("tapelake-collector.jar");
    Files.createSymbolicLink(
        jar, Launcher.project().resolve("collector/target/tapelake-collector.jar"));
    Launcher launcher = Launcher.at(script, folder);
    assertThat(launcher.run("--help").output()).anyMatch(line -> line.contains("collect "));
    refused(2, "--nonsense", launcher, "collect", "--nonsense");
    refused(2, "tapelake-VERSION.tar.gz", launcher, "run", "--vault", vault.toString());
    refused(2, "a checkout", launcher, "test");
  }

  /** Which verbs are over before the second compiler pays, and which go on for long. */
  @Test
  void javaIsToldWhatTheVerbNeeds() throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Path real = Path.of(System.getProperty("java.home"), "bin/java");
    Files.writeString(
        java,
        "#!/bin/sh\ncase $* in *-version*) exec '%s' \"$@\" ;; esac\nprintf '%%s\\n' \"$@\" \"host=$SPARK_LOCAL_HOSTNAME\"\n"
            .formatted(real));
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Launcher launcher =
        Launcher.in(folder).with("JAVA_HOME", java.getParent().getParent().toString());
    String[] ofShortLife = {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"};
    String at = vault.toString();
    assertThat(flags(launcher, "run", "--vault", at)).contains(ofShortLife);
    assertThat(flags(launcher, "sql", "--vault", at, "select 1")).contains(ofShortLife);
    assertThat(flags(launcher, "run", "--vault", at, "--every", "1m")).doesNotContain(ofShortLife);
    assertThat(flags(launcher, "sql", "--vault", at)).doesNotContain(ofShortLife);
    assertThat(flags(launcher, "backfill", "--vault", at))
        .contains("-XX:+UseParallelGC")
        .doesNotContain(ofShortLife);
    assertThat(flags(launcher.with("TAPELAKE_JVM", "-XX:+UseZGC"), "run", "--vault", at))
        .contains("-XX:TieredStopAtLevel=1", "-XX:+UseZGC")
        .doesNotContain("-XX:+UseSerialGC");
    for (String verb : new String[] {"run", "live", "collect", "demo"}) {
      assertThat(flags(launcher.with("TAPELAKE_JVM", "-XX:+UseG1GC"), verb, "--vault", at))
          .as(verb)
          .contains("-XX:+UseG1GC")
          .doesNotContain("-XX:+UseSerialGC");
    }
    assertHostIsNamedToClusters(launcher, at);
  }

  /** On one machine no name has to resolve; executors of a cluster have to find the driver. */
  private void assertHostIsNamedToClusters(Launcher launcher, String at) throws Exception {
    String here = "host=localhost";
    assertThat(flags(launcher, "run", "--vault", at)).contains(here);
    assertThat(flags(launcher, "run", "--vault", at, "--conf", "spark.master=spark://host:7077"))
        .doesNotContain(here);
    Path conf = Files.createDirectories(folder.resolve("spark conf"));
    Files.writeString(conf.resolve("spark-defaults.conf"), " spark.master = spark://host:7077\n");
    launcher.with("SPARK_CONF_DIR", conf.toString());
    assertThat(flags(launcher, "run", "--vault", at)).doesNotContain(here);
    assertThat(flags(launcher, "run", "--vault", at, "--master", "local[2]")).contains(here);
  }

  private static List<String> flags(Launcher launcher, String... arguments) throws Exception {
    Launcher.Outcome outcome = launcher.run(arguments);
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return outcome.output();
  }

  @Test
  void vaultThatAnotherRunHoldsIsLeftAlone() throws Exception {
    Path lock = vault.resolve("state/vwap/run.lock");
    Files.createDirectories(lock.getParent());
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assertThat(held.isValid()).isTrue();
      // Not by FolderState: to read the lock's file would let go of the lock.
      Launcher.Outcome outcome = Launcher.in(folder).run("run", "--vault", vault.toString());
      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(75);
      assertThat(outcome.errors()).singleElement().asString().contains(vault.toString());
      assertThat(vault.resolve("lake")).doesNotExist();
      assertThat(vault.resolve("derived")).doesNotExist();
    }
  }

  /** A locale that gives nothing but ASCII, in a JVM whose numbers have Persian digits. */
  @Test
  void localesChangeNothing() throws Exception {
    Path script = folder.resolve("there");
    Files.writeString(
        script,
        """
        #!/bin/bash
        [[ -d jürgen ]] || mv 'a vault' jürgen
        exec '%s' "$1" --vault jürgen "${@:2}"
        """
            .formatted(Launcher.project().resolve("tapelake")));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Path question =
        Files.writeString(folder.resolve("q.sql"), "select 'ä€日', count(*) from bars_1m");
    Launcher launcher =
        Launcher.at(script, folder)
            .with("LC_ALL", "C")
            .with("TAPELAKE_JVM", "-Duser.language=fa -Duser.country=IR");
    Launcher.Outcome run = launcher.run("run", "--as-of", SampleVault.AS_OF);
    assertThat(run.exitCode()).as("%s", run).isZero();
    Launcher.Outcome asked = launcher.run("sql", "--format", "csv", "-f", question.toString());
    assertThat(asked.exitCode()).as("%s", asked).isZero();
    assertThat(asked.output().get(1)).matches("ä€日,[1-9][0-9]+");
  }

  private void refused(int exitCode, String named, Launcher launcher, String... arguments)
      throws IOException, InterruptedException {
    SortedMap<String, String> before = FolderState.of(folder);
    Launcher.Outcome outcome = launcher.run(arguments);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(exitCode);
    assertThat(outcome.output()).isEmpty();
    assertThat(outcome.errors()).singleElement().asString().contains(named);
    assertThat(FolderState.of(folder)).isEqualTo(before);
  }
}
