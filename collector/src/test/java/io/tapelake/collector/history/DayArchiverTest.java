package io.tapelake.collector.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.collector.certify.Certificate;
import io.tapelake.collector.certify.DayCertifier;
import io.tapelake.collector.inventory.DayCoverage;
import io.tapelake.collector.inventory.VaultCoverage;
import io.tapelake.collector.write.InstrumentFiles;
import io.tapelake.collector.write.RawDay;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DayArchiverTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final DayFile DAY = new DayFile(BTC, LocalDate.parse("2026-01-01"));

  @TempDir private Path vault;

  private final Clock clock = Clock.fixed(NOON.plusSeconds(864_000), ZoneOffset.UTC);

  @Test
  void thePlainFileGoesAndItsBytesStay() throws IOException {
    write(1, 20_000);
    byte[] before = Files.readAllBytes(raw().plain());
    DayArchiver.Result result = archive();
    assertThat(result.outcome()).isEqualTo(DayArchiver.Outcome.ARCHIVED);
    assertThat(result.plainBytes()).isEqualTo(before.length);
    assertThat(result.storedBytes()).isEqualTo(Files.size(raw().archive())).isPositive();
    assertThat(raw().plain()).doesNotExist();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(raw().archive()))) {
      assertThat(in.readAllBytes()).isEqualTo(before);
    }
    assertThat(Files.list(raw().archive().getParent())).hasSize(1);
    assertThat(archive().outcome()).isEqualTo(DayArchiver.Outcome.NOTHING);
  }

  @Test
  void whatIsAddedLaterIsReadAndComparedLikeTheRest() throws IOException {
    write(1, 100);
    archive();
    write(101, 50);
    assertThat(raw().form()).isEqualTo(RawDay.Form.ARCHIVED);
    List<DayCoverage> days = VaultCoverage.of(vault).days(BTC, LocalDate.MIN, LocalDate.MAX);
    assertThat(days).hasSize(1);
    assertThat(days.get(0).trades()).isEqualTo(150);
    assertThat(days.get(0).missingIds()).isZero();
    assertThat(days.get(0).isArchived()).isTrue();
  }

  @Test
  void aCertificateHoldsForTheArchiveAsWell() throws IOException {
    write(1, 20_000);
    Certificate certificate = new DayCertifier(vault).certify(DAY);
    archive();
    assertThat(new DayCertifier(vault).check(DAY)).isNull();
    assertThat(new DayCertifier(vault).certify(DAY)).isEqualTo(certificate);
    write(20_001, 1);
    assertThat(new DayCertifier(vault).check(DAY)).contains("bytes is ");
  }

  @Test
  void aTornTailIsNoPartOfTheArchive() throws IOException {
    write(1, 3);
    byte[] before = Files.readAllBytes(raw().plain());
    Files.writeString(raw().plain(), "{\"timestamp", StandardOpenOption.APPEND);
    assertThat(archive().outcome()).isEqualTo(DayArchiver.Outcome.ARCHIVED);
    try (InputStream in = raw().openArchive(0)) {
      assertThat(in.readAllBytes()).isEqualTo(before);
    }
  }

  @Test
  void whatACrashLeftIsFinishedAndAContradictionIsNamed() throws IOException {
    write(1, 3);
    byte[] plain = Files.readAllBytes(raw().plain());
    archive();
    Files.write(raw().plain(), plain);
    assertThat(archive().outcome()).isEqualTo(DayArchiver.Outcome.SETTLED);
    assertThat(raw().plain()).doesNotExist();

    plain[plain.length / 2] ^= 1;
    Files.write(raw().plain(), plain);
    assertThatThrownBy(this::archive)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("2026-01-01.jsonl and 2026-01-01.jsonl.gz hold different trades");
    assertThat(raw().form()).as("nothing was touched").isEqualTo(RawDay.Form.BOTH);
    VaultCoverage coverage = VaultCoverage.of(vault);
    assertThat(coverage.days(BTC, LocalDate.MIN, LocalDate.MAX)).isEmpty();
    assertThat(coverage.unreadable()).singleElement().asString().contains("hold different trades");
  }

  @Test
  void onlyOneProcessArchivesAnInstrumentAtATime() throws IOException {
    write(1, 20);
    Path left = raw().archive().resolveSibling(".2026-01-01.jsonl.gz.archive.tmp");
    Files.writeString(left, "half an archive");
    Path lock = vault.resolve("state/collector/okx/perps/" + BTC + ".archive.lock");
    try (FileChannel other =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      other.lock();
      assertThat(archive().outcome()).isEqualTo(DayArchiver.Outcome.BUSY);
      assertThat(left).as("the other one's").hasContent("half an archive");
    }
    assertThat(archive().outcome()).isEqualTo(DayArchiver.Outcome.ARCHIVED);
    assertThat(Files.list(left.getParent())).containsExactly(raw().archive());
  }

  private DayArchiver.Result archive() throws IOException {
    return new DayArchiver(vault, 6, clock).archive(DAY);
  }

  private RawDay raw() {
    return new RawDay(vault, DAY);
  }

  private void write(long firstId, int trades) throws IOException {
    Contract contract = new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);
    try (InstrumentFiles files = InstrumentFiles.open(vault, BTC, clock)) {
      for (long id = firstId; id < firstId + trades; id++) {
        files.add(
            new Trade(NOON, BTC, id, TakerSide.SELL, BigDecimal.TEN, BigDecimal.ONE, contract), 1);
      }
      files.flushAll();
    }
  }
}
