package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.Table;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.tapelake.jobs.store.VaultStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file of a vault is lost, empty, cut off, overwritten, longer, or a folder, and new trades have
 * come: a run is right, or stops with 4, names the file and the way out, which then works. {@code
 * verify} ends with 0 or 4 before that and with 0 after it.
 *
 * <p>{@code -Dtapelake.damages=REGEX} damages the files whose path matches in every way.
 */
final class DamageIT {

  private static final String WHICH = System.getProperty("tapelake.damages", "");

  private enum Kind {
    GONE,
    EMPTY,
    CUT,
    LAST_LINE_GONE,
    GARBAGE,
    LONGER,
    FOLDER
  }

  /**
   * A file, damaged.
   *
   * @param path a regular expression, of which the first one that matches is meant
   */
  private record Damage(String path, Kind kind) {}

  /** One of each place and kind. */
  private static final List<Damage> SOME =
      List.of(
          new Damage("state/vwap/published\\.json", Kind.EMPTY),
          new Damage("state/vwap/okx/perps/.*", Kind.GARBAGE),
          new Damage("state/vwap/seen-files\\.json", Kind.CUT),
          new Damage("derived/vwap/.*", Kind.FOLDER),
          new Damage("lake/bars_1m/_delta_log/0.*2\\.json", Kind.EMPTY),
          new Damage("lake/vwap_1m/_delta_log/0.*1\\.json", Kind.LAST_LINE_GONE),
          new Damage("lake/bars_1m/_delta_log/0.*checkpoint\\.parquet", Kind.GARBAGE),
          new Damage("lake/bars_1m/date=2026-01-02/part.*", Kind.GARBAGE));

  private static final Pattern CURSOR = Pattern.compile("state/vwap/okx/perps/(.*)\\.state\\.json");

  @TempDir private static Path folder;

  private static Path original;
  private static Path expected;
  private static ArrivingTrades trades;

  /** Three runs, and trades that no run has read. */
  @BeforeAll
  static void make() throws Exception {
    original = Files.createDirectory(folder.resolve("original"));
    trades = new ArrivingTrades(original, 20260109);
    for (int run = 0; run < 3; run++) {
      arrive();
      assertThat(Outputs.execute("run", original, trades.now())).isZero();
      checkpoint("bars_1m");
    }
    arrive();
    expected = folder.resolve("expected");
    copy(original.resolve("raw"), expected.resolve("raw"));
    assertThat(Outputs.execute("backfill", expected, trades.now())).isZero();
  }

  private static void arrive() throws IOException {
    for (int piece = 0; piece < 3; piece++) {
      trades.arriveWhole();
    }
  }

  private static void checkpoint(String table) throws IOException {
    Engine engine = DefaultEngine.create(VaultStores.configuration());
    Table of = Table.forPath(engine, original.resolve("lake").resolve(table).toString());
    of.checkpoint(engine, of.getLatestSnapshot(engine).getVersion());
  }

  @TestFactory
  Stream<DynamicTest> aRunIsRightOrNamesTheFile() throws IOException {
    List<String> files = files();
    Stream<Damage> damages =
        WHICH.isEmpty()
            ? SOME.stream().map(each -> new Damage(first(files, each.path()), each.kind()))
            : files.stream()
                .filter(path -> path.matches(WHICH))
                .flatMap(path -> Arrays.stream(Kind.values()).map(kind -> new Damage(path, kind)));
    return damages.map(
        each -> DynamicTest.dynamicTest(each.kind() + " " + each.path(), () -> check(each)));
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> paths = Files.walk(original)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> original.relativize(path).toString())
          .filter(path -> !path.startsWith("raw/"))
          .sorted()
          .toList();
    }
  }

  private static String first(List<String> files, String regex) {
    return files.stream().filter(path -> path.matches(regex)).findFirst().orElseThrow();
  }

  private static void check(Damage damage) throws Exception {
    Path vault = folder.resolve("vault");
    run("rm", "-rf", vault.toString());
    copy(original, vault);
    apply(damage, vault);
    Outputs.Ended verified = Outputs.listen("verify", vault);
    assertThat(verified.exit()).as("verify: %s", verified.errors()).isIn(0, 4);
    Outputs.Ended ended = Outputs.listenToRun(vault, trades.now());
    if (ended.exit() != 0) {
      assertThat(ended.exit()).as(ended.errors()).isEqualTo(4);
      assertThat(ended.errors()).contains("./tapelake backfill").contains(named(damage));
      if (damage.kind() == Kind.FOLDER) {
        run("rm", "-rf", vault.resolve(damage.path()).toString());
      }
      repair(damage, vault, ended.errors());
    }
    Outputs.assertSame(vault, expected, damage.toString());
    verified = Outputs.listen("verify", vault);
    assertThat(verified.exit()).as("verify: %s", verified.errors()).isZero();
  }

  /** What a cursor's loss takes is one instrument's. */
  private static void repair(Damage damage, Path vault, String told) throws IOException {
    Matcher cursor = CURSOR.matcher(damage.path());
    if (!cursor.matches() || damage.kind() == Kind.FOLDER) {
      assertThat(Outputs.execute("backfill", vault, trades.now())).isZero();
      return;
    }
    assertThat(told).contains("./tapelake backfill --instruments " + cursor.group(1));
    String[] instrument = {"--instruments", cursor.group(1)};
    assertThat(Outputs.execute("backfill", vault, trades.now(), instrument)).isZero();
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
  }

  /** The file, or the table that it belongs to. */
  private static String named(Damage damage) {
    String path = damage.path();
    return path.startsWith("lake/") ? path.substring(0, path.indexOf('/', 5)) : path;
  }

  private static void apply(Damage damage, Path vault) throws IOException {
    Path file = vault.resolve(damage.path());
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    byte[] random = new byte[Math.max(bytes.length, 30)];
    new Random(damage.path().hashCode()).nextBytes(random);
    switch (damage.kind()) {
      case GONE -> {}
      case EMPTY -> Files.createFile(file);
      case CUT -> Files.write(file, Arrays.copyOf(bytes, bytes.length * 2 / 3));
      case LAST_LINE_GONE -> Files.write(file, Arrays.copyOf(bytes, lastLine(bytes)));
      case GARBAGE -> Files.write(file, Arrays.copyOf(random, bytes.length));
      case LONGER -> {
        Files.write(file, bytes);
        Files.write(file, Arrays.copyOf(random, 30), StandardOpenOption.APPEND);
      }
      case FOLDER -> Files.createDirectory(file);
    }
  }

  private static int lastLine(byte[] bytes) {
    int start = bytes.length - 1;
    while (start > 0 && bytes[start - 1] != '\n') {
      start--;
    }
    return Math.max(start, 0);
  }

  private static void copy(Path from, Path to) throws Exception {
    Files.createDirectories(to.getParent());
    run("cp", "-a", from.toString(), to.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
