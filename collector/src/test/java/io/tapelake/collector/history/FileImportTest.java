package io.tapelake.collector.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.collector.certify.DayCertifier;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.meta.MetadataFiles;
import io.tapelake.collector.meta.Terms;
import io.tapelake.collector.official.BadFileException;
import io.tapelake.collector.official.OfficialFile;
import io.tapelake.collector.official.Zips;
import io.tapelake.collector.write.DayContent;
import io.tapelake.collector.write.InstrumentFiles;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileImportTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final String HEADER = "instrument_name,trade_id,side,price,size,created_time\n";
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  /** 2026-01-01T16:00:00Z: where the archive of 2026-01-02 begins. */
  private static final long START = Instant.parse("2026-01-01T16:00:00Z").toEpochMilli();

  @TempDir private Path folder;

  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final List<String> terms = new ArrayList<>(List.of(BTC + "=0.01,1,linear"));

  @Test
  void anArchiveDayGoesToItsTwoUtcDays() throws Exception {
    StringBuilder csv = new StringBuilder(HEADER);
    for (int hour = 0; hour < 24; hour++) {
      csv.append(row(100 + hour, hour * 3_600_000L));
    }
    ImportResult result = imported(csv.toString());
    assertThat(result.added()).isEqualTo(24);
    assertThat(lines("2026-01-01")).hasSize(8);
    assertThat(lines("2026-01-02")).hasSize(16);
    assertThat(lines("2026-01-01").get(0))
        .isEqualTo(
            "{\"timestamp_utc\":\"2026-01-01T16:00:00.000Z\",\"exchange\":\"okx\",\"market\":\"perp\","
                + "\"instId\":\"BTC-USDT-SWAP\",\"symbol_canon\":\"BTC/USDT\",\"trade_id\":\"100\","
                + "\"side\":\"buy\",\"price\":\"42219.9\",\"qty_contracts\":\"2\",\"ctVal\":\"0.01\","
                + "\"ctMult\":\"1\",\"ctType\":\"linear\"}");
    assertThat(lines("2026-01-02").get(0)).contains("2026-01-02T00:00:00.000Z");
  }

  @Test
  void importingTwiceChangesNothing() throws Exception {
    String csv = HEADER + row(1, 0) + row(2, 5) + row(3, 5);
    imported(csv);
    byte[] before = Files.readAllBytes(raw("2026-01-01"));
    ImportResult again = imported(csv);
    assertThat(again.added()).isZero();
    assertThat(again.held()).isEqualTo(3);
    assertThat(Files.readAllBytes(raw("2026-01-01"))).isEqualTo(before);
  }

  @Test
  void repeatedRowsAndRowsOutOfOrderAreTakenOnce() throws Exception {
    long seed = System.nanoTime();
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      rows.add(row(1 + i % 2_000, (1 + i % 2_000) * 10L));
    }
    Collections.shuffle(rows, new Random(seed));
    ImportResult result = imported(HEADER + String.join("", rows));
    assertThat(result.added()).as("seed %d", seed).isEqualTo(2_000);
    assertThat(result.held()).isEqualTo(1_000);
    assertThat(ids("2026-01-01")).hasSize(2_000).doesNotHaveDuplicates();
  }

  @Test
  void theRestOfAnInterruptedImportIsAdded() throws Exception {
    String csv = HEADER + row(1, 0) + row(2, 5) + row(3, 5) + row(4, 9);
    imported(csv);
    List<String> lines = lines("2026-01-01");
    // As after a kill: two lines, and a third one that was cut short.
    Files.writeString(
        raw("2026-01-01"),
        lines.get(0) + "\n" + lines.get(1) + "\n" + lines.get(2).substring(0, 40));
    assertThat(imported(csv).added()).isEqualTo(2);
    assertThat(lines("2026-01-01")).isEqualTo(lines);
  }

  @Test
  void countedAggregatesAreUnderstood() throws Exception {
    InstrumentFiles files = InstrumentFiles.open(vault(), BTC, clock);
    files.add(trade(3, 5, "6"), 3);
    files.flushAll();
    files.close();
    ImportResult result = imported(HEADER + row(1, 5) + row(2, 5) + row(3, 5) + row(4, 9));
    assertThat(result.added()).isEqualTo(1);
    assertThat(ids("2026-01-01")).containsExactly(3L, 4L);
  }

  @Test
  void aggregatesThatAnotherProgramRecordedAreFoundByTheirQuantity() throws Exception {
    // 13 stands for 11 to 13 (2 contracts each), 20 is single though 18 and 19 are missing.
    foreign(line(10, 0, "2"), line(13, 5, "6"), line(14, 6, "2"), line(20, 9, "2"));
    StringBuilder csv = new StringBuilder(HEADER);
    for (int id = 9; id <= 21; id++) {
      csv.append(row(id, id <= 10 ? 0 : id <= 13 ? 5 : id == 14 ? 6 : 9));
    }
    ImportResult result = imported(csv.toString());
    assertThat(ids("2026-01-01"))
        .containsExactlyInAnyOrder(10L, 13L, 14L, 20L, 9L, 15L, 16L, 17L, 18L, 19L, 21L);
    assertThat(result.added()).isEqualTo(7);
    assertThat(result.conflicts()).isEmpty();
    assertThat(imported(csv.toString()).added()).as("the second time").isZero();
  }

  @Test
  void anEqualIdWithOtherContentIsNamedWhateverTheFileIsCalled() throws Exception {
    String csv = HEADER + row(11, 5) + row(12, 6) + row(13, 7) + row(14, 8);
    imported(csv);
    byte[] before = Files.readAllBytes(raw("2026-01-01"));
    String named = "BTC-USDT-SWAP-trades-2026-01-02.zip";
    for (String other :
        List.of(
            csv.replace("12,buy", "12,sell"),
            csv.replace("12,buy,42219.9", "12,buy,42220"),
            csv.replace("12,buy,42219.9,2", "12,buy,42219.9,3"),
            csv.replace(row(12, 6), row(12, 9)),
            csv + row(12, 9),
            HEADER + row(12, 6) + row(12, 9),
            HEADER + row(12, 9) + row(12, 6))) {
      for (String name : List.of("all.csv", named)) {
        ImportResult result = imported(name, other);
        assertThat(result.needsPerson()).as("%s: %s", name, other).isTrue();
        assertThat(result.conflicts().get(0))
            .contains("2026-01-01.jsonl", name, "1 trades differ, 0 are missing", "12 (");
        assertThat(Files.readAllBytes(raw("2026-01-01"))).isEqualTo(before);
      }
    }
    assertThat(imported("all.csv", HEADER + row(12, 6) + row(12, 6)).needsPerson()).isFalse();
    assertThat(certificate("2026-01-01")).contains(named).doesNotContain("all.csv");
  }

  @Test
  void aLineThatContradictsTheExchangeIsNamedAndNothingIsAddedBesideIt() throws Exception {
    foreign(line(13, 5, "5"));
    ImportResult result = imported(HEADER + row(11, 5) + row(12, 5) + row(13, 5) + row(14, 5_000));
    assertThat(result.needsPerson()).isTrue();
    assertThat(result.conflicts().get(0))
        .contains("2026-01-01.jsonl: trade 13 is buy 5 at 42219.9 in the raw file, and buy 2");
    assertThat(ids("2026-01-01")).containsExactly(13L, 14L);
  }

  @Test
  void aFileOfAggregatesCoversTheIdsBetweenItsRows() throws Exception {
    InstrumentFiles files = InstrumentFiles.open(vault(), BTC, clock);
    files.add(trade(12, 5, "2"), 1);
    files.flushAll();
    files.close();
    String csv =
        "10,buy,2,42219.9,"
            + START
            + "\n11,buy,2,42219.9,"
            + (START + 3)
            + "\n13,buy,4,42219.9,"
            + (START + 5)
            + "\n16,buy,6,42219.9,"
            + (START + 9)
            + "\n";
    ImportResult result = imported("BTC-USDT-SWAP-aggtrades-2026-01-02.zip", csv);
    assertThat(result.partlyHeld()).as("13 stands for 12 and 13").isEqualTo(1);
    assertThat(ids("2026-01-01")).containsExactlyInAnyOrder(12L, 10L, 11L, 16L);
    ImportResult singles =
        imported(HEADER + row(12, 5) + row(13, 5) + row(14, 9) + row(15, 9) + row(16, 9));
    assertThat(singles.added()).as("13 alone was missing").isEqualTo(1);
  }

  @Test
  void anAggregateBehindARefusedRowDoesNotStandForItsIds() throws Exception {
    String csv =
        HEADER
            + row(100, 0)
            + row(103, 5).replace("buy", "hold")
            + row(105, 9)
            + row(107, 9).replace("107", "")
            + row(109, 12);
    imported("BTC-USDT-SWAP-aggtrades-2026-01-02.zip", csv);
    assertThat(
            DayContent.read(vault(), new DayFile(BTC, LocalDate.parse("2026-01-01")))
                .ids()
                .ranges())
        .containsExactly(new IdRange(100, 100), new IdRange(104, 105), new IdRange(109, 109));
  }

  @Test
  void aPlainFileThatMayBeCutInsideANumberIsLeftAlone() throws Exception {
    String csv = "created_time,trade_id,side,size,price\n" + START + ",7,buy,2,42219.9";
    refused("BTC-USDT-SWAP-trades-2026-01-02.csv", csv, "ends in the middle of its line 2");
    assertThat(imported(csv).added()).as("a zip is whole").isEqualTo(1);
    Path plain =
        Files.writeString(
            folder.resolve("BTC-USDT-SWAP-trades-2026-01-03.csv"), (HEADER + row(8, 0)).strip());
    check(plain);
  }

  @Test
  void termsAreThoseOfTheTimeOrTheImportStops() throws Exception {
    terms.clear();
    String csv = HEADER + row(1, 0) + row(2, 7_200_000);
    assertThatThrownBy(() -> imported(csv))
        .isInstanceOf(TermsBook.UnknownTermsException.class)
        .hasMessageContaining(BTC + " at 2026-01-01T16:00:00.000Z are not known")
        .hasMessageContaining("no metadata history")
        .hasMessageContaining("--terms");
    assertThat(vault().resolve("raw")).doesNotExist();

    observed("0.1", Instant.parse("2026-01-01T17:00:00Z"));
    assertThatThrownBy(() -> imported(csv))
        .hasMessageContaining("begins at 2026-01-01T17:00:00.000Z, with 0.1,1,linear");

    terms.add(BTC + "=0.01,1,linear@2025-01-01");
    assertThatThrownBy(() -> imported(csv))
        .hasMessageContaining("says 0.1,1,linear at 2026-01-01T17:00:00.000Z, --terms says 0.01");

    terms.add(BTC + "=0.1,1,linear@2026-01-01T17:00:00Z");
    imported(csv);
    assertThat(lines("2026-01-01").get(0)).contains("\"ctVal\":\"0.01\"");
    assertThat(lines("2026-01-01").get(1)).contains("\"ctVal\":\"0.1\"");
  }

  @Test
  void singleBadRowsAreRefusedAndCounted() throws Exception {
    StringBuilder csv = new StringBuilder(HEADER);
    for (int id = 1; id <= 500; id++) {
      csv.append(id % 100 == 0 ? row(id, id).replace("buy", "both") : row(id, id));
    }
    ImportResult result = imported(csv.toString());
    assertThat(result.added()).isEqualTo(495);
    assertThat(result.refused()).isEqualTo(5);
    assertThat(result.text())
        .contains("5 refused {side=5}, such as line 101: 'BTC-USDT-SWAP,100,both");
    assertThat(result.needsPerson()).isTrue();
  }

  @Test
  void aFileWithTooManyBadRowsIsLeftAlone() throws Exception {
    StringBuilder csv = new StringBuilder(HEADER);
    for (int id = 1; id <= 1_000; id++) {
      csv.append(id % 50 == 0 ? row(id, id).replace("42219.9", "n/a") : row(id, id));
    }
    refused("BTC-USDT-SWAP-trades-2026-01-02.zip", csv.toString(), "20 of the first 1000 rows");
    String one = HEADER + row(1, 1).replace("buy", "both");
    refused("BTC-USDT-SWAP-trades-2026-01-02.zip", one, "1 of the first 1 rows");
  }

  @Test
  void aMixedOrRenamedFileIsLeftAlone() throws Exception {
    String eth = row(2, 5).replace("BTC", "ETH");
    refused(
        "BTC-USDT-SWAP-trades-2026-01-02.zip",
        HEADER + row(1, 0) + eth,
        "is of BTC-USDT-SWAP, but line 3 is a trade of ETH-USDT-SWAP");
  }

  @Test
  void truncatedAndDamagedZipsAreLeftAlone() throws Exception {
    StringBuilder csv = new StringBuilder(HEADER);
    Random random = new Random(5);
    for (int id = 1; id <= 20_000; id++) {
      csv.append(row(id, random.nextInt(1_000_000)));
    }
    byte[] whole = Zips.bytes("x.csv", csv.toString().getBytes(StandardCharsets.UTF_8));
    Path file = folder.resolve("BTC-USDT-SWAP-trades-2026-01-02.zip");
    for (int length : new int[] {0, 3, 100, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> check(file))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(BadFileException.class)
          .hasMessageContaining("BTC-USDT-SWAP-trades-2026-01-02.zip");
    }
    for (int at = 60; at < whole.length - 200; at += whole.length / 7) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x41;
      Files.write(file, damaged);
      assertThatThrownBy(() -> check(file)).as("byte %d", at).isInstanceOf(BadFileException.class);
    }
    assertThat(vault().resolve("raw")).doesNotExist();
  }

  @Test
  void aCsvThatEndsInTheMiddleOfARowIsLeftAlone() throws Exception {
    refused(
        "BTC-USDT-SWAP-trades-2026-01-02.csv",
        HEADER + row(1, 0) + "BTC-USDT-SWAP,2,buy,42219.9,2,17041",
        "ends in the middle of its line 3");
  }

  @Test
  void zipsThatAreNoneOfTheExchangesAreLeftAlone() throws Exception {
    byte[] csv = (HEADER + row(1, 0)).getBytes(StandardCharsets.UTF_8);
    String name = "BTC-USDT-SWAP-trades-2026-01-02.zip";
    Path file = folder.resolve(name);
    for (String entry : List.of("../../x.csv", "/etc/x.csv", "a\\x.csv", "x.txt")) {
      Zips.zip(file, entry, csv);
      assertThatThrownBy(() -> check(file))
          .as(entry)
          .isInstanceOf(BadFileException.class)
          .hasMessageContaining("'" + entry + "'");
    }
    try (java.util.zip.ZipOutputStream zip =
        new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
      for (String entry : List.of("a.csv", "b.csv")) {
        zip.putNextEntry(new java.util.zip.ZipEntry(entry));
        zip.write(csv);
      }
    }
    assertThatThrownBy(() -> check(file)).hasMessageContaining("holds 2 CSV files");
    Zips.zip(file, "x.csv", Zips.bytes("y.csv", csv));
    assertThatThrownBy(() -> check(file)).isInstanceOf(BadFileException.class);
    Zips.zip(file, "x.csv", new byte[0]);
    assertThatThrownBy(() -> check(file)).hasMessageContaining("holds nothing");
  }

  @Test
  void whatAPersonsComputerPacksBesideTheFileIsNotLookedAt() throws Exception {
    Path file = folder.resolve("BTC-USDT-SWAP-trades-2026-01-02.zip");
    byte[] csv = (HEADER + row(1, 0)).getBytes(StandardCharsets.UTF_8);
    try (java.util.zip.ZipOutputStream zip =
        new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
      for (String entry :
          List.of(
              "a/",
              "a/.DS_Store",
              "a/x.CSV",
              "__MACOSX/a/._x.CSV",
              "a/Thumbs.db",
              "desktop.ini",
              "README.txt")) {
        zip.putNextEntry(new java.util.zip.ZipEntry(entry));
        zip.write(entry.equals("a/x.CSV") ? csv : entry.endsWith("/") ? new byte[0] : new byte[9]);
      }
    }
    FileImport one = of(file);
    one.check();
    assertThat(one.merge("import").added()).isEqualTo(1);
    Zips.zip(file, "__MACOSX/._x.csv", csv);
    assertThatThrownBy(() -> check(file)).hasMessageContaining("holds no file");
  }

  @Test
  void cutAndDamagedGzipFilesAreLeftAlone() throws Exception {
    StringBuilder csv = new StringBuilder(HEADER);
    for (int id = 1; id <= 2_000; id++) {
      csv.append(row(id, id));
    }
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (java.io.OutputStream gzip = new java.util.zip.GZIPOutputStream(bytes)) {
      gzip.write(csv.toString().getBytes(StandardCharsets.UTF_8));
    }
    byte[] whole = bytes.toByteArray();
    Path file = folder.resolve("BTC-USDT-SWAP-trades-2026-01-02.csv.gz");
    for (int length : new int[] {5, 100, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> check(file))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(BadFileException.class);
    }
    whole[whole.length - 5] ^= 1;
    Files.write(file, whole);
    assertThatThrownBy(() -> check(file)).isInstanceOf(BadFileException.class);
    assertThat(vault().resolve("raw")).doesNotExist();
  }

  @Test
  void termsThatContradictTheRawFilesStopTheImportWhereverTheTradesStand() throws Exception {
    imported(HEADER + row(11, 1_000) + row(12, 2_000));
    byte[] before = Files.readAllBytes(raw("2026-01-01"));
    for (String other : List.of("0.1,1,linear", "0.01,10,linear", "0.01,1,inverse")) {
      terms.set(0, BTC + "=" + other);
      long nextDay = 9 * 3_600_000L;
      for (String rows :
          List.of(
              row(11, 1_000) + row(12, 2_000),
              row(9, 500) + row(10, 600),
              row(13, 2_001),
              row(13, nextDay),
              row(5, -24 * 3_600_000L))) {
        assertThatThrownBy(() -> imported(HEADER + rows))
            .as(other + " " + rows)
            .isInstanceOf(TermsBook.UnknownTermsException.class)
            .hasMessageContaining(BTC + " has trades with 0.01,1,linear in the raw files")
            .hasMessageContaining(other);
      }
    }
    assertThat(Files.readAllBytes(raw("2026-01-01"))).isEqualTo(before);
    assertThat(raw("2026-01-02")).doesNotExist();

    terms.add(BTC + "=0.1,1,linear@2026-01-01T16:00:02.001Z");
    terms.set(0, BTC + "=0.01,1,linear");
    imported(HEADER + row(13, 2_001));
    assertThat(lines("2026-01-01").get(2)).contains("\"ctVal\":\"0.1\"");
    assertThatThrownBy(
            () -> new TermsBook(vault(), List.of(BTC + "=1,1,linear", BTC + "=2,1,linear")))
        .hasMessageContaining("--terms says both 1,1,linear and 2,1,linear of " + BTC);
  }

  @Test
  void daysAreComparedWithTheFileTheyCameFromAndCertified() throws Exception {
    StringBuilder csv = new StringBuilder(HEADER);
    for (int id = 1; id <= 9_000; id++) {
      csv.append(row(id, id * 5_000L));
    }
    // Recorded before: one with another price, one at another time, and one nobody else has.
    foreign(
        line(2, 10_000, "2").replace("42219.9", "42219.8"),
        line(4_200, 21_000_001, "2"),
        line(9_001, 12_000_000, "2"));
    ImportResult result = imported(csv.toString());
    assertThat(result.conflicts())
        .last()
        .asString()
        .contains("2026-01-01.jsonl: compared with BTC-USDT-SWAP-trades-2026-01-02.zip")
        .contains("2 trades differ, 0 are missing, 1 are there only; such as 2 (price)");
    assertThat(certificate("2026-01-01"))
        .contains("\"complete\":false,\"incomplete_because\":[\"ids_missing\",")
        .contains("\"differs_from_official\"]")
        .contains(
            "\"equal\":false,\"only_in_raw\":1,\"only_in_official\":0,\"differing\":2,"
                + "\"differences\":[{\"id\":\"2\",\"what\":[\"price\"]},"
                + "{\"id\":\"4200\",\"what\":[\"timestamp_utc\"]},"
                + "{\"id\":\"9001\",\"what\":[\"not_in_official\"]}]");
    assertThat(certificate("2026-01-02"))
        .contains(
            "\"from_utc\":\"2026-01-02T00:00:00.000Z\",\"to_utc\":\"2026-01-02T16:00:00.000Z\"")
        .contains("\"rows\":3241,\"previous_id\":\"5759\",\"next_id\":null")
        .contains("\"equal\":true")
        .contains(
            "{\"first_id\":\"5760\",\"last_id\":\"9000\",\"source\":\"import\","
                + "\"from\":\"BTC-USDT-SWAP-trades-2026-01-02.zip\"}");
  }

  @Test
  void theNextFileProvesWhatTheOneBeforeLeftOpen() throws Exception {
    StringBuilder first = new StringBuilder(HEADER);
    StringBuilder second = new StringBuilder(HEADER);
    for (int hour = 0; hour < 48; hour++) {
      (hour < 24 ? first : second).append(row(100 + hour, hour * 3_600_000L));
    }
    imported(first.toString());
    assertThat(certificate("2026-01-02")).contains("\"incomplete_because\":[\"end_unknown\"]");
    imported("BTC-USDT-SWAP-trades-2026-01-03.zip", second.toString());
    assertThat(certificate("2026-01-01"))
        .contains("\"incomplete_because\":[\"start_unknown\"]")
        .contains("\"next_id\":\"108\"");
    assertThat(certificate("2026-01-02"))
        .contains("\"complete\":true")
        .contains("\"previous_id\":\"107\",\"next_id\":\"132\"")
        .contains("BTC-USDT-SWAP-trades-2026-01-02.zip\",\"from_utc\"")
        .contains("BTC-USDT-SWAP-trades-2026-01-03.zip\",\"from_utc\"")
        .doesNotContain("\"equal\":false");
    assertThat(new DayCertifier(vault()).check(day("2026-01-02"))).isNull();

    // Comparisons are with what stood there: not with a file that was rewritten since.
    byte[] raw = Files.readAllBytes(raw("2026-01-02"));
    raw[40] ^= 1;
    Files.write(raw("2026-01-02"), raw);
    new DayCertifier(vault()).certify(day("2026-01-02"));
    assertThat(certificate("2026-01-02")).contains("\"official\":[]");
  }

  private String certificate(String day) throws IOException {
    return Files.readString(
        vault().resolve("certificates/okx/trades_perps/" + BTC + "/" + day + ".json"));
  }

  private static io.tapelake.vault.DayFile day(String day) {
    return new io.tapelake.vault.DayFile(BTC, java.time.LocalDate.parse(day));
  }

  @Test
  void zipBombsEndEarly() throws Exception {
    Path zeros = folder.resolve("BTC-USDT-SWAP-trades-2026-01-02.zip");
    Zips.zip(zeros, "x.csv", new byte[64 << 20]);
    assertThatThrownBy(() -> check(zeros))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("longer than 512 bytes");
    Path rows = folder.resolve("BTC-USDT-SWAP-trades-2026-01-03.zip");
    byte[] row = row(1, 0).getBytes(StandardCharsets.UTF_8);
    byte[] many = new byte[HEADER.length() + 500_000 * row.length];
    System.arraycopy(HEADER.getBytes(StandardCharsets.UTF_8), 0, many, 0, HEADER.length());
    for (int at = HEADER.length(); at < many.length; at += row.length) {
      System.arraycopy(row, 0, many, at, row.length);
    }
    Zips.zip(rows, "x.csv", many);
    assertThatThrownBy(() -> check(rows))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining("more than 100 times its size");
  }

  private void refused(String name, String csv, String why) throws IOException {
    Path file = folder.resolve(name);
    if (name.endsWith(".zip")) {
      Zips.zip(file, csv);
    } else {
      Files.writeString(file, csv);
    }
    assertThatThrownBy(() -> check(file))
        .isInstanceOf(BadFileException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(why);
    assertThat(vault().resolve("raw")).as("nothing is half imported").doesNotExist();
  }

  private ImportResult imported(String csv) throws Exception {
    return imported("BTC-USDT-SWAP-trades-2026-01-02.zip", csv);
  }

  private ImportResult imported(String name, String csv) throws Exception {
    Path file = Zips.zip(folder.resolve(name), csv);
    FileImport one = of(file);
    one.check();
    return one.merge("import");
  }

  private void check(Path file) throws Exception {
    of(file).check();
  }

  private FileImport of(Path file) {
    return new FileImport(
        vault(),
        new OfficialFile(file),
        ImportRequest.all(null, Set.of()),
        new TermsBook(vault(), terms),
        clock);
  }

  private void observed(String value, Instant when) throws Exception {
    com.fasterxml.jackson.databind.node.ObjectNode raw =
        new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode();
    raw.put("instId", BTC).put("ctVal", value).put("ctMult", "1").put("ctType", "linear");
    new MetadataFiles(vault(), BTC).keep(raw, Terms.of(BTC, raw), when);
  }

  private void foreign(String... lines) throws IOException {
    Files.createDirectories(raw("2026-01-01").getParent());
    Files.writeString(
        raw("2026-01-01"),
        String.join("\n", lines) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static String line(long id, long millis, String size) {
    return io.tapelake.vault.TradeLine.format(trade(id, millis, size));
  }

  private static Trade trade(long id, long millis, String size) {
    return new Trade(
        Instant.ofEpochMilli(START + millis),
        BTC,
        id,
        TakerSide.BUY,
        new BigDecimal("42219.9"),
        new BigDecimal(size),
        new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR));
  }

  private static String row(long id, long millis) {
    return BTC + "," + id + ",buy,42219.9,2," + (START + millis) + "\n";
  }

  private Path vault() {
    return folder.resolve("vault");
  }

  private Path raw(String day) {
    return vault().resolve("raw/okx/trades_perps/" + BTC + "/" + day + ".jsonl");
  }

  private List<String> lines(String day) throws IOException {
    return Files.readAllLines(raw(day));
  }

  private List<Long> ids(String day) throws IOException {
    try (Stream<String> lines = lines(day).stream()) {
      return lines
          .map(line -> Long.valueOf(line.replaceAll(".*\"trade_id\":\"(\\d+)\".*", "$1")))
          .toList();
    }
  }
}
