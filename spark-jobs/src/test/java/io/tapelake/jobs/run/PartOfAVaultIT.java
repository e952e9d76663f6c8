package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.outcome.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked for a part of a vault, or goes wrong in one, leaves the rest as it is. */
final class PartOfAVaultIT {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final String OTHER = "BTC-USD-SWAP";
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
    Outputs.Ended ended = Outputs.listenToRun(vault, trades.now());
    assertThat(ended.exit()).as(ended.errors()).isEqualTo(ExitCode.NEEDS_PERSON.code());
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
