package io.tapelake.collector.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tapelake.collector.cover.GapEvent;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.cover.Life;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InstrumentFilesTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path vault;

  private final Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);

  @Test
  void aTornTailIsMovedAsideAndTheNextLineStandsAlone() throws IOException {
    write(1, 2, 3);
    Files.writeString(
        raw("2026-01-01"), "{\"timestamp_utc\":\"2026-01-0", StandardOpenOption.APPEND);
    write(4);
    assertThat(Files.readAllLines(raw("2026-01-01"))).hasSize(4);
    try (Stream<Path> files = Files.walk(vault.resolve("quarantine/collector"))) {
      Path aside = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      assertThat(Files.readString(aside)).contains("torn_tail").contains("time_utc");
    }
  }

  @Test
  void aDayThatGoesWhileItIsAskedWhatChangedIsNoFailure() throws IOException {
    write(1);
    try (InstrumentFiles files = open()) {
      Files.createSymbolicLink(raw("2025-12-30"), vault.resolve("gone"));
      Files.copy(raw("2026-01-01"), raw("2025-12-31"));
      Files.setLastModifiedTime(raw("2025-12-31"), FileTime.from(Instant.now().plusSeconds(1)));
      assertThat(files.changed()).containsExactly(LocalDate.parse("2025-12-31"));
    }
  }

  @Test
  void coverageIsReadBackFromTheFile() throws IOException {
    write(1, 2, 3, 7);
    InstrumentFiles files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 3), new IdRange(7, 7));
    assertThat(files.watchFrom()).as("others' gaps are not ours").isEqualTo(7);
    files.close();
  }

  @Test
  void memoryThatLagsBehindTheFileIsCompleted() throws IOException {
    InstrumentFiles files = open();
    add(files, NOON, 1, 1);
    files.flush();
    files.beginRemembering(1, Life.FIRST, node -> {});
    add(files, NOON, 2, 1);
    files.flush();
    files.close();
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 2));
    assertThat(files.watchFrom()).isEqualTo(1);
    files.close();
  }

  /** The disk takes its time as long as all threads that wait for it are held up. */
  @Test
  @Timeout(120)
  void aSlowDiskKeepsNobodyWaiting() throws IOException {
    CountDownLatch disk = new CountDownLatch(1);
    for (int i = 0; i < Forcing.THREADS; i++) {
      new Forcing().begin(() -> await(disk));
    }
    Path state = vault.resolve(VaultLayout.collectorState(BTC));
    InstrumentFiles files = open();
    add(files, NOON, 1, 1);
    files.flush();
    files.beginSync();
    assertThat(files.beginRemembering(1, Life.FIRST, node -> {})).isTrue();
    add(files, NOON, 2, 1);
    files.flush();
    files.beginSync();
    assertThat(files.beginRemembering(1, Life.FIRST, node -> {})).isFalse();
    assertThat(Files.readAllLines(raw("2026-01-01"))).hasSize(2);
    assertThat(state).as("not ahead of what is on the disk").doesNotExist();
    disk.countDown();
    files.close();
    assertThat(state).exists();
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 2));
    files.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void memoryThatIsAheadOfTheFileIsNotBelieved() throws IOException {
    InstrumentFiles files = open();
    add(files, NOON, 1, 1);
    add(files, NOON, 2, 1);
    files.flush();
    files.beginRemembering(1, Life.FIRST, node -> {});
    files.close();
    List<String> lines = Files.readAllLines(raw("2026-01-01"));
    Files.writeString(raw("2026-01-01"), lines.get(0) + "\n");
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 1));
    files.close();
  }

  @Test
  void anAggregateIsReadBackWithAllItsIds() throws IOException {
    InstrumentFiles files = open();
    add(files, NOON, 10, 3);
    add(files, NOON, 11, 1);
    files.flush();
    files.close();
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(8, 11));
    files.close();
  }

  @Test
  void aCountWhoseLineWasNeverWrittenDoesNotCoverAnything() throws IOException {
    InstrumentFiles files = open();
    add(files, NOON, 5, 2);
    files.flush();
    files.close();
    Path counts = vault.resolve("state/collector/okx/perps/" + BTC + ".counts/2026-01-01.txt");
    Files.writeString(counts, "10 3\n", StandardOpenOption.APPEND);
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(4, 5));
    add(files, NOON, 10, 1);
    files.flush();
    files.close();
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(4, 5), new IdRange(10, 10));
    files.close();
  }

  @Test
  void aCountIsWrittenOnceHoweverOftenWritingFails() throws IOException {
    InstrumentFiles files = open();
    add(files, NOON, 5, 2);
    Path counts = vault.resolve("state/collector/okx/perps/" + BTC + ".counts/2026-01-01.txt");
    Files.createDirectories(counts);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(files::flush).isInstanceOf(IOException.class);
      add(files, NOON, 6 + i, 1);
    }
    Files.delete(counts);
    files.flush();
    files.close();
    assertThat(Files.readAllLines(counts)).containsExactly("5 2", "6 1", "7 1", "8 1");
  }

  @Test
  void linesThatReadersRefuseCoverNothing() throws IOException {
    write(1);
    String good = Files.readAllLines(raw("2026-01-01")).get(0);
    String bad = good.replace("\"trade_id\":\"1\"", "\"trade_id\":\"2\"").replace("buy", "hold");
    Files.writeString(raw("2026-01-01"), bad + "\n\n{}\nnonsense\n", StandardOpenOption.APPEND);
    InstrumentFiles files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 1));
    files.close();
  }

  @Test
  void oddLinesAreTradesHereWhenTheyAreToTheJob() throws IOException {
    write(1);
    String good = Files.readAllLines(raw("2026-01-01")).get(0);
    String deep = "[".repeat(1_001) + "]".repeat(1_001);
    String[] values = {deep, "9".repeat(1_001), "\"\u00ff\""};
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      String other = good.replace("\"trade_id\":\"1\"", "\"trade_id\":\"" + (10 + i) + "\"");
      lines.append(other.replaceAll("}$", ",\"more\":" + values[i] + "}")).append('\n');
    }
    Files.write(
        raw("2026-01-01"), lines.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    InstrumentFiles files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(10, 11));
    files.close();
  }

  @Test
  void linesOfOtherProgramsAreUnderstood() throws IOException {
    Path file = raw("2026-01-01");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "{\"timestamp_utc\": \"2026-01-01T12:00:00.123456Z\", \"exchange\": \"okx\", \"market\":"
            + " \"perp\", \"instId\": \"BTC-USDT-SWAP\", \"symbol_canon\": \"BTC/USDT\","
            + " \"trade_id\": \"41\", \"side\": \"buy\", \"price\": \"1\", \"qty_contracts\":"
            + " \"2\", \"ctVal\": \"0.01\", \"ctMult\": \"1\", \"ctType\": \"linear\"}\n");
    InstrumentFiles files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(41, 41));
    files.close();
  }

  @Test
  void aLateTradeOfAnArchivedDayGoesIntoTheArchive() throws IOException {
    write(1, 2);
    List<String> before = Files.readAllLines(raw("2026-01-01"));
    compress();
    InstrumentFiles files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 2));
    add(files, NOON, 3, 1);
    files.flush();
    add(files, NOON, 4, 1);
    files.flush();
    assertThat(files.pendingBytes()).as("archives are not copied twice a second").isPositive();
    files.flushAll();
    files.beginRemembering(1, Life.FIRST, node -> {});
    files.close();
    assertThat(raw("2026-01-01")).doesNotExist();
    List<String> after = archivedLines();
    assertThat(after).hasSize(4).startsWith(before.toArray(String[]::new));
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 4));
    files.close();
  }

  @Test
  void aLineThatIsAddedToATornArchiveStandsAlone() throws IOException {
    write(1, 2);
    Files.writeString(
        raw("2026-01-01"), "{\"timestamp_utc\":\"2026-01-0", StandardOpenOption.APPEND);
    compress();
    InstrumentFiles files = open();
    add(files, NOON, 3, 1);
    files.flushAll();
    add(files, NOON, 4, 1);
    files.flushAll();
    files.rememberHint(1, Life.FIRST, node -> {});
    files.close();
    List<String> lines = archivedLines();
    assertThat(lines).hasSize(5);
    lines = lines.stream().filter(line -> line.endsWith("}")).toList();
    assertThat(ids(lines)).containsExactly(1L, 2L, 3L, 4L);
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 4));
    files.close();
  }

  @Test
  void anArchiveThatDidNotChangeIsNotReadAgain() throws IOException {
    write(1, 2);
    compress();
    InstrumentFiles files = open();
    files.rememberHint(1, Life.FIRST, node -> {});
    FileTime changed = Files.getLastModifiedTime(archive());
    byte[] bytes = Files.readAllBytes(archive());
    try (FileChannel channel = FileChannel.open(archive(), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(bytes.length), 0);
    }
    Files.setLastModifiedTime(archive(), changed);
    files.rememberHint(1, Life.FIRST, node -> {});
    Files.write(archive(), bytes);
    files.close();
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 2));
    files.close();
  }

  /** It passes: an older day is not given up for it, and its lines stay pending. */
  @Test
  void aLockThatSomebodyHoldsLeavesNoDay() throws IOException {
    InstrumentFiles files = open();
    add(files, NOON, 1, 1);
    add(files, NOON.plus(Duration.ofDays(1)), 2, 1);
    files.flush();
    add(files, NOON, 3, 1);
    Path lock = vault.resolve(VaultLayout.collectorState(BTC)).resolveSibling(BTC + ".lock");
    try (FileChannel held = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      held.lock();
      assertThatThrownBy(files::flush).isInstanceOf(RawLock.HeldException.class);
      assertThat(files.left()).isEmpty();
    }
    files.flush();
    files.close();
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 3));
    files.close();
  }

  @Test
  void aDayThatIsArchivedWhileItIsOpenIsFollowed() throws IOException {
    InstrumentFiles files = open();
    add(files, NOON, 1, 1);
    files.flush();
    compress();
    add(files, NOON, 2, 1);
    files.flush();
    files.close();
    assertThat(raw("2026-01-01")).doesNotExist();
    assertThat(archivedLines()).hasSize(2);
  }

  @Test
  void twoFormsOfOneDayAreSettledWhenTheyAreTheSameAndRefusedWhenNot() throws IOException {
    write(1, 2);
    byte[] plain = Files.readAllBytes(raw("2026-01-01"));
    compress();
    Files.write(raw("2026-01-01"), plain);
    InstrumentFiles files = open();
    assertThat(raw("2026-01-01")).doesNotExist();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 2));
    files.close();

    Files.write(raw("2026-01-01"), java.util.Arrays.copyOf(plain, plain.length / 2));
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("2026-01-01.jsonl and 2026-01-01.jsonl.gz hold different trades");
  }

  @Test
  void tradesThatAnotherProgramWroteMeanwhileAreNotWrittenAgain() throws IOException {
    InstrumentFiles collector = open();
    add(collector, NOON, 1, 1);
    collector.flush();
    InstrumentFiles other = open();
    for (int id = 2; id <= 5; id++) {
      add(other, NOON, id, 1);
    }
    other.flush();
    for (int id = 4; id <= 7; id++) {
      add(collector, NOON, id, 1);
    }
    collector.flush();
    InstrumentFiles.Written written = collector.written();
    assertThat(written.lines()).isEqualTo(2 + 1);
    assertThat(written.discovered().get(LocalDate.parse("2026-01-01")).ranges())
        .containsExactly(new IdRange(2, 5));
    add(other, NOON, 7, 1);
    add(other, NOON, 8, 1);
    other.flush();
    other.close();
    collector.close();
    assertThat(ids(Files.readAllLines(raw("2026-01-01"))))
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
  }

  @Test
  void anAggregateOfWhichAnotherProgramWroteAPartGivesWayAndItsRestIsMissing() throws IOException {
    InstrumentFiles collector = open();
    add(collector, NOON, 1, 1);
    collector.flush();
    InstrumentFiles other = open();
    add(other, NOON, 3, 1);
    other.flush();
    add(collector, NOON, 4, 3);
    collector.flush();
    assertThat(collector.written().lost()).containsExactly(new IdRange(2, 2), new IdRange(4, 4));
    assertThat(collector.written().lost()).isEmpty();
    other.close();
    collector.close();
    assertThat(ids(Files.readAllLines(raw("2026-01-01")))).containsExactly(1L, 3L);
    InstrumentFiles again = open();
    assertThat(again.found().ranges()).containsExactly(new IdRange(1, 1), new IdRange(3, 3));
    again.close();
  }

  @Test
  void daysFarBackAreLookedAtBeforeTheirFirstTrade() throws IOException {
    write(1);
    InstrumentFiles files = open();
    for (int day = 1; day < 30; day++) {
      add(files, NOON.plusSeconds(86_400L * day), 100 + day, 1);
    }
    files.flush();
    files.beginRemembering(1, Life.FIRST, node -> {});
    files.close();
    files = open();
    assertThat(files.found().size()).isEqualTo(30);
    assertThat(files.look(LocalDate.parse("2026-01-05")).size()).isEqualTo(1);
    files.close();
  }

  @Test
  void aFileThatWasMovedAwayIsStartedAgain() throws IOException {
    InstrumentFiles files = open();
    add(files, NOON, 1, 1);
    files.flush();
    Files.move(raw("2026-01-01"), vault.resolve("elsewhere"));
    add(files, NOON, 2, 1);
    files.flush();
    files.close();
    assertThat(Files.readAllLines(raw("2026-01-01"))).hasSize(1);
  }

  @Test
  void whatIsGoneFromAFileThatWasCutOrReplacedIsLost() throws IOException {
    for (boolean isReplaced : new boolean[] {false, true}) {
      Files.deleteIfExists(raw("2026-01-01"));
      write(1, 2);
      byte[] older = Files.readAllBytes(raw("2026-01-01"));
      InstrumentFiles files = open();
      for (int id = 3; id <= 5; id++) {
        add(files, NOON, id, 1);
      }
      files.flush();
      files.written();
      if (isReplaced) {
        Path copy = Files.write(vault.resolve("copy"), older);
        Files.move(copy, raw("2026-01-01"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.write(raw("2026-01-01"), older);
      }
      add(files, NOON, 6, 1);
      files.flush();
      assertThat(files.written().lost()).containsExactly(new IdRange(3, 5));
      files.rememberHint(1, Life.FIRST, node -> {});
      files.close();
      assertThat(ids(Files.readAllLines(raw("2026-01-01")))).containsExactly(1L, 2L, 6L);
      files = open();
      assertThat(files.found().ranges()).containsExactly(new IdRange(1, 2), new IdRange(6, 6));
      files.close();
      Files.delete(vault.resolve(VaultLayout.collectorState(BTC)));
    }
  }

  @Test
  void aDayWhoseFilesContradictEachOtherKeepsNoOtherWaiting() throws IOException {
    Instant nextNoon = NOON.plusSeconds(86_400);
    InstrumentFiles files = open();
    add(files, NOON, 1, 1);
    add(files, nextNoon, 2, 1);
    files.flush();
    Files.writeString(archive(), "no archive of that day");
    add(files, NOON, 3, 1);
    add(files, nextNoon, 4, 1);
    files.flush();
    assertThat(ids(Files.readAllLines(raw("2026-01-02")))).containsExactly(2L, 4L);
    assertThat(files.left()).containsOnlyKeys(LocalDate.parse("2026-01-01"));
    assertThat(files.written().lost()).containsExactly(new IdRange(3, 3));
    add(files, NOON, 5, 1);
    assertThat(files.written().lost()).containsExactly(new IdRange(5, 5));
    Files.delete(archive());
    files.look(LocalDate.parse("2026-01-01"));
    assertThat(files.left()).isEmpty();
    add(files, NOON, 3, 1);
    files.flush();
    files.close();
    assertThat(ids(Files.readAllLines(raw("2026-01-01")))).containsExactly(1L, 3L);
  }

  @Test
  void anOldDayThatCannotBeWrittenOrReadKeepsTheInstrumentFromNothing() throws IOException {
    for (String day : List.of("2025-06-30", "2025-12-31")) {
      Files.createDirectories(raw(day));
      write(1, 2);
      InstrumentFiles files = open();
      assertThat(files.found().ranges()).containsExactly(new IdRange(1, 2));
      files.close();
    }
  }

  @Test
  void aFileThatMayOnlyBeReadIsReadAndWrittenWhenItMayBe() throws IOException {
    write(1, 2);
    Files.setPosixFilePermissions(
        raw("2026-01-01"), java.nio.file.attribute.PosixFilePermissions.fromString("r--r--r--"));
    assumeThat(Files.isWritable(raw("2026-01-01"))).as("root may do anything").isFalse();
    InstrumentFiles files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(1, 2));
    add(files, NOON, 3, 1);
    assertThatThrownBy(files::flush).isInstanceOf(IOException.class);
    Files.setPosixFilePermissions(
        raw("2026-01-01"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    files.flush();
    files.close();
    assertThat(ids(Files.readAllLines(raw("2026-01-01")))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void daysThatAnotherProgramWroteMeanwhileAreRead() throws IOException {
    InstrumentFiles files = open();
    add(files, NOON, 1, 1);
    add(files, NOON.plusSeconds(3 * 86_400), 10, 1);
    files.flush();
    files.rememberHint(1, Life.FIRST, node -> {});
    files.close();
    Path state = vault.resolve(VaultLayout.collectorState(BTC));
    Files.setLastModifiedTime(
        state, java.nio.file.attribute.FileTime.from(Instant.parse("2026-01-04T12:00:00Z")));
    String line = Files.readAllLines(raw("2026-01-01")).get(0);
    Files.writeString(
        raw("2026-01-02"),
        line.replace("2026-01-01T", "2026-01-02T").replace("\"1\"", "\"5\"") + "\n");
    files = open();
    assertThat(files.found().ranges())
        .containsExactly(new IdRange(1, 1), new IdRange(5, 5), new IdRange(10, 10));
    files.close();
  }

  @Test
  void whatAFetchFilledBeforeTheDaysRememberedIsReadOnlyWhereSomethingIsMissing() throws Exception {
    write(10);
    InstrumentFiles files = open();
    files.rememberHint(10, Life.FIRST, node -> {});
    files.close();
    Files.setLastModifiedTime(
        vault.resolve(VaultLayout.collectorState(BTC)),
        java.nio.file.attribute.FileTime.from(Instant.parse("2026-01-01T12:00:00Z")));
    String line = Files.readAllLines(raw("2026-01-01")).get(0);
    Files.writeString(
        raw("2025-12-01"),
        line.replace("2026-01-01T", "2025-12-01T").replace("\"10\"", "\"5\"") + "\n");
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(10, 10));
    files.close();
    new GapJournal(vault, BTC)
        .record(new GapEvent(GapEvent.Kind.FOUND, List.of(new IdRange(5, 9)), "test"), NOON);
    files = open();
    assertThat(files.found().ranges()).containsExactly(new IdRange(5, 5), new IdRange(10, 10));
    files.close();
  }

  @Test
  void aDayFullOfHolesIsReadAgainRatherThanRemembered() throws IOException {
    write(1);
    String line = Files.readAllLines(raw("2026-01-01")).get(0);
    StringBuilder lines = new StringBuilder();
    for (int id = 1; id < 20_000; id += 2) {
      lines.append(line.replace("\"1\",\"side", "\"" + id + "\",\"side")).append('\n');
    }
    Files.writeString(raw("2026-01-01"), lines);
    for (int i = 0; i < 2; i++) {
      InstrumentFiles files = open();
      assertThat(files.found().rangeCount()).isEqualTo(10_000);
      files.rememberHint(1, Life.FIRST, node -> {});
      files.close();
      assertThat(vault.resolve(VaultLayout.collectorState(BTC)).toFile().length()).isLessThan(1000);
    }
  }

  @Test
  void idsOfTheOldLifeAreTakenOnTheDayOnWhichIdsStartedOverOnly() throws IOException {
    LocalDate day = LocalDate.parse("2026-01-01");
    write(4, 5);
    InstrumentFiles files = open();
    for (long id = 1; id <= 3; id++) {
      add(files, NOON.plusSeconds(60), id, 1);
    }
    files.flush();
    files.written();
    Life life = files.startOver(day, 4, 5);
    assertThat(life.taken().ranges()).containsExactly(new IdRange(1, 5));
    add(files, NOON.plusSeconds(60), 6, 1);
    for (int i = 1; i < 6; i++) {
      add(files, NOON.plusSeconds(86_400L * i), 3 + i, 1);
    }
    files.flush();
    assertThat(files.found().ranges()).as("in this run").containsExactly(new IdRange(4, 8));
    files.rememberHint(4, life, node -> {});
    files.close();
    files = open();
    assertThat(files.found().ranges()).as("after it").containsExactly(new IdRange(4, 8));
    files.close();
  }

  @Test
  void idsMayStartOverOnADayThatWasLeft() throws IOException {
    write(4, 5);
    InstrumentFiles files = open();
    LocalDate day = LocalDate.parse("2026-01-01");
    add(files, NOON.plusSeconds(86_400), 6, 1);
    files.flush();
    files.leave(day, new IOException("for a moment"));
    assertThat(files.startOver(day, 4, 6).taken().ranges()).containsExactly(new IdRange(4, 5));
    files.close();
  }

  @Test
  void severalMayReplaceTheSameFileAtOnce() throws Exception {
    Path file = vault.resolve("some/file");
    List<Thread> threads = new ArrayList<>();
    List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      String text = "%d".formatted(i).repeat(1 + 9_000 * i);
      threads.add(new Thread(() -> replaceOften(file, text, failures)));
    }
    runTogether(threads);
    assertThat(failures).isEmpty();
    assertThat(Files.readString(file).chars().distinct().count()).isEqualTo(1);
    assertThat(Files.list(file.getParent())).containsExactly(file);
  }

  private static void runTogether(List<Thread> threads) throws InterruptedException {
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void replaceOften(Path file, String text, List<Exception> failures) {
    try {
      for (int i = 0; i < 100; i++) {
        VaultFiles.replaceHint(file, text);
      }
    } catch (IOException e) {
      failures.add(e);
    }
  }

  @Test
  void severalMayAppendToTheSameFileAtOnce() throws Exception {
    Path file = vault.resolve("some/journal");
    List<Exception> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String line = "%d".formatted(i).repeat(10 + i);
      threads.add(new Thread(() -> appendOften(file, line, failures)));
    }
    runTogether(threads);
    assertThat(failures).isEmpty();
    // A line that is half written on a page's edge may get a blank one behind it.
    assertThat(Files.readAllLines(file))
        .filteredOn(line -> !line.isEmpty())
        .hasSize(4 * 500)
        .allMatch(line -> line.length() < 14 && line.matches("(.)\\1*"));
  }

  private static void appendOften(Path file, String line, List<Exception> failures) {
    try {
      for (int i = 0; i < 500; i++) {
        VaultFiles.appendHint(file, line);
      }
    } catch (IOException e) {
      failures.add(e);
    }
  }

  @Test
  void onlyOneProcessHoldsTheVault() throws Exception {
    try (VaultLock lock = VaultLock.take(vault, NOON)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> VaultLock.take(vault, NOON))
          .isInstanceOf(VaultLock.HeldException.class)
          .hasMessageContaining("pid " + ProcessHandle.current().pid())
          .hasMessageContaining("2026-01-01T12:00:00.000Z");
    }
    VaultLock.take(vault, NOON).close();
  }

  /** What the archive verb leaves, by another program's hands. */
  private void compress() throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive()))) {
      out.write(Files.readAllBytes(raw("2026-01-01")));
    }
    Files.delete(raw("2026-01-01"));
  }

  private List<String> archivedLines() throws IOException {
    try (java.io.InputStream in =
        new java.util.zip.GZIPInputStream(Files.newInputStream(archive()))) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }

  private Path archive() {
    return raw("2026-01-01").resolveSibling("2026-01-01.jsonl.gz");
  }

  private static List<Long> ids(List<String> lines) {
    return lines.stream()
        .map(line -> Long.valueOf(line.replaceAll(".*\"trade_id\":\"(\\d+)\".*", "$1")))
        .toList();
  }

  private void write(long... ids) throws IOException {
    InstrumentFiles files = open();
    for (long id : ids) {
      add(files, NOON, id, 1);
    }
    files.flush();
    files.close();
  }

  private InstrumentFiles open() throws IOException {
    return InstrumentFiles.open(vault, BTC, clock);
  }

  private static void add(InstrumentFiles files, Instant time, long id, int count)
      throws IOException {
    Contract contract = new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);
    files.add(
        new Trade(time, BTC, id, TakerSide.BUY, BigDecimal.TEN, BigDecimal.ONE, contract), count);
  }

  private Path raw(String day) {
    return vault.resolve("raw/okx/trades_perps/" + BTC + "/" + day + ".jsonl");
  }
}
