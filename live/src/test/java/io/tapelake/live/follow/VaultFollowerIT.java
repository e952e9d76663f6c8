package io.tapelake.live.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Market;
import io.tapelake.live.market.Tape;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The follower's threads over a vault that changes under them. */
final class VaultFollowerIT {

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  @TempDir private Path folder;
  private Vault vault;
  private Market market;
  private VaultFollower follower;

  @BeforeEach
  void follow() {
    vault = new Vault(folder.resolve("vault"));
    market =
        new Market(
            Tape.settings("1h"),
            Clock.fixed(Instant.parse("2026-03-10T00:00:00Z"), ZoneOffset.UTC));
    follower = new VaultFollower(vault.root(), Set.of(), 8, market);
    follower.start();
  }

  @AfterEach
  void stop() {
    follower.close();
  }

  @Test
  void aVaultThatFillsIsFollowedIntoTheNextDay() throws IOException {
    await(() -> market.trouble() != null);
    vault.append(Tape.trade("2026-03-01T23:59:59.900Z", 1, "buy", "100", "1"));
    await(() -> trades() == 1);
    assertThat(market.trouble()).isNull();
    vault.append(Tape.trade("2026-03-02T00:00:00.100Z", 2, "buy", "100", "1"));
    await(() -> trades() == 2);
    vault.append(Tape.trade("2026-03-01T23:59:59.950Z", 3, "buy", "100", "1"));
    await(() -> trades() == 3);
    assertThat(tape().open().spans().get(0).sums().vwap().tradeCount()).isEqualTo(3);
  }

  @Test
  void olderDaysAreReadBehindTheNewestAndAgainWhenTheyChange() throws IOException {
    List<Trade> trades =
        Tape.walk(new Random(1), Instant.parse("2026-02-26T12:00:00Z"), 5000, 150_000);
    vault.append(trades.toArray(new Trade[0]));
    Vault.archive(vault.file(Tape.BTC, "2026-02-28"));
    await(() -> trades() == 5000);
    await(() -> tape().coveredFrom() <= 0);
    Trade late = Tape.trade("2026-02-27T13:00:00Z", 77, "sell", "90000", "1");
    vault.append(late);
    await(() -> trades() == 5001);
    assertThat(tape().revisedMinutes()).contains(late.time().getEpochSecond() / 60);
  }

  @Test
  void aVaultThatVanishesIsToldAndIsFollowedOnceItIsBack() throws IOException {
    vault.append(Tape.trade("2026-03-01T10:00:00Z", 1, "buy", "100", "1"));
    await(() -> trades() == 1);
    Path away = folder.resolve("away");
    Files.move(vault.root(), away);
    await(() -> market.trouble() != null);
    assertThat(trades()).isEqualTo(1);
    assertThat(follower.isReady()).isFalse();
    Files.move(away, vault.root());
    vault.append(Tape.trade("2026-03-01T10:00:01Z", 2, "buy", "100", "1"));
    await(() -> trades() == 2 && market.trouble() == null);
    assertThat(follower.isReady()).isTrue();
  }

  @Test
  void aVaultOfOtherInstrumentsThanThoseThatAreWantedIsTold() throws IOException {
    follower.close();
    vault.append(Tape.trade("2026-03-01T10:00:00Z", 1, "buy", "100", "1"));
    market = new Market(market.settings(), market.clock());
    follower = new VaultFollower(vault.root(), Set.of("ETH-USDT-SWAP"), 8, market);
    follower.start();
    await(
        () ->
            market.trouble() != null
                && market
                    .trouble()
                    .endsWith("has no raw files of ETH-USDT-SWAP; it has those of BTC-USDT-SWAP"));
    assertThat(follower.isReady()).isFalse();
    awaitScan("ETH-USDT-SWAP");
    await(() -> market.trouble() == null && follower.isReady());
    assertThat(tape()).isNull();
  }

  @Test
  void aDayThatIsYetToComeIsNamedAndHoldsUpNoOther() throws IOException {
    vault.append(Tape.trade("2055-01-01T10:00:00Z", 9, "buy", "100", "1"));
    await(() -> trouble().contains("2055-01-01.jsonl"));
    vault.append(Tape.trade("2026-03-09T10:00:00Z", 1, "buy", "100", "1"));
    await(() -> trades() == 1);
    assertThat(tape().last().id()).isEqualTo(1);
    assertThat(follower.isReady()).isTrue();
    Files.delete(vault.file(Tape.BTC, "2055-01-01"));
    await(() -> trouble().isEmpty());
  }

  @Test
  void aDayThatCannotBeReadIsNamedUntilItIsWhole() throws IOException {
    vault.append(Tape.trade("2026-02-27T10:00:00Z", 1, "buy", "100", "1"));
    Path archived = vault.file(Tape.BTC, "2026-02-27");
    Vault.archive(archived);
    archived = archived.resolveSibling(archived.getFileName() + ".gz");
    byte[] whole = Files.readAllBytes(archived);
    Files.write(archived, Arrays.copyOf(whole, whole.length / 2));
    vault.append(Tape.trade("2026-03-01T10:00:00Z", 2, "buy", "100", "1"));
    await(() -> trouble().contains("2026-02-27.jsonl.gz cannot be read"));
    awaitScan("ONE-SWAP");
    awaitScan("TWO-SWAP");
    assertThat(trouble()).contains("2026-02-27.jsonl.gz cannot be read");
    assertThat(tape().coveredFrom()).isPositive();
    Files.write(archived, whole);
    await(() -> trades() == 2 && trouble().isEmpty());
    assertThat(tape().coveredFrom()).isNegative();
  }

  @Test
  void aFolderWhoseFilesAreAllGoneIsToldOfAndWhatWasReadStays() throws IOException {
    for (String day : List.of("2026-02-20", "2026-02-28", "2026-03-01")) {
      vault.append(Tape.trade(day + "T10:00:00Z", 1, "buy", "100", "1"));
    }
    await(() -> trades() == 2 && follower.isReady());
    for (String day : List.of("2026-02-20", "2026-02-28", "2026-03-01")) {
      Files.delete(vault.file(Tape.BTC, day));
    }
    await(() -> trouble().contains("the files of [2026-02-28, 2026-03-01] are gone"));
    assertThat(trades()).isEqualTo(2);
    assertThat(tape().coveredFrom()).isLessThanOrEqualTo(tape().firstMinute());
  }

  @Test
  void aDayThatIsArchivedWhileItIsFollowedStaysWhatItWas() throws IOException {
    vault.append(Tape.trade("2026-03-01T10:00:00Z", 1, "buy", "100", "1"));
    await(() -> trades() == 1);
    Vault.archive(vault.file(Tape.BTC, "2026-03-01"));
    vault.append(Tape.trade("2026-03-02T10:00:00Z", 2, "buy", "100", "1"));
    await(() -> trades() == 2);
    assertThat(tape().revisedMinutes()).isEmpty();
  }

  @Test
  void certificatesHoldForTheFileThatTheyAreOfAlone() throws IOException {
    vault.append(Tape.trade("2026-03-01T10:00:00Z", 1, "buy", "100", "1"));
    Path file = vault.file(Tape.BTC, "2026-03-01");
    Path certificate =
        vault
            .root()
            .resolve("certificates/okx/trades_perps/%s/2026-03-01.json".formatted(Tape.BTC));
    Files.createDirectories(certificate.getParent());
    Files.writeString(
        certificate,
        "{\"complete\":true,\"missing_ids\":0,\"bytes\":%d}".formatted(Files.size(file)));
    await(() -> trades() == 1 && tape().certificate(day()) != null);
    assertThat(tape().certificate(day()).isComplete()).isTrue();
    vault.append(Tape.trade("2026-03-01T10:00:02Z", 3, "buy", "100", "1"));
    await(() -> trades() == 2 && tape().certificate(day()) == null);
  }

  private static LocalDate day() {
    return LocalDate.parse("2026-03-01");
  }

  private InstrumentTape tape() {
    return market.tape(Tape.BTC);
  }

  private String trouble() {
    return tape() == null || tape().trouble() == null ? "" : tape().trouble();
  }

  /** Waits until all was looked through again. */
  private void awaitScan(String newInstrument) throws IOException {
    vault.file(newInstrument, "2026-03-01").toFile().createNewFile();
    await(() -> market.tape(newInstrument) != null);
  }

  private long trades() {
    return tape() == null ? 0 : tape().tradeCount();
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        fail("it did not come about");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
