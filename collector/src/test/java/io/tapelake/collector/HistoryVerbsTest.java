package io.tapelake.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes tell a slip from an empty result, and what holds from what does not. */
class HistoryVerbsTest {

  @TempDir private Path folder;

  @Test
  void aVaultOrAnInstrumentThatIsNotThereIsASlip() throws IOException {
    for (String verb : List.of("archive", "coverage", "certify")) {
      assertThat(run(verb)).as("%s without a vault", verb).isEqualTo(Collector.USAGE);
    }
    Files.createDirectories(vault());
    for (String verb : List.of("archive", "coverage", "certify")) {
      assertThat(run(verb)).as("%s of an empty vault", verb).isEqualTo(Collector.DONE);
      assertThat(run(verb, "--instruments=BTC-USDT-SWAP")).as(verb).isEqualTo(Collector.USAGE);
    }
    raw();
    for (String verb : List.of("archive", "coverage", "certify")) {
      assertThat(run(verb, "--instruments=ETH-USDT-SWAP")).as(verb).isEqualTo(Collector.USAGE);
      assertThat(run(verb, "--instruments=btc-usdt-swap")).as(verb).isEqualTo(Collector.DONE);
    }
    assertThat(run("certify", "--from=2026-01-03", "--to=2026-01-02")).isEqualTo(Collector.USAGE);
  }

  @Test
  void aCertificateThatDoesNotHoldOrIsNotThereNeedsAPerson() throws IOException {
    Path raw = raw();
    assertThat(run("certify", "--check")).as("not there").isEqualTo(HistoryVerbs.NEEDS_PERSON);
    assertThat(run("certify", "--check", "--from=2026-01-03")).isEqualTo(Collector.DONE);
    assertThat(run("certify")).isEqualTo(Collector.DONE);
    assertThat(run("certify", "--check")).isEqualTo(Collector.DONE);
    byte[] bytes = Files.readAllBytes(raw);
    bytes[20] ^= 1;
    Files.write(raw, bytes);
    assertThat(run("certify", "--check")).as("a flipped bit").isEqualTo(HistoryVerbs.NEEDS_PERSON);
    Files.delete(raw);
    assertThat(run("certify", "--check")).as("gone").isEqualTo(HistoryVerbs.NEEDS_PERSON);
  }

  @Test
  void aDayThatCannotBeReadKeepsNoOtherOutOfTheCoverage() throws IOException {
    raw();
    Files.write(
        vault().resolve("raw/okx/trades_perps/BTC-USDT-SWAP/2026-01-01.jsonl.gz"),
        new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2});
    Path html = folder.resolve("coverage.html");
    assertThat(run("coverage", "--html=" + html)).isEqualTo(HistoryVerbs.NEEDS_PERSON);
    assertThat(html).content().contains("BTC-USDT-SWAP");
  }

  @Test
  void aFolderThatCannotBeListedKeepsNoOtherInstrumentFromItsTurn() throws IOException {
    Path folder = Files.createDirectories(vault().resolve("raw/okx/trades_perps/A-USDT-SWAP"));
    raw();
    Files.setPosixFilePermissions(folder, Set.of());
    assumeThat(Files.isReadable(folder)).as("root may do anything").isFalse();
    try {
      assertThat(run("certify")).isEqualTo(HistoryVerbs.NEEDS_PERSON);
      assertThat(run("certify", "--check")).isEqualTo(HistoryVerbs.NEEDS_PERSON);
      assertThat(run("archive")).isEqualTo(HistoryVerbs.NEEDS_PERSON);
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
    assertThat(vault().resolve("certificates/okx/trades_perps/BTC-USDT-SWAP/2026-01-02.json"))
        .exists();
    assertThat(vault().resolve("raw/okx/trades_perps/BTC-USDT-SWAP/2026-01-02.jsonl.gz")).exists();
  }

  @Test
  void coverageIsShownOfAVaultThatMayOnlyBeRead() throws IOException {
    raw();
    // Nothing can be written below it, also not by root.
    Files.createFile(Files.createDirectories(vault().resolve("state")).resolve("collector"));
    assertThat(run("coverage")).isEqualTo(Collector.DONE);
  }

  private Path raw() throws IOException {
    Path raw = vault().resolve("raw/okx/trades_perps/BTC-USDT-SWAP/2026-01-02.jsonl");
    Files.createDirectories(raw.getParent());
    return Files.writeString(
        raw,
        "{\"timestamp_utc\":\"2026-01-02T00:00:00.000Z\",\"exchange\":\"okx\",\"instId\":\"BTC-USDT-SWAP\","
            + "\"trade_id\":\"1\",\"side\":\"buy\",\"price\":\"1\",\"qty_contracts\":\"1\","
            + "\"ctVal\":\"1\",\"ctMult\":\"1\",\"ctType\":\"linear\"}\n");
  }

  private int run(String verb, String... options) {
    List<String> arguments = new ArrayList<>(List.of("--vault=" + vault()));
    arguments.addAll(List.of(options));
    return HistoryVerbs.run(verb, arguments);
  }

  private Path vault() {
    return folder.resolve("vault");
  }
}
