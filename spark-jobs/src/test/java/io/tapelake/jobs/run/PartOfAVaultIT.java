package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.alert.AlertSettings;
import io.tapelake.jobs.commit.VaultHold;
import io.tapelake.jobs.commit.VaultLock;
import io.tapelake.jobs.outcome.ExitCode;
import io.tapelake.jobs.outcome.Progress;
import io.tapelake.jobs.plan.DayRange;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.session.SparkStart;
import io.tapelake.jobs.store.VaultStore;
import io.tapelake.jobs.store.VaultStores;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked for a part of a vault, or goes wrong in one, leaves the rest as it is. */
final class PartOfAVaultIT {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final String OTHER = "BTC-USD-SWAP";

  /** Where the time begins in a line. */
  private static final int TIME = "{'timestamp_utc':'".length();

  private static final String FIRST_DAY = "2026-01-02";

  @TempDir private Path folder;

  private Path vault;
  private ArrivingTrades trades;

  /** Two days of two instruments, of which the last minute is open. */
  @BeforeEach
  void make() throws IOException {
    vault = Files.createDirectory(folder.resolve("vault"));
    trades = new ArrivingTrades(vault, 20261130);
    arrive(16);
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    assertThat(vault.resolve(raw(BTC, "2026-01-03"))).exists();
  }

  private void arrive(int pieces) throws IOException {
    for (int i = 0; i < pieces; i++) {
      trades.arriveWhole();
    }
  }

  private static String raw(String instrument, String day) {
    return "raw/okx/trades_perps/%s/%s.jsonl".formatted(instrument, day);
  }

  private String byTasks() throws IOException {
    return Files.writeString(folder.resolve("jobs.properties"), "job.inline-megabytes=0\n")
        .toString();
  }

  @Test
  void anInstrumentIsMadeAnewByTasksAndTheOthersStay() throws IOException {
    Files.delete(vault.resolve("state/vwap/okx/perps/" + OTHER + ".state.json"));
    Outputs.Ended ended = Outputs.listen("backfill", vault, "--instruments", BTC);
    assertThat(ended.exit()).as(ended.errors()).isEqualTo(ExitCode.NEEDS_PERSON.code());
    assertThat(ended.errors()).contains("backfill --instruments " + OTHER);
    Path cursor = vault.resolve("state/vwap/okx/perps/" + BTC + ".state.json");
    byte[] whole = Files.readAllBytes(cursor);
    Files.write(cursor, new byte[0]);
    for (String each : List.of(BTC, OTHER)) {
      Outputs.Ended both = Outputs.listen("backfill", vault, "--instruments", each);
      assertThat(both.exit()).isEqualTo(ExitCode.NEEDS_PERSON.code());
      assertThat(both.errors()).contains("backfill --instruments " + OTHER + "," + BTC + "'");
    }
    Files.write(cursor, whole);
    int made =
        Outputs.execute(
            "backfill", vault, trades.now(), "--instruments", OTHER, "--config", byTasks());
    assertThat(made).isZero();
    Outputs.assertSameAsBackfill(vault, trades.now(), "one of two made anew");
    Outputs.Ended slip = Outputs.listen("verify", vault, "--instruments", BTC + ",BTC-USD-SLIP");
    assertThat(slip.exit()).isEqualTo(ExitCode.USAGE.code());
    assertThat(slip.errors()).contains("'BTC-USD-SLIP'", OTHER + ", " + BTC);
  }

  @Test
  void aDayThatIsGoneIsTakenOutAndOtherDaysStay() throws IOException {
    Files.delete(vault.resolve(raw(BTC, FIRST_DAY)));
    Outputs.Ended kept = backfill(FIRST_DAY);
    assertThat(kept.exit()).isEqualTo(ExitCode.NEEDS_PERSON.code());
    assertThat(kept.errors()).contains(raw(BTC, FIRST_DAY) + " is gone");
    Outputs.Ended taken = backfill(FIRST_DAY, "--accept-missing");
    assertThat(taken.exit()).as(taken.errors()).isZero();
    Outputs.assertSameAsBackfill(vault, trades.now(), "without a day");
  }

  /** Half of a disk that is not mounted does not become half of the outputs. */
  @Test
  void everythingIsMadeAnewWithoutADayOnlyWhereThatIsAccepted() throws Exception {
    Path day = vault.resolve(raw(BTC, FIRST_DAY));
    Path away = Files.move(day, folder.resolve("away"));
    Outputs.Ended refused = Outputs.listen("backfill", vault);
    assertThat(refused.exit()).isEqualTo(ExitCode.NEEDS_PERSON.code());
    assertThat(refused.errors()).contains(raw(BTC, FIRST_DAY) + " is gone", "--accept-missing");
    Files.move(away, day);
    assertThat(Outputs.listen("verify", vault).exit()).as("nothing was changed").isZero();
    Files.delete(day);
    Instant asOf = trades.now();
    assertThat(Outputs.execute("backfill", vault, asOf, "--accept-missing")).isZero();
    Outputs.assertSameAsBackfill(vault, asOf, "without a day, made anew");
  }

  /** Its minutes come to the same: only the table of trades shows it. */
  @Test
  void anEditWithinAMinuteReachesTheTableOfTrades() throws Exception {
    Path clean = folder.resolve("clean");
    ArrivingTrades tape = smallTape(clean);
    Instant asOf = tape.now().plusSeconds(600);
    assertThat(Outputs.execute("run", clean, asOf)).isZero();
    assertThat(clean.resolve("quarantine")).doesNotExist();
    Path day = clean.resolve(raw(BTC, FIRST_DAY));
    List<String> lines = new ArrayList<>(Files.readAllLines(day));
    int between = 1;
    while (!isBetweenItsMinutesTrades(lines, between)) {
      between++;
    }
    String time = lines.get(between).substring(TIME, TIME + 24);
    Instant moved = Instant.parse(time).plusMillis(1);
    lines.set(between, lines.get(between).replace(time, TradeLine.formatTime(moved)));
    Files.write(day, lines);
    assertThat(Outputs.execute("run", clean, asOf)).isZero();
    assertThat(Outputs.listen("verify", clean).exit()).isZero();
    Outputs.assertSameAsBackfill(clean, asOf, "after an edit within a minute");
  }

  /** Few enough trades that none is refused. */
  private static ArrivingTrades smallTape(Path vault) throws IOException {
    ArrivingTrades tape = new ArrivingTrades(Files.createDirectory(vault), 20261130);
    tape.arriveWhole();
    tape.arriveWhole();
    return tape;
  }

  private static boolean isBetweenItsMinutesTrades(List<String> lines, int i) {
    String[] times = new String[3];
    for (int each = 0; each < 3; each++) {
      times[each] = lines.get(i - 1 + each).substring(TIME, TIME + 24);
    }
    return Collections.frequency(lines, lines.get(i)) == 1
        && times[0].compareTo(times[1]) < 0
        && Instant.parse(times[1]).plusMillis(1).isBefore(Instant.parse(times[2]))
        && times[0].substring(0, 16).equals(times[2].substring(0, 16));
  }

  /** A row that a clock closed that was ahead is there once when the clock comes to it. */
  @Test
  void aClockThatWasAheadMakesNoMinuteTwice() throws Exception {
    Path other = folder.resolve("other");
    ArrivingTrades tape = smallTape(other);
    for (int seconds : new int[] {3_600, 5, 75, 7_200}) {
      runBy(Clock.fixed(tape.now().plusSeconds(seconds), ZoneOffset.UTC), other);
    }
    Outputs.Ended verified = Outputs.listen("verify", other);
    assertThat(verified.exit()).as(verified.errors()).isZero();
    List<String> rows =
        Files.readAllLines(other.resolve("derived/vwap/okx/perps/" + BTC + "/vwap_1m.jsonl"));
    assertThat(rows).isNotEmpty().doesNotHaveDuplicates();
    // Once all of them are made anew, nothing tells of that clock any more.
    Clock now = Clock.fixed(tape.now().plusSeconds(600), ZoneOffset.UTC);
    for (String instrument : List.of(BTC, OTHER)) {
      runBy(now, other, Set.of(instrument), RunRequest.Scope.ALL);
    }
    assertThat(Files.readString(other.resolve("state/vwap/published.json")))
        .contains(now.instant().toString())
        .doesNotContain(tape.now().plusSeconds(7_200).toString());
  }

  /** What one instrument's clock has closed closes nothing of another one. */
  @Test
  void aClockThatSteppedBackClosesNothingNew() throws Exception {
    Path other = folder.resolve("other");
    ArrivingTrades tape = smallTape(other);
    Instant now = tape.now();
    runBy(Clock.fixed(now.plusSeconds(240), ZoneOffset.UTC), other, Set.of(BTC));
    tape.arriveWhole();
    runBy(Clock.fixed(now.plusSeconds(120), ZoneOffset.UTC), other, Set.of());
    assertThat(lastRow(other, OTHER)).isLessThan(now.plusSeconds(50).toString());
    assertThat(lastRow(other, BTC)).isGreaterThan(now.plusSeconds(100).toString());
    Path copy = folder.resolve("copy");
    Outputs.copyRaw(other, copy);
    runBy(Clock.fixed(now.plusSeconds(240), ZoneOffset.UTC), copy);
    assertThat(export(other, BTC)).hasSameTextualContentAs(export(copy, BTC));
    assertThat(Files.readString(other.resolve("state/vwap/published.json")))
        .contains(now.plusSeconds(240).toString());
    Outputs.Ended verified = Outputs.listen("verify", other);
    assertThat(verified.exit()).as(verified.errors()).isZero();
  }

  private static Path export(Path vault, String instrument) {
    return vault.resolve("derived/vwap/okx/perps/" + instrument + "/vwap_1m.jsonl");
  }

  private static String lastRow(Path vault, String instrument) throws IOException {
    List<String> rows = Files.readAllLines(export(vault, instrument));
    return rows.get(rows.size() - 1).replaceAll(".*\"window_start_utc\":\"([^\"]*)\".*", "$1");
  }

  /** Who says in the configuration what is to be done waits for its first trade. */
  @Test
  void anInstrumentWithoutATradeKeepsNoOtherAndABackfillMakesAllOutputsAnew() throws Exception {
    Path settings = folder.resolve("jobs.properties");
    Files.writeString(settings, "job.instruments=%s,NEW-USDT-SWAP\n".formatted(BTC));
    arrive(2);
    String[] configured = {"--config", settings.toString(), "--as-of", trades.now().toString()};
    Outputs.Ended ended = Outputs.listen("run", vault, configured);
    assertThat(ended.exit()).as(ended.errors()).isZero();
    assertThat(ended.errors()).contains("no raw files of instrument 'NEW-USDT-SWAP'");
    ended = Outputs.listen("verify", vault, "--config", settings.toString());
    assertThat(ended.exit()).as(ended.errors()).isZero();
    assertThat(ended.output()).contains(BTC).doesNotContain(OTHER);
    Files.writeString(settings, "job.instruments=%s\njob.windows=7m\n".formatted(BTC));
    assertThat(Outputs.listen("run", vault, configured).exit()).isEqualTo(ExitCode.USAGE.code());
    ended = Outputs.listen("backfill", vault, configured);
    assertThat(ended.exit()).as(ended.errors()).isZero();
    Outputs.assertSameAsBackfill(vault, trades.now(), "configured", "--windows", "7m");
  }

  /** What counts may name files that nobody has any more. */
  @Test
  void aBackfillIsTheWayOutAlsoWhereFilesOfOutputsWereRemoved() throws Exception {
    Instant asOf = trades.now();
    remove("derived");
    assertThat(Outputs.execute("backfill", vault, asOf, "--no-analytics")).isZero();
    assertThat(Outputs.execute("run", vault, asOf, "--no-analytics")).isZero();
    remove("raw/okx/trades_perps/" + OTHER);
    remove("derived/vwap/okx/perps/" + OTHER);
    remove("state/vwap/okx/perps/" + OTHER + ".state.json");
    Outputs.Ended stopped = Outputs.listenToRun(vault, asOf);
    assertThat(stopped.exit()).isNotZero();
    assertThat(Outputs.execute("backfill", vault, asOf)).isZero();
    assertThat(Outputs.execute("run", vault, asOf)).isZero();
    Outputs.assertSameAsBackfill(vault, asOf, "without an instrument");
  }

  private void remove(String part) throws Exception {
    assertThat(vault.resolve(part)).exists();
    new ProcessBuilder("rm", "-r", vault.resolve(part).toString()).start().waitFor();
  }

  private static void runBy(Clock clock, Path vault) throws Exception {
    runBy(clock, vault, Set.of());
  }

  private static void runBy(Clock clock, Path vault, Set<String> instruments) throws Exception {
    runBy(clock, vault, instruments, RunRequest.Scope.NEW);
  }

  private static void runBy(
      Clock clock, Path vault, Set<String> instruments, RunRequest.Scope scope) throws Exception {
    OutputSettings settings =
        new OutputSettings(
            List.of(WindowSpec.parse("5m")), Duration.ofSeconds(10), BigDecimal.ONE, true);
    String root = vault.toString();
    try (VaultHold hold = VaultLock.acquire(root, clock);
        SparkStart spark = new SparkStart("local[2]")) {
      VaultStore store = VaultStores.open(root, VaultStores.configuration());
      RunRequest request =
          new RunRequest(instruments, instruments.isEmpty(), null, scope, DayRange.NONE, false);
      new VwapJob(
              spark,
              store,
              settings,
              1 << 20,
              1 << 30,
              AlertSettings.NONE,
              clock,
              hold,
              Progress.SILENT)
          .run("run", request);
    }
  }

  /** Its trades stand in a file that is not asked for, and then in one that is away. */
  @Test
  void rowsDoNotGoOnWithoutTheTradesOfAMinuteThatWasOpen() throws IOException {
    Instant later = trades.now().plusSeconds(600);
    int made = Outputs.execute("backfill", vault, later, "--from", FIRST_DAY, "--to", FIRST_DAY);
    assertThat(made).isZero();
    assertThat(Outputs.listen("verify", vault).exit()).isZero();
    Path today = vault.resolve(raw(BTC, "2026-01-03"));
    Path away = Files.move(today, folder.resolve("away"));
    assertThat(Outputs.execute("run", vault, later)).isEqualTo(ExitCode.NEEDS_PERSON.code());
    Files.move(away, today);
    assertThat(Outputs.listen("verify", vault).exit()).isZero();
    assertThat(Outputs.execute("run", vault, later)).isZero();
    Outputs.assertSameAsBackfill(vault, later, "after a minute was left open");
  }

  /** Of a day behind the one with the open minute all counts but its rows. */
  @Test
  void aDayBehindAMinuteThatWasOpenAgreesWithItsFile() throws Exception {
    String next = "2026-01-04";
    while (Files.notExists(vault.resolve(raw(OTHER, next)))
        || Files.notExists(vault.resolve(raw(BTC, next)))) {
      arrive(1);
    }
    arrive(1);
    Outputs.Ended made = backfill(next);
    assertThat(made.exit()).as(made.errors()).isZero();
    Outputs.Ended verified = Outputs.listen("verify", vault);
    assertThat(verified.exit()).as(verified.errors()).isZero();
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    Outputs.assertSameAsBackfill(vault, trades.now(), "a later day first");
  }

  @Test
  void whatCannotBeOpenedIsNamedAndAQuarantineThatIsGoneIsMadeAnew() throws Exception {
    Path day = vault.resolve(raw(BTC, "2026-01-01"));
    Path instrument = vault.resolve("raw/okx/trades_perps/AAVE-USDT-SWAP");
    Files.createSymbolicLink(day, day);
    Files.createSymbolicLink(instrument, instrument);
    Path quarantine = vault.resolve("quarantine");
    assertThat(quarantine).isDirectory();
    new ProcessBuilder("rm", "-r", quarantine.toString()).start().waitFor();
    arrive(8);
    // A summary that cannot be written takes nothing from what is told.
    String[] words = {"--as-of", trades.now().toString(), "--summary", "/dev/full"};
    Outputs.Ended ended = Outputs.listen("run", vault, words);
    assertThat(ended.exit()).as(ended.errors()).isEqualTo(ExitCode.NEEDS_PERSON.code());
    assertThat(ended.errors()).contains("warning: --summary /dev/full cannot be written");
    assertThat(ended.complaints()).filteredOn(line -> !line.contains("warning")).hasSize(2);
    assertThat(ended.errors()).contains(raw(BTC, "2026-01-01"), "AAVE-USDT-SWAP");
    assertThat(backfill(FIRST_DAY).errors()).contains("AAVE-USDT-SWAP");
    Files.delete(day);
    Files.delete(instrument);
    Outputs.assertSameAsBackfill(vault, trades.now(), "beside two loops");
  }

  private Outputs.Ended backfill(String day, String... options) {
    String[] words = java.util.Arrays.copyOf(options, options.length + 6);
    String[] range = {"--as-of", trades.now().toString(), "--from", day, "--to", day};
    System.arraycopy(range, 0, words, options.length, range.length);
    return Outputs.listen("backfill", vault, words);
  }
}
