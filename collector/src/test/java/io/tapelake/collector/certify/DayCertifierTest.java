package io.tapelake.collector.certify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.collector.cover.IdRanges;
import io.tapelake.collector.history.FileImport;
import io.tapelake.collector.history.ImportRequest;
import io.tapelake.collector.history.TermsBook;
import io.tapelake.collector.inventory.CoverageReport;
import io.tapelake.collector.inventory.DayCoverage;
import io.tapelake.collector.inventory.VaultCoverage;
import io.tapelake.collector.observe.StatusReport;
import io.tapelake.collector.official.OfficialFile;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DayCertifierTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final LocalDate DATE = LocalDate.parse("2026-01-02");
  private static final DayFile DAY = new DayFile(BTC, DATE);
  private static final long START = Instant.parse("2026-01-02T00:00:00Z").toEpochMilli();
  private static final long A_DAY = 86_400_000;
  private static final Contract CENT =
      new Contract(new BigDecimal("0.01"), BigDecimal.ONE, ContractType.LINEAR);
  private static final Contract TENTH =
      new Contract(new BigDecimal("0.1"), BigDecimal.ONE, ContractType.LINEAR);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Path vault;

  @Test
  void aDayBetweenItsNeighboursIsComplete() throws Exception {
    vault = folder;
    raw(DATE.minusDays(1), line(trade(9, -1_000, CENT)));
    raw(DATE, line(trade(10, 0, CENT)), line(trade(12, 7, TENTH)), line(trade(11, 5, CENT)));
    raw(DATE.plusDays(1), line(trade(13, A_DAY, TENTH)));
    new DayCertifier(vault).certify(DAY);
    byte[] raw = Files.readAllBytes(vault.resolve(DAY.rawPath()));
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw));
    String text = Files.readString(file()).replace(sha256, "…");
    assertThat(text)
        .isEqualTo(
            """
            {"exchange":"okx","market":"perp","instId":"BTC-USDT-SWAP","day":"2026-01-02",\
            "complete":true,"incomplete_because":[],\
            "file":"raw/okx/trades_perps/BTC-USDT-SWAP/2026-01-02.jsonl","bytes":713,"sha256":"…",\
            "trades":3,"ids":3,"first_id":"10","last_id":"12","previous_id":"9","next_id":"13",\
            "missing_ids":0,"missing_ranges":0,"missing":[],\
            "repeated_lines":0,"conflicting_lines":0,"refused_lines":0,\
            "ids_started_over":false,"trades_set_aside":0,\
            "terms":[{"ctVal":"0.01","ctMult":"1","ctType":"linear","first_id":"10","last_id":"11",\
            "from_utc":"2026-01-02T00:00:00.000Z","to_utc":"2026-01-02T00:00:00.005Z"},\
            {"ctVal":"0.1","ctMult":"1","ctType":"linear","first_id":"12","last_id":"12",\
            "from_utc":"2026-01-02T00:00:00.007Z","to_utc":"2026-01-02T00:00:00.007Z"}],\
            "channel":null,"grain":"single",\
            "sources":[{"first_id":"10","last_id":"12","source":"other","from":null}],\
            "clock_offset_ms":null,"official":[]}
            """);
  }

  /** Random days; the truth is known, and the certificate has to find it. */
  @Test
  void completeExactlyWhenTheTruthIs() throws Exception {
    int days = Integer.getInteger("certify.days", 150);
    long seed = Long.getLong("certify.seed", System.nanoTime());
    int complete = 0;
    for (int i = 0; i < days; i++) {
      vault = folder.resolve("vault-" + i);
      RandomDay day = new RandomDay(seed + i);
      day.write();
      Certificate certificate = new DayCertifier(vault).certify(DAY);
      assertThat(certificate.isComplete())
          .as("seed %d: %s, %s", seed + i, certificate.text(), day.happened)
          .isEqualTo(day.isComplete());
      complete += certificate.isComplete() ? 1 : 0;
      Set<Long> missing = new TreeSet<>(day.missingInside());
      Set<Long> told = new TreeSet<>();
      for (JsonNode range : json().path("missing")) {
        for (long id = range.path("first_id").asLong();
            id <= range.path("last_id").asLong() && range.path("where").asText().equals("inside");
            id++) {
          told.add(id);
        }
      }
      assertThat(told).as("seed %d", seed + i).isEqualTo(missing);

      byte[] first = Files.readAllBytes(file());
      new DayCertifier(vault).certify(DAY);
      assertThat(Files.readAllBytes(file()))
          .as("seed %d: the same bytes", seed + i)
          .isEqualTo(first);
      assertThat(new DayCertifier(vault).check(DAY)).as("seed %d", seed + i).isNull();
      flipOneByte(new Random(seed + i));
      assertThat(new DayCertifier(vault).check(DAY)).as("seed %d", seed + i).isNotNull();
    }
    System.out.printf("seed %d: of %d days %d were complete%n", seed, days, complete);
    assertThat(complete).as("seed %d", seed).isBetween(days / 20, days - days / 20);
  }

  @Test
  void oneFlippedBitIsFoundWhereverItIs() throws IOException {
    vault = folder;
    raw(DATE, line(trade(1, 0, CENT)), line(trade(2, 5, CENT)), line(trade(3, 7, CENT)));
    new DayCertifier(vault).certify(DAY);
    Path raw = vault.resolve(DAY.rawPath());
    byte[] good = Files.readAllBytes(raw);
    for (int at = 0; at < good.length; at++) {
      byte[] flipped = good.clone();
      flipped[at] ^= (byte) (1 << (at % 8));
      Files.write(raw, flipped);
      assertThat(new DayCertifier(vault).check(DAY)).as("byte %d", at).isNotNull();
    }
    Files.write(raw, good);
    assertThat(new DayCertifier(vault).check(DAY)).isNull();
  }

  @Test
  void aCertificateThatWasChangedDoesNotHold() throws IOException {
    vault = folder;
    raw(DATE, line(trade(5, 0, CENT)), line(trade(8, 7, CENT)));
    new DayCertifier(vault).certify(DAY);
    String good = Files.readString(file());
    assertThat(json().path("incomplete_because").toString())
        .isEqualTo("[\"ids_missing\",\"start_unknown\",\"end_unknown\"]");
    String[][] changes = {
      {"\"complete\":false", "\"complete\":true"},
      {"[\"ids_missing\",\"start_unknown\",\"end_unknown\"]", "[]"},
      {"\"trades\":2", "\"trades\":4"},
      {"\"missing_ids\":2", "\"missing_ids\":0"},
      {"\"first_id\":\"6\"", "\"first_id\":\"7\""},
      {"\"ctVal\":\"0.01\"", "\"ctVal\":\"0.1\""},
      {"{\"exchange\"", "{ \"exchange\""},
      {good, "[]"},
      {good, ""},
    };
    for (String[] change : changes) {
      Files.writeString(file(), good.replace(change[0], change[1]));
      assertThat(new DayCertifier(vault).check(DAY)).as(change[1]).isNotNull();
    }
    Files.writeString(file(), good);
    assertThat(new DayCertifier(vault).check(DAY)).isNull();
    Files.delete(vault.resolve(DAY.rawPath()));
    assertThat(new DayCertifier(vault).check(DAY)).contains("is gone");
  }

  @Test
  void aDayIsCertifiedAnHourAfterItsEndAndAgainWhenItChanges() throws IOException {
    vault = folder;
    DayCertifier certifier = new DayCertifier(vault);
    Instant end = Instant.parse("2026-01-03T00:00:00Z");
    raw(DATE.minusDays(8), line(trade(1, -8 * A_DAY, CENT)));
    raw(DATE, line(trade(2, 0, CENT)), line(trade(4, 7, CENT)));
    certifier.certifyClosedDays(end.plusSeconds(3_599), Duration.ofMillis(12));
    assertThat(file()).doesNotExist();
    certifier.certifyClosedDays(end.plusSeconds(3_600), Duration.ofMillis(12));
    assertThat(incomplete()).isEqualTo("[\"ids_missing\",\"end_unknown\"]");
    assertThat(json().path("clock_offset_ms").asLong()).isEqualTo(12);
    assertThat(new CertificateFiles(vault).days(BTC))
        .as("older days are left to certify")
        .containsExactly(DATE);

    raw(DATE.plusDays(1), line(trade(6, A_DAY, CENT)));
    certifier.certifyClosedDays(end.plusSeconds(7_200), Duration.ofMillis(99));
    assertThat(incomplete()).isEqualTo("[\"ids_missing\"]");
    assertThat(json().path("missing").toString())
        .isEqualTo(
            "[{\"first_id\":\"3\",\"last_id\":\"3\",\"where\":\"inside\",\"reason\":\"not_recorded\",\"tried\":[]},"
                + "{\"first_id\":\"5\",\"last_id\":\"5\",\"where\":\"after\",\"reason\":\"not_recorded\",\"tried\":[]}]");
    raw(DATE, line(trade(3, 5, CENT)), line(trade(5, 8, CENT)));
    assertThat(new CertificateFiles(vault).state(DAY)).isEqualTo("out of date");
    certifier.certifyClosedDays(end.plusSeconds(7_800), Duration.ofMillis(99));
    assertThat(new CertificateFiles(vault).state(DAY)).isEqualTo("complete");
    assertThat(json().path("clock_offset_ms").asLong()).as("of its close").isEqualTo(12);
  }

  @Test
  void aCompleteDayGetsItsClockOffsetWhenThatIsKnownAndNotBefore() throws IOException {
    vault = folder;
    DayCertifier certifier = new DayCertifier(vault);
    raw(DATE, line(trade(1, 0, CENT)));
    raw(DATE.plusDays(1), line(trade(2, A_DAY, CENT)));
    certifier.certify(DAY);
    Instant later = Instant.parse("2026-01-03T01:00:00Z");
    certifier.certifyClosedDays(later, null);
    assertThat(new CertificateFiles(vault).state(DAY)).isEqualTo("complete");
    assertThat(json().path("clock_offset_ms").isNull()).isTrue();
    certifier.certifyClosedDays(later.plusSeconds(600), Duration.ofMillis(12));
    byte[] refreshed = Files.readAllBytes(file());
    assertThat(json().path("clock_offset_ms").asLong()).isEqualTo(12);
    new DayCertifier(vault).certify(DAY);
    assertThat(Files.readAllBytes(file())).isEqualTo(refreshed);
  }

  @Test
  void theCollectorLooksEveryTenMinutesByTheExchangesClock() throws IOException {
    vault = folder;
    raw(DATE, line(trade(1, 0, CENT)));
    MovingClock clock = new MovingClock("2031-01-03T00:59:59Z");
    Duration behind =
        Duration.between(
            Instant.parse("2031-01-01T00:00:00Z"), Instant.parse("2026-01-01T00:00:00Z"));
    ClosedDays days = new ClosedDays(vault, clock, clock, Runnable::run);
    days.tick(true, behind);
    assertThat(file()).doesNotExist();
    clock.now = clock.now.plusSeconds(1);
    days.tick(true, behind);
    assertThat(file()).as("not looked again so soon").doesNotExist();
    clock.now = clock.now.plusSeconds(600);
    days.tick(true, behind);
    assertThat(incomplete()).isEqualTo("[\"end_unknown\"]");
  }

  @Test
  void aClockThatWasADayAheadOnceKeepsNoDayFromItsCertificate() throws IOException {
    vault = folder;
    raw(DATE, line(trade(1, 0, CENT)));
    MovingClock wall = new MovingClock("2026-01-04T02:00:00Z");
    MovingClock steady = new MovingClock("2026-01-03T02:00:00Z");
    ClosedDays days = new ClosedDays(vault, wall, steady, Runnable::run);
    days.tick(true, Duration.ZERO);
    Files.delete(file());
    wall.now = Instant.parse("2026-01-03T02:10:00Z");
    steady.now = wall.now;
    days.tick(true, Duration.ZERO);
    assertThat(file()).exists();
  }

  @Test
  void whatIsWaitedForKeepsDaysFromTheirCertificatesForAMinuteOnly() throws IOException {
    vault = folder;
    raw(DATE, line(trade(1, 0, CENT)));
    MovingClock clock = new MovingClock("2026-01-03T02:00:00Z");
    ClosedDays days = new ClosedDays(vault, clock, clock, Runnable::run);
    clock.now = clock.now.plusSeconds(59);
    days.tick(false, Duration.ZERO);
    assertThat(file()).doesNotExist();
    clock.now = clock.now.plusSeconds(1);
    days.tick(false, Duration.ZERO);
    assertThat(file()).exists();
  }

  @Test
  void linesOfADayThatWasCopiedOntoItselfAreComparedPieceByPiece() throws IOException {
    IdRanges repeated = new IdRanges();
    repeated.add(1, 200_000);
    repeated.add(300_000, 300_000);
    RepeatedLines some = RepeatedLines.after(-1, repeated);
    assertThat(some.lastId()).isBetween(50_000L, 150_000L);
    some = RepeatedLines.after(some.lastId(), repeated);
    assertThat(some.lastId()).isEqualTo(300_000);
    assertThat(RepeatedLines.after(some.lastId(), repeated)).isNull();
    vault = folder;
    raw(DATE, line(trade(1, 0, CENT)), line(trade(2, 5, CENT)), line(trade(1, 0, CENT)));
    raw(DATE, line(trade(2, 6, CENT)));
    new DayCertifier(vault).certify(DAY);
    assertThat(json().path("repeated_lines").asLong()).isEqualTo(2);
    assertThat(json().path("conflicting_lines").asLong()).isEqualTo(1);
  }

  private static final class MovingClock extends Clock {
    private Instant now;

    MovingClock(String now) {
      this.now = Instant.parse(now);
    }

    @Override
    public java.time.ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @Test
  void journalsTellWhereIdsCameFromAndWhyOthersAreMissing() throws IOException {
    vault = folder;
    raw(DATE, line(trade(10, 0, CENT)), line(trade(12, 5, CENT)), line(trade(16, 9, CENT)));
    Path state = Files.createDirectories(vault.resolve("state/collector/okx/perps"));
    Files.writeString(state.resolve(BTC + ".state.json"), "{\"watch_from\":\"12\"}");
    Files.writeString(
        state.resolve(BTC + ".gaps.jsonl"),
        """
        {"event":"found","ids":[["13","14"],["16","16"]],"cause":"reconnect"}
        {"event":"filled","ids":[["16","16"]],"cause":"reconnect"}
        {"event":"missing","ids":[["13","14"]],"cause":"reconnect"}
        {"event":"found","ids":[["15","15"]],"cau
        """);
    new DayCertifier(vault).certify(DAY);
    assertThat(Files.readString(file()))
        .contains(
            "{\"first_id\":\"11\",\"last_id\":\"11\",\"where\":\"inside\",\"reason\":\"not_recorded\",\"tried\":[]}")
        .contains(
            "{\"first_id\":\"13\",\"last_id\":\"15\",\"where\":\"inside\",\"reason\":\"exchange_lacks_them\",\"tried\":[\"rest\"]}")
        .contains(
            "\"channel\":\"trades-all\",\"grain\":\"single\",\"sources\":["
                + "{\"first_id\":\"10\",\"last_id\":\"10\",\"source\":\"other\",\"from\":null},"
                + "{\"first_id\":\"12\",\"last_id\":\"12\",\"source\":\"push\",\"from\":null},"
                + "{\"first_id\":\"16\",\"last_id\":\"16\",\"source\":\"rest\",\"from\":null}]");
  }

  @Test
  void idsThatStartedOverAreNeverComplete() throws IOException {
    vault = folder;
    raw(DATE, line(trade(4, 0, CENT)), line(trade(5, 1_000, CENT)));
    raw(DATE, line(trade(1, 90_000, CENT)), line(trade(2, 91_000, CENT)));
    raw(DATE, line(trade(3, 92_000, CENT)));
    raw(DATE.plusDays(1), line(trade(6, A_DAY, CENT)));
    new DayCertifier(vault).certify(DAY);
    assertThat(incomplete()).isEqualTo("[\"ids_started_over\"]");
    assertThat(new DayCertifier(vault).check(DAY)).isNull();
  }

  @Test
  void aDayOfTheNewLifeAloneIsNotComplete() throws IOException {
    vault = folder;
    raw(DATE.minusDays(1), line(trade(4, -2_000, CENT)), line(trade(5, -1_000, CENT)));
    raw(DATE, line(trade(1, 90_000, CENT)), line(trade(2, 91_000, CENT)));
    raw(DATE.plusDays(1), line(trade(3, A_DAY, CENT)));
    new DayCertifier(vault).certify(DAY);
    assertThat(incomplete()).isEqualTo("[\"ids_started_over\"]");
    assertThat(new DayCertifier(vault).check(DAY)).isNull();
    raw(DATE.minusDays(1).minusDays(1), line(trade(3, -A_DAY - 1_000, CENT)));
    DayFile last = new DayFile(BTC, DATE.minusDays(1));
    assertThat(new DayCertifier(vault).certify(last).incompleteBecause())
        .containsExactly("ids_started_over");
  }

  @Test
  void aCollectorThatRunsOnSeesWhatIsSetAsideAndWhatOtherDaysGet() throws IOException {
    vault = folder;
    DayCertifier certifier = new DayCertifier(vault);
    Instant later = Instant.parse("2026-01-03T02:00:00Z");
    raw(DATE, line(trade(1, 0, CENT)), line(trade(2, 5, CENT)));
    raw(DATE.plusDays(1), line(trade(5, A_DAY + 5, CENT)));
    certifier.certifyClosedDays(later, Duration.ZERO);
    assertThat(incomplete()).isEqualTo("[\"ids_missing\"]");
    raw(DATE.plusDays(1), line(trade(3, A_DAY, CENT)), line(trade(4, A_DAY, CENT)));
    certifier.certifyClosedDays(later, Duration.ZERO);
    assertThat(incomplete()).isEqualTo("[]");
    Path quarantine =
        vault.resolve("quarantine/collector/okx/trades_perps/" + BTC + "/2026-01-02.jsonl");
    Files.createDirectories(quarantine.getParent());
    Files.writeString(
        quarantine,
        "{\"timestamp_utc\":\"2026-01-02T00:00:00.005Z\",\"trade_id\":\"2\",\"side\":\"sell\",\"price\":\"11\",\"qty_contracts\":\"1\"}\n");
    Files.setLastModifiedTime(
        quarantine, FileTime.from(Files.getLastModifiedTime(file()).toInstant().plusSeconds(1)));
    certifier.certifyClosedDays(later, Duration.ZERO);
    assertThat(incomplete()).isEqualTo("[\"trades_set_aside\"]");
  }

  @Test
  void aDamagedCertificateIsNamedAndWrittenAnew() throws IOException {
    vault = folder;
    raw(DATE, line(trade(1, 0, CENT)));
    raw(DATE.plusDays(1), line(trade(2, A_DAY, CENT)));
    new DayCertifier(vault).certify(DAY);
    String good = Files.readString(file());
    for (String damage : List.of("linaer", "")) {
      Files.writeString(file(), good.replace("\"linear\"", "\"" + damage + "\""));
      assertThat(new DayCertifier(vault).check(DAY)).contains("it is no certificate", damage);
      assertThat(new CertificateFiles(vault).state(DAY)).isEqualTo("-");
      List<String> failures =
          new DayCertifier(vault)
              .certifyClosedDays(Instant.parse("2026-01-03T02:00:00Z"), Duration.ZERO);
      assertThat(failures).isEmpty();
      assertThat(new CertificateFiles(vault).state(DAY)).isEqualTo("complete");
    }
  }

  @Test
  void aTornTailMakesNoCertificateOutOfDate() throws IOException {
    vault = folder;
    raw(DATE, line(trade(1, 0, CENT)));
    raw(DATE.plusDays(1), line(trade(2, A_DAY, CENT)));
    append(DATE, "{\"timestamp_utc\":\"2026-01-0");
    new DayCertifier(vault).certify(DAY);
    assertThat(new CertificateFiles(vault).state(DAY)).isEqualTo("complete");
    append(DATE, "\n");
    assertThat(new CertificateFiles(vault).state(DAY)).isEqualTo("out of date");
  }

  @Test
  void tradesThatWereSetAsideCountUntilTheyAreSettled() throws IOException {
    vault = folder;
    raw(DATE, line(trade(1, 0, CENT)), line(trade(2, 5, CENT)));
    raw(DATE.plusDays(1), line(trade(3, A_DAY, CENT)));
    String aside =
        "{\"file\":\"2026-01-02.jsonl\",\"reason\":\"id_contradicts\",\"timestamp_utc\":\"2026-01-02T00:00:00.005Z\","
            + "\"trade_id\":\"2\",\"side\":\"sell\",\"price\":\"10\",\"qty_contracts\":\"%s\"}\n";
    Path quarantine =
        vault.resolve("quarantine/collector/okx/trades_perps/" + BTC + "/2026-01-02.jsonl");
    Files.createDirectories(quarantine.getParent());
    Files.writeString(quarantine, aside.formatted("1") + aside.formatted("2"));
    new DayCertifier(vault).certify(DAY);
    assertThat(incomplete()).isEqualTo("[\"trades_set_aside\"]");
    assertThat(json().path("trades_set_aside").asLong()).isEqualTo(1);
    Files.writeString(
        quarantine,
        aside.formatted("1") + "{\"reason\":\"torn_tail\",\"bytes_base64\":\"e30=\"}\n");
    assertThat(new DayCertifier(vault).certify(DAY).isComplete()).isTrue();
  }

  @Test
  void statusAndCoverageShowIt() throws IOException {
    vault = folder;
    raw(DATE, line(trade(1, 0, CENT)), line(trade(4, 7, CENT)));
    raw(DATE.plusDays(1), line(trade(5, A_DAY, CENT)));
    new DayCertifier(vault).certify(DAY);
    StatusReport status = StatusReport.read(vault, Instant.parse("2026-01-04T00:00:00Z"));
    assertThat(status.text())
        .contains(
            "certificates: 0 of the newest 1 days complete; 2026-01-02 is not: ids_missing, 2 ids missing");
    assertThat(status.json()).contains("\"certificates\" : [ {");
    List<DayCoverage> days = VaultCoverage.of(vault).days(BTC, LocalDate.MIN, LocalDate.MAX);
    assertThat(days).extracting(DayCoverage::certified).containsExactly("not complete", "-");
    assertThat(CoverageReport.json(days)).contains("\"certified\":\"not complete\"");
    assertThat(CoverageReport.table(days)).contains("not complete");
  }

  @Test
  void aCollectorThatSaysNothingForAMinuteIsDeadWhoeverHasItsProcessId() throws IOException {
    Path status = Files.createDirectories(folder.resolve("state/collector")).resolve("status.json");
    Files.writeString(
        status,
        "{\"running\":true,\"pid\":%d,\"started_utc\":\"2026-01-02T00:00:00.000Z\",\"updated_utc\":\"2026-01-02T10:00:00.000Z\"}"
            .formatted(ProcessHandle.current().pid()));
    Instant updated = Instant.parse("2026-01-02T10:00:00Z");
    assertThat(StatusReport.read(folder, updated.plusSeconds(59)).text()).contains("running, pid");
    assertThat(StatusReport.read(folder, updated.plusSeconds(61)).text())
        .contains("died after 2026-01-02T10:00:00.000Z");
  }

  private String incomplete() throws IOException {
    return json().path("incomplete_because").toString();
  }

  private void flipOneByte(Random random) throws IOException {
    Path raw = vault.resolve(DAY.rawPath());
    byte[] bytes = Files.readAllBytes(raw);
    int lines = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf('\n');
    bytes[random.nextInt(lines + 1)] ^= (byte) (1 << random.nextInt(8));
    Files.write(raw, bytes);
  }

  /** Three days of an exchange, and what recorders and imports made of them. */
  private final class RandomDay {
    final Random random;
    final List<String> happened = new ArrayList<>();
    final List<Trade> truth = new ArrayList<>();
    final Set<Long> held = new TreeSet<>();
    final long firstEver;
    final long changedAt;
    boolean spoiled;

    RandomDay(long seed) {
      random = new Random(seed);
      firstEver = random.nextInt(4) == 0 ? 1 : 1_000;
      changedAt = random.nextInt(3) == 0 ? START + random.nextInt((int) A_DAY) : Long.MAX_VALUE;
      long millis = START - A_DAY + random.nextInt(firstEver == 1 ? (int) (2 * A_DAY) : 1_000);
      int trades = 6 + random.nextInt(60);
      for (int i = 0; i < trades && millis < START + 2 * A_DAY; i++) {
        truth.add(trade(firstEver + i, millis - START, millis < changedAt ? CENT : TENTH));
        millis += random.nextInt((int) (6 * A_DAY / trades));
      }
      truth.add(trade(firstEver + truth.size(), A_DAY / 2, CENT));
      Trade last = truth.remove(truth.size() - 1);
      if (truth.stream().noneMatch(each -> each.day().equals(DATE))) {
        truth.removeIf(each -> each.day().isAfter(DATE));
        truth.add(
            trade(firstEver + truth.size(), last.time().toEpochMilli() - START, last.contract()));
      }
    }

    void write() throws Exception {
      List<Trade> rest = new ArrayList<>(truth);
      if (random.nextBoolean()) {
        happened.add("holes");
        for (int holes = random.nextInt(3); holes >= 0 && rest.size() > 1; holes--) {
          int from = random.nextInt(rest.size());
          rest.subList(from, Math.min(rest.size(), from + 1 + random.nextInt(3))).clear();
        }
      }
      List<Trade> imported = new ArrayList<>();
      if (random.nextInt(3) == 0) {
        happened.add("an import");
        int from = random.nextInt(truth.size());
        imported.addAll(truth.subList(from, from + random.nextInt(truth.size() - from + 1)));
      }
      if (random.nextInt(3) == 0) {
        Collections.shuffle(rest, random);
      }
      rest.forEach(each -> held.add(each.id()));
      for (Trade each : rest) {
        raw(each.day(), line(each));
      }
      ensureLine();
      disturb(rest);
      importAll(imported);
      if (random.nextInt(5) == 0) {
        happened.add("a torn tail");
        append(DATE, line(truth.get(0)).substring(0, 50));
      }
    }

    /** A day without a file has no certificate. */
    private void ensureLine() throws IOException {
      if (!Files.exists(vault.resolve(DAY.rawPath()))) {
        raw(DATE, "no trade");
      }
    }

    private void disturb(List<Trade> rest) throws IOException {
      List<Trade> day = rest.stream().filter(each -> each.day().equals(DATE)).toList();
      if (day.isEmpty()) {
        return;
      }
      Trade one = day.get(random.nextInt(day.size()));
      if (random.nextInt(3) == 0) {
        happened.add("a repeated line");
        raw(DATE, line(one).replace("\":\"", "\": \""));
      }
      if (random.nextInt(4) == 0) {
        happened.add("a line that is no trade");
        raw(DATE, line(one).replace("\"okx\"", "\"xko\""));
      }
      if (random.nextInt(6) == 0) {
        happened.add("a line that contradicts");
        spoiled = true;
        raw(DATE, line(one).replace("\"side\":\"sell\"", "\"side\":\"buy\""));
      }
      if (random.nextInt(6) == 0 && day.size() > 2) {
        happened.add("a line with other terms amid the day");
        List<Trade> sorted =
            day.stream()
                .sorted(java.util.Comparator.comparingLong(Trade::id))
                .collect(Collectors.toList());
        Trade odd = sorted.get(1);
        boolean amid = sorted.get(0).contract().equals(sorted.get(sorted.size() - 1).contract());
        if (amid) {
          Path file = vault.resolve(DAY.rawPath());
          String right = line(odd);
          String wrong = right.replace("\"ctMult\":\"1\"", "\"ctMult\":\"10\"");
          Files.writeString(file, Files.readString(file).replace(right, wrong));
          spoiled = true;
        }
      }
    }

    private void importAll(List<Trade> imported) throws Exception {
      if (imported.isEmpty()) {
        return;
      }
      StringBuilder csv =
          new StringBuilder("instrument_name,trade_id,side,price,size,created_time\n");
      for (Trade each : imported) {
        csv.append("%s,%d,sell,10,1,%d\n".formatted(BTC, each.id(), each.time().toEpochMilli()));
      }
      Path file = Files.createDirectories(vault).resolve("x.csv");
      Files.writeString(file, csv.toString());
      List<String> terms = new ArrayList<>(List.of(BTC + "=0.01,1,linear"));
      if (changedAt != Long.MAX_VALUE) {
        terms.add(BTC + "=0.1,1,linear@" + Instant.ofEpochMilli(changedAt));
      }
      FileImport one =
          new FileImport(
              vault,
              new OfficialFile(file),
              ImportRequest.all(null, Set.of()),
              new TermsBook(vault, terms),
              Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC));
      try {
        one.check();
        one.merge("import");
        imported.forEach(each -> held.add(each.id()));
      } catch (TermsBook.UnknownTermsException e) {
        // Other terms stand there already: nothing was imported.
        happened.add("refused");
      }
    }

    private List<Long> dayIds() {
      return truth.stream()
          .filter(each -> each.day().equals(DATE))
          .map(Trade::id)
          .sorted()
          .toList();
    }

    /** Every trade of the day is there, and the vault can know that there are no others. */
    boolean isComplete() {
      List<Long> ids = dayIds();
      if (spoiled || ids.isEmpty() || !held.containsAll(ids)) {
        return false;
      }
      long first = ids.get(0);
      return (first == 1 || held.contains(first - 1)) && held.contains(ids.get(ids.size() - 1) + 1);
    }

    Set<Long> missingInside() {
      List<Long> there = dayIds().stream().filter(held::contains).toList();
      Set<Long> missing = new TreeSet<>();
      for (long id = there.isEmpty() ? 1 : there.get(0);
          !there.isEmpty() && id < there.get(there.size() - 1);
          id++) {
        if (!held.contains(id)) {
          missing.add(id);
        }
      }
      return missing;
    }
  }

  private static Trade trade(long id, long millis, Contract contract) {
    return new Trade(
        Instant.ofEpochMilli(START + millis),
        BTC,
        id,
        TakerSide.SELL,
        BigDecimal.TEN,
        BigDecimal.ONE,
        contract);
  }

  private static String line(Trade trade) {
    return TradeLine.format(trade);
  }

  private void raw(LocalDate day, String... lines) throws IOException {
    append(day, String.join("\n", lines) + "\n");
  }

  private void append(LocalDate day, String text) throws IOException {
    Path file = vault.resolve(new DayFile(BTC, day).rawPath());
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private Path file() {
    return vault.resolve("certificates/okx/trades_perps/" + BTC + "/" + DATE + ".json");
  }

  private JsonNode json() throws IOException {
    return JSON.readTree(Files.readAllBytes(file()));
  }
}
