package io.tapelake.collector.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tapelake.collector.cover.IdRange;
import io.tapelake.collector.decode.Message;
import io.tapelake.collector.decode.RestAnswer;
import io.tapelake.collector.decode.TradeRow;
import io.tapelake.collector.meta.ObservedTerms;
import io.tapelake.collector.settings.Setting;
import io.tapelake.collector.settings.Settings;
import io.tapelake.collector.settings.UsageException;
import io.tapelake.collector.write.GapJournal;
import io.tapelake.simulator.exchange.Exchange;
import io.tapelake.simulator.exchange.Limits;
import io.tapelake.simulator.fault.FaultScript;
import io.tapelake.simulator.tape.Tape;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.TakerSide;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import io.tapelake.vault.VaultLayout;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the capture does about each thing that goes wrong, in simulated time. */
class CaptureTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final String ETH = "ETH-USDT-SWAP";
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path folder;
  private Path vault;

  private final Map<Setting, String> texts = new EnumMap<>(Setting.class);
  private List<String> traded = List.of(BTC, ETH);
  private World world;

  @BeforeEach
  void vaultInAFolderOfItsOwn() throws IOException {
    vault = Files.createDirectory(folder.resolve("vault"));
  }

  @Test
  void capturesEveryTradeOfACalmMarket() throws Exception {
    open("");
    world.run(Duration.ofSeconds(30));
    assertThat(world.capture.waitingFor()).isEmpty();
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void theMinuteBeforeAndAfterMidnightLieInTheirDaysFiles() throws Exception {
    openAt(Instant.parse("2026-01-01T23:59:50Z"), "at 5s late BTC-USDT-SWAP for=6s by=3s");
    world.run(Duration.ofSeconds(30));
    checkNothingIsMissing();
    assertThat(vault.resolve(day(BTC, "2026-01-01"))).exists();
    assertThat(vault.resolve(day(BTC, "2026-01-02"))).exists();
  }

  @Test
  void aNoticeOpensTheNewConnectionBeforeTheOldOneEnds() throws Exception {
    open("at 5s notice");
    world.run(Duration.ofSeconds(4));
    long gapsOfTheStart = metric("gaps_found_total");
    world.run(Duration.ofSeconds(80));
    checkNothingIsMissing();
    assertThat(metric("disconnects_total")).isZero();
    assertThat(metric("gaps_found_total")).isEqualTo(gapsOfTheStart);
    assertThat(metric("notices_total")).isEqualTo(1);
  }

  @Test
  void aStalledFeedIsNoticedThoughPingsAreAnswered() throws Exception {
    open("at 5s stall");
    world.run(Duration.ofSeconds(60));
    assertThat(metric("stalls_total")).isPositive();
    checkNothingIsMissing();
  }

  @Test
  void oneStalledInstrumentIsNoticedAmongBusyOnes() throws Exception {
    open("at 5s stall ETH-USDT-SWAP");
    world.run(Duration.ofSeconds(60));
    assertThat(metric("stalls_total")).isPositive();
    checkNothingIsMissing();
  }

  @Test
  void aQuietMarketIsNoStall() throws Exception {
    open("at 5s quiet BTC-USDT-SWAP for=10m\nat 5s quiet ETH-USDT-SWAP for=10m");
    world.run(Duration.ofMinutes(9), Duration.ofMillis(100));
    assertThat(metric("stalls_total")).isZero();
    assertThat(metric("disconnects_total")).isZero();
  }

  @Test
  void whatHasNotTradedSinceTheStartIsQuietSinceThen() throws Exception {
    open("");
    assertThat(world.metrics.instrument(BTC).lastPush.get()).isEqualTo(START.getEpochSecond());
  }

  @Test
  void aHalfOpenConnectionIsGivenUp() throws Exception {
    open("at 5s freeze");
    world.run(Duration.ofSeconds(80));
    assertThat(metric("disconnects_total")).isPositive();
    checkNothingIsMissing();
  }

  @Test
  void reconnectsForAsLongAsItTakes() throws Exception {
    open("at 5s refuse for=10m how=429\nat 6s reset");
    world.run(Duration.ofMinutes(5), Duration.ofMillis(50));
    assertThat(world.capture.troubles())
        .singleElement()
        .asString()
        .startsWith("connections: 1 of 1, for 2 instruments, are not open (refused");
    world.run(Duration.ofMinutes(6), Duration.ofMillis(50));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void tradesIsTakenWhenTradesAllIsRefusedAndThatIsAllowed() throws Exception {
    texts.put(Setting.CHANNEL_FALLBACK, "true");
    for (String code : List.of("60011", "60018", "64002")) {
      Path own = Files.createDirectories(vault.resolve(code));
      texts.put(Setting.VAULT, own.toString());
      openRaw(
          START, "at 0s reject code=" + code + (code.equals("60018") ? " for=300ms" : " for=3s"));
      world.run(Duration.ofSeconds(12));
      assertThat(world.capture.waitingFor()).isEmpty();
      assertThat(world.capture.aggregated()).containsExactly(BTC, ETH);
      world.run(Duration.ofSeconds(90));
      assertThat(world.capture.aggregated()).as("asked for again").isEmpty();
      settleAndCheck(own, true);
    }
  }

  @Test
  void withoutLeaveTheOtherGrainIsNotTakenAndRestGoesOnMeanwhile() throws Exception {
    open("at 0s reject BTC-USDT-SWAP for=200s code=60018");
    world.run(Duration.ofSeconds(150));
    assertThat(world.capture.aggregated()).isEmpty();
    assertThat(world.capture.troubles()).singleElement().asString().contains(BTC, "60018");
    assertThat(world.capture.waitingFor()).containsExactly(BTC + ": subscription");
    assertThat(TruthCheck.lines(vault, BTC)).as("from REST").isNotEmpty();
    long first = TruthCheck.lines(vault, BTC).keySet().iterator().next();
    assertThat(Files.readAllLines(journal(BTC)))
        .filteredOn(line -> line.contains("\"filled\""))
        .first()
        .asString()
        .as("said to be from there")
        .contains("[\"" + first + "\"");
    world.run(Duration.ofSeconds(120));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void anUnknownInstrumentStopsNoOtherAndIsAskedForAgain() throws Exception {
    texts.put(Setting.INSTRUMENTS, BTC + ",NOBODY-USDT-SWAP");
    open("");
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.buildFailure()).isNull();
    assertThat(world.capture.troubles())
        .hasSize(2)
        .allMatch(trouble -> trouble.startsWith("NOBODY-USDT-SWAP: "));
    world.capture.finish();
    assertThat(compare(vault, BTC).missing()).isZero();
    assertThat(vault.resolve(DayFile.RAW_ROOT).resolve("NOBODY-USDT-SWAP")).doesNotExist();
  }

  @Test
  void aDelistedInstrumentStopsNoOther() throws Exception {
    open("at 5s delist ETH-USDT-SWAP\nat 10s reset");
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.buildFailure()).isNull();
    checkNothingIsMissing();
  }

  @Test
  void aTradeWithoutAValueIsRefusedAndFetchedFromRest() throws Exception {
    for (String field : List.of("ts", "tradeId", "px", "sz", "side")) {
      Path own = Files.createDirectories(vault.resolve(field));
      texts.put(Setting.VAULT, own.toString());
      openRaw(START, "at 5s malformed BTC-USDT-SWAP n=1 field=" + field);
      world.run(Duration.ofSeconds(10));
      assertThat(world.capture.buildFailure()).isNull();
      assertThat(metric("refused_rows_total")).isEqualTo(1);
      settleAndCheck(own, false);
    }
  }

  @Test
  void oneInstrumentWhosePushesHoldNoTradesIsFilledFromRestAndStopsNoOther() throws Exception {
    open("at 5s malformed BTC-USDT-SWAP n=1000 field=px");
    world.run(Duration.ofSeconds(20));
    assertThat(world.capture.buildFailure()).isNull();
    assertThat(world.capture.troubles()).singleElement().asString().contains(BTC, "px is missing");
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void pushesOfAllInstrumentsThatHoldNoTradesAreABuildFailure() throws Exception {
    open(
        "at 5s malformed BTC-USDT-SWAP n=10000 field=px\nat 5s malformed ETH-USDT-SWAP n=10000 field=px");
    world.run(Duration.ofSeconds(12));
    assertThat(world.capture.buildFailure()).as("a glitch passes").isNull();
    world.run(Duration.ofSeconds(10));
    assertThat(world.capture.buildFailure()).contains("px is missing");
  }

  @Test
  void aTradeWithASenselessValueIsCountedAndFetchedFromRest() throws Exception {
    open("at 5s malformed BTC-USDT-SWAP n=3 field=px:\"-5\"");
    world.run(Duration.ofSeconds(20));
    assertThat(metric("refused_rows_total")).isEqualTo(3);
    checkNothingIsMissing();
  }

  @Test
  void anInstrumentThatWasNotAskedForIsLeftAlone() throws Exception {
    open("at 5s foreign");
    world.run(Duration.ofSeconds(10));
    assertThat(world.capture.buildFailure()).isNull();
    assertThat(metric("foreign_pushes_total")).isEqualTo(1);
    checkNothingIsMissing();
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(file -> file.toString().contains("EVIL"))).isEmpty();
    }
  }

  @Test
  void badMessagesAreCountedAndNothingElse() throws Exception {
    open("at 5s garbage\nat 6s event\nat 7s ping");
    world.run(Duration.ofSeconds(20));
    assertThat(metric("unreadable_messages_total")).isGreaterThan(5);
    assertThat(metric("unknown_events_total")).isPositive();
    checkNothingIsMissing();
  }

  @Test
  void pushesThatNobodyCanReadAreATroubleAndRestIsAskedMeanwhile() throws Exception {
    open("");
    world.pushEdit = text -> text.contains("\"data\"") ? "binary:" + text.length() : text;
    world.run(Duration.ofSeconds(70));
    assertThat(world.capture.waitingFor())
        .hasSize(2)
        .allMatch(what -> what.contains("subscription"));
    assertThat(world.capture.troubles()).hasSize(2).allMatch(what -> what.contains("binary frame"));
    assertThat(TruthCheck.lines(vault, BTC)).isNotEmpty();
    world.pushEdit = text -> text;
    world.run(Duration.ofSeconds(5));
    assertThat(world.capture.waitingFor()).isEmpty();
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void startsWithCachedMetadataWhenRestIsDown() throws Exception {
    open("at 20s rest for=60s how=503");
    world.run(Duration.ofSeconds(18));
    world.kill();
    world.run(Duration.ofSeconds(4));
    world.start(settings());
    world.run(Duration.ofSeconds(20));
    long written = metric("trades_total");
    assertThat(written).as("written while REST is down").isPositive();
    world.run(Duration.ofSeconds(120));
    checkNothingIsMissing();
  }

  @Test
  void withoutMetadataNothingIsWrittenAndNothingIsLost() throws Exception {
    open("at 0s rest for=30s how=500");
    world.pushEdit = text -> text.contains("\"instruments\"") ? "{}" : text;
    world.run(Duration.ofSeconds(25));
    assertThat(metric("trades_total")).isZero();
    assertThat(world.capture.waitingFor()).isNotEmpty();
    assertThat(world.capture.troubles()).anyMatch(trouble -> trouble.contains("no contract terms"));
    world.run(Duration.ofSeconds(120));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void whileRestIsDownTheChannelOfTheInstrumentsTellsTheTerms() throws Exception {
    open("at 0s rest for=10m how=403");
    world.run(Duration.ofSeconds(30));
    assertThat(world.capture.waitingFor()).isEmpty();
    assertThat(world.capture.troubles()).singleElement().asString().contains("403", "--region");
    checkNothingIsMissing();
  }

  @Test
  void withTermsThatAPersonSaysRecordingNeedsNoRest() throws Exception {
    texts.put(Setting.TERMS, BTC + "=0.01,1,linear;" + ETH + "=0.1,1,linear");
    open("at 0s rest for=10m how=403");
    world.pushEdit = text -> text.contains("\"instruments\"") ? "{}" : text;
    world.run(Duration.ofSeconds(30));
    assertThat(world.capture.waitingFor()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void saidTermsThatContradictTheVaultAreRefusedAtTheStart() throws Exception {
    open("");
    world.run(Duration.ofSeconds(5));
    world.capture.finish();
    texts.put(Setting.TERMS, BTC + "=0.1,1,linear");
    assertThatThrownBy(() -> world.start(settings()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(BTC);
  }

  @Test
  void saidTermsOfAnInstrumentThatIsNotRecordedAreASlip() {
    texts.put(Setting.TERMS, "BTC-USDT-SWPA=0.01,1,linear");
    assertThatThrownBy(() -> open(""))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("BTC-USDT-SWPA, which is not recorded");
  }

  @Test
  void saidTermsOfSeveralTimesCountAtEveryStart() throws Exception {
    texts.put(Setting.TERMS, BTC + "=1,1,linear@2025-01-01;" + BTC + "=0.01,1,linear@2025-06-01");
    for (int start = 0; start < 2; start++) {
      open("");
      world.run(Duration.ofSeconds(5));
      ObservedTerms terms = world.capture.feeds().get(BTC).terms;
      assertThat(terms.at(Instant.parse("2025-03-01T00:00:00Z")).value()).isEqualTo("1");
      assertThat(terms.at(Instant.parse("2025-07-01T00:00:00Z")).value()).isEqualTo("0.01");
      checkNothingIsMissing();
    }
  }

  @Test
  void aChangeOfTermsThatCannotBeKeptAtOnceIsKeptWithItsTime() throws Exception {
    open("at 30s ctval BTC-USDT-SWAP to=0.001 halt=2s");
    world.run(Duration.ofSeconds(29));
    Path history = vault.resolve(VaultLayout.metadataHistory(BTC));
    Path elsewhere = Files.move(history, history.resolveSibling("elsewhere"));
    Files.createDirectory(history);
    world.run(Duration.ofSeconds(60));
    Files.delete(history);
    Files.move(elsewhere, history);
    world.run(Duration.ofSeconds(5));
    List<String> lines = Files.readAllLines(history);
    String changed = lines.get(lines.size() - 1);
    assertThat(changed).contains("\"ctVal\":\"0.001\"");
    assertThat(Instant.parse(new ObjectMapper().readTree(changed).path("observed_utc").asText()))
        .isBetween(START.plusSeconds(27), START.plusSeconds(34));
    checkNothingIsMissing();
  }

  @Test
  void anAnswerWithoutTheInstrumentInAHaltHoldsItsTradesUpForMomentsOnly() throws Exception {
    texts.put(Setting.METADATA_REFRESH, "1h");
    open("");
    world.pushEdit = text -> text.contains("\"instruments\"") ? "pong" : text;
    world.run(Duration.ofSeconds(5));
    String[] answers = {"suspend", "none", "none"};
    int[] asked = new int[1];
    world.restEdit =
        (path, query, answer) -> {
          if (!path.endsWith("/instruments")
              || !ETH.equals(query.get("instId"))
              || asked[0] >= answers.length) {
            return answer;
          }
          String what = answers[asked[0]++];
          return RestAnswer.of(
              200,
              what.equals("none")
                  ? "{\"code\":\"0\",\"data\":[],\"msg\":\"\"}"
                  : answer.body().replace("\"live\"", "\"suspend\""));
        };
    world.capture.subscribed(world.capture.feeds().get(ETH));
    world.run(Duration.ofSeconds(3));
    assertThat(world.capture.troubles())
        .singleElement()
        .asString()
        .contains(ETH, "trades wait for their terms");
    world.run(Duration.ofSeconds(20));
    assertThat(asked[0]).isEqualTo(3);
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void termsThatChangedWhileNobodyLookedAreReadBeforeTheFirstLineAndThatIsSaid() throws Exception {
    texts.put(Setting.METADATA_REFRESH, "1m");
    open("at 30s ctval BTC-USDT-SWAP to=0.001 halt=2s\nat 35s rest for=1m by=1500ms path=instr");
    world.pushEdit = text -> text.contains("\"instruments\"") ? "pong" : text;
    world.run(Duration.ofSeconds(20));
    world.kill();
    world.run(Duration.ofSeconds(20));
    Instant restart = world.clock.instant();
    world.start(settings());
    world.run(Duration.ofSeconds(20));
    assertThat(world.capture.troubles())
        .isEqualTo(world.capture.news())
        .singleElement()
        .asString()
        .contains(
            BTC, "0.001", "unseen", "between 2026-01-01T12:00:19.", "and 2026-01-01T12:00:40.");
    Map<Long, String> lines = TruthCheck.lines(vault, BTC);
    List<Trade> later =
        truth(BTC).stream()
            .filter(trade -> trade.time().isAfter(restart) && lines.containsKey(trade.id()))
            .toList();
    assertThat(later)
        .hasSizeGreaterThan(100)
        .allMatch(trade -> lines.get(trade.id()).contains("\"ctVal\":\"0.001\""));
    world.capture.subscribed(world.capture.feeds().get(BTC));
    world.run(Duration.ofSeconds(5));
    assertThat(world.capture.news()).as("until the next refresh").hasSize(1);
    world.run(Duration.ofSeconds(70));
    assertThat(world.capture.troubles()).isEmpty();
  }

  @Test
  void termsThatChangedUnseenBeforeTheFirstTradeNameNoTimeOfTrades() throws Exception {
    open("at 5s ctval BTC-USDT-SWAP to=0.001");
    world.capture = null;
    world.run(Duration.ofSeconds(10));
    texts.put(Setting.TERMS, BTC + "=0.01,1,linear");
    world.start(settings());
    world.run(Duration.ofSeconds(10));
    assertThat(world.capture.troubles())
        .singleElement()
        .asString()
        .contains("0.001", "unseen")
        .doesNotContain("between");
  }

  @Test
  void whileRestIsSilentTradesWaitForTheirTermsForSecondsOnly() throws Exception {
    traded = List.of(BTC, ETH, "SOL-USDT-SWAP");
    texts.put(Setting.INSTRUMENTS, String.join(",", traded));
    open("at 18s rest for=10m by=1h\nat 20s reset");
    world.pushEdit = text -> text.contains("\"instruments\"") ? "pong" : text;
    world.run(Duration.ofSeconds(20));
    subscribedAgain();
    allAreWrittenWithinSeconds();
  }

  private void allAreWrittenWithinSeconds() throws Exception {
    world.run(Duration.ofSeconds(5));
    for (String instrument : traded) {
      assertThat(TruthCheck.lines(vault, instrument)).containsKey(before(instrument, 1_000));
    }
  }

  @Test
  void tradesThatWaitForAReadingOnlyHaveMoreRoomThanTheirShare() throws Exception {
    texts.put(Setting.PENDING_LIMIT, "33");
    open("at 4s rest for=10m by=1h");
    world.pushEdit = text -> text.contains("\"instruments\"") ? "pong" : text;
    world.run(Duration.ofSeconds(5));
    world.capture.subscribed(world.capture.feeds().get(BTC));
    world.run(Duration.ofSeconds(5));
    assertThat(TruthCheck.lines(vault, BTC)).containsKey(before(BTC, 1_000));
    world.capture.finish();
    assertThat(missing(BTC)).isZero();
  }

  @Test
  void whileRestIsSilentEveryInstrumentsTermsAreAskedForInTurn() throws Exception {
    traded = List.of(BTC, ETH, "SOL-USDT-SWAP");
    texts.put(Setting.INSTRUMENTS, String.join(",", traded));
    open("at 10s rest for=10m by=25s path=instr\nat 12s reset");
    world.pushEdit = text -> text.contains("\"instruments\"") ? "pong" : text;
    world.run(Duration.ofSeconds(12));
    Set<String> asked = new TreeSet<>();
    world.restEdit =
        (path, query, answer) -> {
          if (path.endsWith("/instruments")) {
            asked.add(query.get("instId"));
          }
          return answer;
        };
    world.run(Duration.ofSeconds(80), Duration.ofMillis(50));
    assertThat(asked).containsExactlyElementsOf(traded);
  }

  @Test
  void whileRestIsPausedTradesWaitForTheirTermsForSecondsOnly() throws Exception {
    open("at 20s reset");
    world.pushEdit = text -> text.contains("\"instruments\"") ? "pong" : text;
    world.run(Duration.ofSeconds(19));
    world.restEdit =
        (path, query, answer) ->
            path.endsWith("/market/trades")
                ? new RestAnswer(429, "slowly", null, Duration.ofMinutes(2))
                : answer;
    world.capture.feeds().get(BTC).probeWanted = true;
    world.run(Duration.ofSeconds(1));
    subscribedAgain();
    allAreWrittenWithinSeconds();
  }

  @Test
  void aStopWhileTradesWaitForTheirTermsWritesThem() throws Exception {
    open("at 18s rest for=10m by=1h\nat 20s reset");
    world.pushEdit = text -> text.contains("\"instruments\"") ? "pong" : text;
    world.run(Duration.ofSeconds(20));
    subscribedAgain();
    world.run(Duration.ofSeconds(2));
    assertThat(TruthCheck.lines(vault, BTC)).doesNotContainKey(before(BTC, 500));
    world.capture.finish();
    for (String instrument : traded) {
      assertThat(TruthCheck.lines(vault, instrument)).containsKey(before(instrument, 500));
      assertThat(Files.readString(journal(instrument))).doesNotContain("terms not sure");
    }
  }

  private void subscribedAgain() {
    world.run(Duration.ofMillis(200));
    assertThat(world.capture.waitingFor()).isNotEmpty();
    while (!world.capture.waitingFor().isEmpty()) {
      world.run(Duration.ofMillis(10));
    }
  }

  /** The id of the newest trade that is so many milliseconds old. */
  private long before(String instrument, int millis) {
    Instant time = world.clock.instant().minusMillis(millis);
    return truth(instrument).stream()
        .filter(trade -> trade.time().isBefore(time))
        .mapToLong(Trade::id)
        .max()
        .orElseThrow();
  }

  @Test
  void aTradeCarriesTheTermsOfItsTime() throws Exception {
    texts.put(Setting.METADATA_REFRESH, "1s");
    open("at 20s ctval BTC-USDT-SWAP to=0.001");
    world.run(Duration.ofSeconds(40));
    world.capture.finish();
    int wrong = 0;
    Map<Long, String> lines = TruthCheck.lines(vault, BTC);
    for (var trade : world.exchange.truth(BTC)) {
      String line = lines.get(trade.id());
      String value = "\"ctVal\":\"" + trade.contract().value().toPlainString() + "\"";
      boolean between =
          trade.time().isAfter(START.plusSeconds(20))
              && trade.time().isBefore(START.plusMillis(21_500));
      wrong += line == null || line.contains(value) || between ? 0 : 1;
    }
    assertThat(wrong).isZero();
    Path history = vault.resolve(VaultLayout.metadataHistory(BTC));
    assertThat(Files.readAllLines(history)).hasSize(2);
  }

  @Test
  void whileTheDiskFailsTradesWaitInMemoryAndThenAtRest() throws Exception {
    texts.put(Setting.PENDING_LIMIT, "64");
    Path file = vault.resolve(day(BTC, "2026-01-01"));
    open("");
    Files.createDirectories(file.resolve("in-the-way"));
    world.run(Duration.ofSeconds(30));
    assertThat(world.capture.troubles()).hasSize(1).first().asString().contains("cannot write");
    Files.delete(file.resolve("in-the-way"));
    Files.delete(file);
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void whoeverHoldsOneInstrumentsLockStopsNoOther() throws Exception {
    open("");
    world.run(Duration.ofSeconds(5));
    Path lock = vault.resolve(VaultLayout.collectorState(BTC)).resolveSibling(BTC + ".lock");
    try (FileChannel held = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      held.lock();
      int before = TruthCheck.lines(vault, ETH).size();
      world.run(Duration.ofSeconds(10));
      assertThat(TruthCheck.lines(vault, ETH)).hasSizeGreaterThan(before);
      assertThat(world.capture.troubles())
          .singleElement()
          .asString()
          .contains(BTC, "is held by another process");
      world.kill();
      world.start(settings());
      world.run(Duration.ofSeconds(10));
      assertThat(world.capture.troubles()).hasSize(1).first().asString().contains(BTC);
    }
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void whatSomebodyCutsOffAFileThatIsBeingWrittenIsFetched() throws Exception {
    open("");
    world.run(Duration.ofSeconds(20));
    Path file = vault.resolve(day(BTC, "2026-01-01"));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void theReplayedLastTradeOfYesterdayIsADuplicateAfterARestart() throws Exception {
    openAt(
        Instant.parse("2026-01-01T23:59:30Z"),
        "at 20s quiet BTC-USDT-SWAP for=1m\nat 20s quiet ETH-USDT-SWAP for=1m");
    world.run(Duration.ofSeconds(40));
    world.kill();
    world.start(settings());
    world.run(Duration.ofSeconds(10));
    assertThat(metric("duplicates_total")).isGreaterThanOrEqualTo(2);
    assertThat(metric("trades_total")).isZero();
    assertThat(vault.resolve(day(BTC, "2026-01-02"))).doesNotExist();
  }

  @Test
  void withoutItsStateTheFilesThemselvesTellWhatIsIn() throws Exception {
    open("");
    world.run(Duration.ofSeconds(20));
    world.kill();
    Files.delete(vault.resolve(VaultLayout.collectorState(BTC)));
    Files.writeString(vault.resolve(VaultLayout.collectorState(ETH)), "{\"days\":7");
    world.run(Duration.ofSeconds(5));
    world.start(settings());
    world.run(Duration.ofSeconds(20));
    world.capture.finish();
    long first = TruthCheck.lines(vault, BTC).keySet().iterator().next();
    long inFiles = TruthCheck.lines(vault, BTC).size();
    long inTruth = world.exchange.truth(BTC).stream().filter(trade -> trade.id() >= first).count();
    assertThat(inFiles).isEqualTo(inTruth);
  }

  @Test
  void gapsThatAnotherProgramLeftAreNotOursToFill() throws Exception {
    open("");
    world.run(Duration.ofSeconds(10));
    world.capture.finish();
    Path file = vault.resolve(day(BTC, "2026-01-01"));
    List<String> lines = Files.readAllLines(file);
    lines.subList(5, 10).clear();
    Files.write(file, lines);
    Files.delete(vault.resolve(VaultLayout.collectorState(BTC)));
    world.start(settings());
    world.run(Duration.ofSeconds(20));
    world.capture.finish();
    assertThat(Files.readAllLines(file).subList(0, lines.size())).isEqualTo(lines);
    assertThat(missing(BTC)).isZero();
  }

  @Test
  void whatTheExchangeForgotIsRecordedAsMissing() throws Exception {
    openRaw(
        START,
        "at 10s down for=60s\nat 10100ms reset",
        Limits.okx().retaining(Duration.ofSeconds(5)));
    world.run(Duration.ofMinutes(4));
    world.capture.finish();
    var outcome = compare(vault, BTC);
    assertThat(outcome.missing()).isPositive();
    assertThat(missing(BTC)).isEqualTo(outcome.missing());
    assertThat(Files.readString(journal(BTC)))
        .as("given up, whoever stops")
        .contains("\"event\":\"missing\"")
        .doesNotContain("\"event\":\"open\"");
  }

  @Test
  void whatTheExchangeForgotAndSomebodyImportsIsNotMissingAnyMore() throws Exception {
    texts.put(Setting.GAP_MISSING_RETRY, "10m");
    openRaw(
        Instant.parse("2026-01-01T23:57:00Z"),
        "at 10s down for=60s\nat 10100ms reset",
        Limits.okx().retaining(Duration.ofSeconds(5)));
    world.run(Duration.ofMinutes(5), Duration.ofMillis(50));
    Feed feed = world.capture.feeds().get(BTC);
    assertThat(feed.recording.missingIds()).isPositive();
    Map<Long, String> lines = TruthCheck.lines(vault, BTC);
    long first = lines.keySet().iterator().next();
    StringBuilder imported = new StringBuilder();
    for (Trade trade : truth(BTC)) {
      boolean isYesterdays = trade.day().equals(LocalDate.parse("2026-01-01"));
      if (isYesterdays && trade.id() > first && !lines.containsKey(trade.id())) {
        imported.append(TradeLine.format(trade)).append('\n');
      }
    }
    Files.writeString(
        vault.resolve(day(BTC, "2026-01-01")), imported.toString(), StandardOpenOption.APPEND);
    world.run(Duration.ofMinutes(10), Duration.ofMillis(50));
    assertThat(feed.recording.missingIds()).isZero();
    world.capture.finish();
    assertThat(compare(vault, BTC).missing()).isZero();
  }

  @Test
  void daysThatWereImportedAreReadOneASecondWhateverTheirNumber() throws Exception {
    texts.put(Setting.GAP_MISSING_RETRY, "5m");
    openRaw(
        START,
        "at 10s down for=60s\nat 10100ms reset",
        Limits.okx().retaining(Duration.ofSeconds(5)));
    world.run(Duration.ofMinutes(4), Duration.ofMillis(50));
    LocalDate today = LocalDate.ofInstant(START, ZoneOffset.UTC);
    for (String instrument : traded) {
      Feed feed = world.capture.feeds().get(instrument);
      long id = feed.recording.coverage().gaps().givenUp().get(0).from();
      Trade trade = truth(instrument).stream().filter(t -> t.id() == id).findFirst().orElseThrow();
      for (int i = 1; i <= 8; i++) {
        LocalDate day = today.minusDays(i);
        String line =
            TradeLine.format(trade)
                .replace(today.toString(), day.toString())
                .replace("\"" + id + "\"", "\"" + (id + i) + "\"");
        Files.writeString(vault.resolve(day(instrument, day.toString())), line + "\n");
      }
    }
    long missing = missingIds();
    long before = missing;
    long most = 0;
    for (int second = 0; second < 300; second++) {
      world.run(Duration.ofSeconds(1), Duration.ofMillis(50));
      most = Math.max(most, before - missingIds());
      before = missingIds();
    }
    assertThat(missing - before).as("all were read").isEqualTo(16);
    assertThat(most).isEqualTo(1);
  }

  private long missingIds() {
    return world.capture.feeds().values().stream()
        .mapToLong(feed -> feed.recording.missingIds())
        .sum();
  }

  @Test
  void limitsOfRestAreKept() throws Exception {
    open(
        "at 5s down for=60s\nat 5100ms reset\nat 70s rest for=5s how=50011\nat 80s rest for=5s how=50011-429");
    world.run(Duration.ofMinutes(4));
    checkNothingIsMissing();
  }

  @Test
  void metadataThatIsEmptyForAWhileChangesNothing() throws Exception {
    texts.put(Setting.METADATA_REFRESH, "3s");
    open("at 5s blank BTC-USDT-SWAP for=20s");
    world.run(Duration.ofSeconds(15));
    assertThat(world.capture.troubles()).singleElement().asString().contains(BTC, "ctVal");
    world.run(Duration.ofSeconds(70));
    assertThat(world.capture.troubles()).isEmpty();
    assertThat(world.capture.buildFailure()).isNull();
    checkNothingIsMissing();
  }

  @Test
  void metadataOfAllInstrumentsThatMakesNoSenseFromTheStartIsABuildFailure() throws Exception {
    open("");
    world.restEdit =
        (path, query, answer) ->
            RestAnswer.of(answer.status(), answer.body().replace("\"ctVal\"", "\"ctWorth\""));
    world.pushEdit = text -> text.replace("\"ctVal\"", "\"ctWorth\"");
    world.run(Duration.ofSeconds(90));
    assertThat(world.capture.buildFailure()).contains("ctVal").contains("is missing");
    assertThat(vault.resolve(DayFile.RAW_ROOT)).doesNotExist();
  }

  @Test
  void aPlaceholderAmongTheInstrumentsIsNotTheOneWanted() throws Exception {
    open("");
    world.restEdit =
        (path, query, answer) ->
            RestAnswer.of(
                answer.status(),
                path.endsWith("instruments")
                    ? answer.body().replace("[{", "[{\"instId\":\"\",\"ctVal\":\"\"},{")
                    : answer.body());
    world.run(Duration.ofSeconds(20));
    assertThat(world.capture.waitingFor()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void numbersWithoutQuotationMarksAreTakenByTheirDigits() throws Exception {
    open("at 5s reset");
    Pattern quoted = Pattern.compile("\"(px|sz|ts|tradeId|ctVal|ctMult)\":\"([0-9.]+)\"");
    UnaryOperator<String> bare = text -> quoted.matcher(text).replaceAll("\"$1\":$2");
    world.restEdit =
        (path, query, answer) -> RestAnswer.of(answer.status(), bare.apply(answer.body()));
    world.pushEdit = bare;
    world.run(Duration.ofSeconds(20));
    assertThat(metric("refused_rows_total")).isZero();
    checkNothingIsMissing();
  }

  @Test
  void anImpossibleRowAtRestIsPassedNamedAndAllOthersAreThere() throws Exception {
    open("at 10s lose BTC-USDT-SWAP for=20s");
    long impossible = idAt(BTC, START.plusSeconds(20));
    Pattern row = Pattern.compile("(\"sz\":)\"[^\"]*\"([^}]*\"tradeId\":\"" + impossible + "\")");
    world.restEdit =
        (path, query, answer) ->
            RestAnswer.of(answer.status(), row.matcher(answer.body()).replaceAll("$1\"0\"$2"));
    world.run(Duration.ofSeconds(60));
    world.capture.finish();
    assertThat(GapJournal.missing(vault, BTC)).containsExactly(new IdRange(impossible, impossible));
    assertThat(compare(vault, BTC).missing()).isEqualTo(1);
    assertThat(Files.readString(journal(BTC))).contains("sz is '0'");
  }

  @Test
  void anInstrumentThatIsListedLaterIsWholeFromThenOn() throws Exception {
    open("at 0s relist ETH-USDT-SWAP for=40s");
    world.run(Duration.ofSeconds(30));
    assertThat(world.capture.buildFailure()).isNull();
    assertThat(world.capture.troubles()).allMatch(trouble -> trouble.startsWith(ETH));
    world.run(Duration.ofSeconds(30));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
    assertThat(TruthCheck.lines(vault, ETH).keySet()).startsWith(1L);
  }

  @Test
  void idsThatStartOverAreSettledByRestAndEveryTradeIsThere() throws Exception {
    open(
        "at 20s relist BTC-USDT-SWAP for=5s\nat 40s lose BTC-USDT-SWAP for=3s\nat 60s quiet BTC-USDT-SWAP for=10m");
    world.run(Duration.ofSeconds(35));
    world.kill();
    world.start(settings());
    world.run(Duration.ofSeconds(40));
    assertThat(world.capture.troubles()).isEmpty();
    world.capture.finish();
    TruthCheck.check(vault, BTC, world.exchange.truth(BTC), true);
    assertThat(TruthCheck.lines(vault, BTC)).containsKey(1L);
    assertThat(quarantine(BTC)).contains("\"trade_id\":\"1\"");
    assertThat(Files.readString(journal(BTC))).contains("started_over");
  }

  @Test
  void idsThatStartedOverLongBeforeItSawThatAreFetchedFromTheFirstOne() throws Exception {
    open("at 20s relist BTC-USDT-SWAP for=5s\nat 100s quiet BTC-USDT-SWAP for=10m");
    world.run(Duration.ofSeconds(15));
    world.kill();
    world.run(Duration.ofSeconds(65));
    long pages = truth(BTC).stream().filter(trade -> trade.id() < 10_000).count();
    assertThat(pages).as("more than REST's newest").isGreaterThan(700);
    world.start(settings());
    world.run(Duration.ofSeconds(60));
    world.capture.finish();
    Map<Long, String> lines = TruthCheck.lines(vault, BTC);
    assertThat(truth(BTC).stream().filter(trade -> trade.id() < 10_000))
        .allMatch(trade -> lines.containsKey(trade.id()));
  }

  @Test
  void whatTheNewLifeHadOnTheDayBeforeItWasSeenIsFetched() throws Exception {
    openAt(
        Instant.parse("2026-01-01T23:58:00Z"),
        "at 20s relist BTC-USDT-SWAP for=5s\nat 200s quiet BTC-USDT-SWAP for=10m");
    world.run(Duration.ofSeconds(15));
    world.kill();
    world.run(Duration.ofSeconds(165));
    world.start(settings());
    world.run(Duration.ofSeconds(90));
    world.capture.finish();
    Map<Long, String> lines = TruthCheck.lines(vault, BTC);
    assertThat(truth(BTC).stream().filter(trade -> trade.id() < 10_000))
        .anyMatch(trade -> trade.day().equals(LocalDate.parse("2026-01-01")))
        .allMatch(trade -> lines.containsKey(trade.id()));
  }

  @Test
  void withoutRestThePushesThemselvesSettleThatIdsStartedOver() throws Exception {
    open(
        "at 20s relist BTC-USDT-SWAP for=5s\nat 22s rest for=10m how=403\nat 2m quiet BTC-USDT-SWAP for=10m");
    world.run(Duration.ofSeconds(40));
    assertThat(world.capture.troubles())
        .anyMatch(trouble -> trouble.contains("did ids start over"));
    world.run(Duration.ofSeconds(120));
    world.capture.finish();
    TruthCheck.check(vault, BTC, world.exchange.truth(BTC), true);
    assertThat(TruthCheck.lines(vault, BTC)).containsKey(1L);
  }

  @Test
  void idsFarAheadWaitUntilRestTells() throws Exception {
    open("at 10s rest for=30s how=500");
    world.run(Duration.ofSeconds(15));
    Pattern id = Pattern.compile("\"tradeId\":\"(\\d+)\"");
    UnaryOperator<String> ahead =
        text ->
            id.matcher(text)
                .replaceAll(m -> "\"tradeId\":\"" + (Long.parseLong(m.group(1)) + JUMP) + "\"");
    world.pushEdit = ahead;
    world.restEdit =
        (path, query, answer) -> RestAnswer.of(answer.status(), ahead.apply(answer.body()));
    world.run(Duration.ofSeconds(10));
    assertThat(world.capture.troubles()).anyMatch(trouble -> trouble.contains("set aside"));
    assertThat(metric("set_aside_total")).isPositive();
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.troubles()).isEmpty();
    world.capture.finish();
    List<Long> ids = List.copyOf(TruthCheck.lines(vault, BTC).keySet());
    List<Long> above = ids.stream().filter(each -> each > JUMP).toList();
    assertThat(above).hasSizeGreaterThan(500);
    assertThat(above.get(above.size() - 1) - above.get(0) + 1).isEqualTo(above.size());
  }

  @Test
  void anEqualIdWithOtherContentIsSetAsideByName() throws Exception {
    open("");
    world.run(Duration.ofSeconds(20));
    Trade last = last(BTC);
    world.run(Duration.ofMillis(100));
    TakerSide otherSide = last.side() == TakerSide.BUY ? TakerSide.SELL : TakerSide.BUY;
    BigDecimal more = last.price().add(BigDecimal.ONE);
    List<TradeRow> rows =
        List.of(
            again(last, last.time(), last.side(), more, last.contracts()),
            again(last, last.time(), last.side(), last.price(), more),
            again(last, last.time(), otherSide, last.price(), last.contracts()),
            again(last, last.time().plusMillis(1), last.side(), last.price(), last.contracts()));
    TradeRow same =
        again(
            last, last.time(), last.side(), last.price().setScale(9), last.contracts().setScale(9));
    Feed feed = world.capture.feeds().get(BTC);
    long duplicates = metric("duplicates_total");
    world.capture.trades(feed, new Message.Trades("trades-all", BTC, List.of(same), List.of()));
    assertThat(metric("duplicates_total")).isEqualTo(duplicates + 1);
    world.capture.trades(feed, new Message.Trades("trades-all", BTC, rows, List.of()));
    world.run(Duration.ofSeconds(20));
    assertThat(metric("set_aside_total")).isEqualTo(rows.size());
    assertThat(world.capture.troubles()).isEmpty();
    assertThat(quarantine(BTC).split("\"trade_id\":\"" + last.id() + "\"", -1))
        .hasSize(rows.size() + 1);
    checkNothingIsMissing();
  }

  @Test
  void aQuarantineThatCannotBeWrittenKeepsNothingElseFromItsFile() throws Exception {
    Path quarantine = Files.createFile(vault.resolve("quarantine"));
    open("at 20s lose BTC-USDT-SWAP for=3s");
    world.run(Duration.ofSeconds(10));
    Trade last = last(BTC);
    world.run(Duration.ofMillis(100));
    TradeRow other =
        again(last, last.time(), last.side(), last.price().add(BigDecimal.ONE), last.contracts());
    Feed feed = world.capture.feeds().get(BTC);
    world.capture.trades(feed, new Message.Trades("trades-all", BTC, List.of(other), List.of()));
    world.run(Duration.ofSeconds(40));
    assertThat(world.capture.troubles())
        .singleElement()
        .asString()
        .contains(BTC, "cannot be written to quarantine/collector");
    assertThat(feed.recording.takesGaps()).isTrue();
    assertThat(feed.recording.missingIds()).isZero();
    Files.delete(quarantine);
    world.run(Duration.ofSeconds(2));
    assertThat(world.capture.troubles()).isEmpty();
    assertThat(quarantine(BTC)).contains("\"trade_id\":\"" + last.id() + "\"");
    checkNothingIsMissing();
  }

  private static TradeRow again(
      Trade trade, Instant time, TakerSide side, BigDecimal price, BigDecimal contracts) {
    return new TradeRow(BTC, trade.id(), 1, time, side, price, contracts);
  }

  @Test
  void theTermsOfEveryTradeAreThoseOfItsTimeWhenTheyChangeInAHalt() throws Exception {
    open("at 30s ctval BTC-USDT-SWAP to=0.001 halt=2s\nat 45s ctval ETH-USDT-SWAP to=1 halt=1s");
    world.run(Duration.ofSeconds(60));
    world.capture.finish();
    for (String instrument : List.of(BTC, ETH)) {
      assertThat(TruthCheck.check(vault, instrument, truth(instrument), true).missing()).isZero();
      Path history = vault.resolve(VaultLayout.metadataHistory(instrument));
      assertThat(Files.readAllLines(history)).hasSizeBetween(2, 4);
    }
  }

  @Test
  void termsThatAreServedWrongOnceWriteNoWrongLine() throws Exception {
    texts.put(Setting.METADATA_REFRESH, "5s");
    open("");
    int[] asked = new int[1];
    world.restEdit =
        (path, query, answer) -> {
          boolean slip = BTC.equals(query.get("instId")) && path.endsWith("s") && asked[0]++ == 9;
          return RestAnswer.of(
              answer.status(),
              slip
                  ? answer.body().replace("\"ctVal\":\"0.01\"", "\"ctVal\":\"0.1\"")
                  : answer.body());
        };
    world.run(Duration.ofSeconds(60));
    assertThat(asked[0]).isGreaterThan(9);
    checkNothingIsMissing();
  }

  @Test
  void termsThatCannotBeReadAfterAHaltHoldUpNoOtherInstrumentAndGoOnInTheEnd() throws Exception {
    texts.put(Setting.METADATA_REFRESH, "5s");
    texts.put(Setting.PENDING_LIMIT, "64");
    open("");
    int[] asked = new int[1];
    world.restEdit =
        (path, query, answer) -> {
          if (!path.endsWith("/instruments") || !ETH.equals(query.get("instId"))) {
            return answer;
          }
          return asked[0]++ == 1
              ? RestAnswer.of(200, answer.body().replace("\"live\"", "\"suspend\""))
              : asked[0] < 2 ? answer : RestAnswer.of(403, "no");
        };
    world.pushEdit = text -> text.contains("\"instruments\"") ? "pong" : text;
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.troubles())
        .anyMatch(trouble -> trouble.startsWith(ETH) && trouble.contains("in a halt"))
        .noneMatch(trouble -> trouble.startsWith(BTC));
    long newest = last(BTC).id();
    assertThat(TruthCheck.lines(vault, BTC).keySet())
        .as("BTC is recorded all the while")
        .anyMatch(id -> id > newest - 100);
    world.run(Duration.ofMinutes(9), Duration.ofMillis(50));
    assertThat(world.capture.troubles())
        .anyMatch(trouble -> trouble.startsWith(ETH) && trouble.contains("known so far"));
    checkNothingIsMissing();
    long newestOfEth = last(ETH).id();
    assertThat(TruthCheck.lines(vault, ETH).keySet()).anyMatch(id -> id > newestOfEth - 100);
  }

  @Test
  void termsThatChangeAreTimedByTheTradesWhenTheClockIsHoursAhead() throws Exception {
    texts.put(Setting.METADATA_REFRESH, "1s");
    openRaw(START, "at 30s ctval BTC-USDT-SWAP to=0.001 halt=3s");
    world.capture = null;
    world.wallAhead = Duration.ofHours(8);
    world.restEdit =
        (path, query, answer) -> path.endsWith("/time") ? RestAnswer.of(403, "no") : answer;
    world.start(settings());
    world.run(Duration.ofSeconds(60));
    world.capture.finish();
    assertThat(TruthCheck.check(vault, BTC, truth(BTC), true).missing()).isZero();
  }

  @Test
  void restThatAnswersWithAPortalsPageOrWithRefusalsOnlyIsATrouble() throws Exception {
    open("");
    world.run(Duration.ofSeconds(5));
    world.restEdit =
        (path, query, answer) -> RestAnswer.of(200, "<html>Please log in to the network</html>");
    texts.put(Setting.METADATA_REFRESH, "5s");
    world.start(settings());
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.troubles()).anyMatch(trouble -> trouble.startsWith("REST: "));
    world.restEdit = (path, query, answer) -> answer;
    world.run(Duration.ofSeconds(120));
    assertThat(world.capture.troubles()).isEmpty();
  }

  @Test
  void aHistoryThatIsLimitedForEverIsATroubleThoughTheRestOfRestAnswers() throws Exception {
    texts.put(Setting.METADATA_REFRESH, "5s");
    open("at 5s lose BTC-USDT-SWAP for=2s");
    String limited = "{\"code\":\"50011\",\"msg\":\"Too Many Requests\",\"data\":[]}";
    world.restEdit =
        (path, query, answer) ->
            path.endsWith("/history-trades") ? RestAnswer.of(200, limited) : answer;
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.troubles()).singleElement().asString().contains("REST: ", "50011");
    world.restEdit = (path, query, answer) -> answer;
    world.run(Duration.ofSeconds(60));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void unreadablePushesOfOneInstrumentAreNoBuildFailureWhileTheOtherIsNotPushed() throws Exception {
    open("");
    world.pushEdit =
        text -> {
          boolean isData = text.contains("\"data\"");
          return isData && text.contains(BTC)
              ? "pong"
              : text.replaceAll("\"px\":\"[^\"]*\"", "\"px\":null");
        };
    world.run(Duration.ofSeconds(40));
    assertThat(world.capture.buildFailure()).isNull();
    assertThat(world.capture.troubles()).anyMatch(trouble -> trouble.contains("hold no trade"));
  }

  @Test
  void anInstrumentThatIsNeverPushedAgainCostsItsConnectionLessAndLess() throws Exception {
    open("");
    world.run(Duration.ofSeconds(5));
    world.pushEdit = text -> text.contains("\"data\"") && text.contains(ETH) ? "pong" : text;
    world.run(Duration.ofMinutes(10), Duration.ofMillis(50));
    assertThat(metric("stalls_total")).isGreaterThan(10);
    assertThat(metric("disconnects_total")).isBetween(1L, 4L);
    assertThat(world.capture.troubles())
        .singleElement()
        .asString()
        .contains(ETH, "REST has newer trades than were pushed");
    world.pushEdit = text -> text;
    world.run(Duration.ofSeconds(30));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void filesThatCannotBeOpenedAreOpenedLaterAndNothingIsLost() throws Exception {
    Path folder = vault.resolve(day(BTC, "2026-01-01")).getParent();
    Files.createDirectories(folder.getParent());
    Files.createFile(folder);
    Path lock = vault.resolve(VaultLayout.collectorState(BTC)).resolveSibling(BTC + ".lock");
    Files.createDirectories(lock);
    open("");
    world.run(Duration.ofSeconds(15));
    assertThat(world.capture.troubles()).singleElement().asString().contains(BTC, "cannot");
    assertThat(TruthCheck.lines(vault, ETH)).isNotEmpty();
    Files.delete(folder);
    Files.delete(lock);
    world.run(Duration.ofSeconds(40));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void whatNobodyThoughtOfStaysWithItsInstrument() throws Exception {
    open("");
    world.run(Duration.ofSeconds(10));
    Message.Trades impossible = new Message.Trades("trades-all", BTC, null, List.of());
    world.capture.trades(world.capture.feeds().get(BTC), impossible);
    assertThat(world.capture.troubles()).singleElement().asString().contains(BTC, "begins anew");
    world.run(Duration.ofSeconds(30));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  @Test
  void unreadableStateAndJournalsPreventNoStart() throws Exception {
    open("");
    world.run(Duration.ofSeconds(10));
    world.capture.finish();
    Files.write(vault.resolve(VaultLayout.collectorState(BTC)), new byte[] {0, -1, -2, 3});
    Files.write(journal(BTC), new byte[] {'{', -1, -2, '\n', '7', '\n'});
    Files.writeString(journal(ETH), "{\"event\":\"found\",\"ids\":[[\"x\"],7]}\n");
    Files.write(vault.resolve(VaultLayout.metadataHistory(BTC)), new byte[] {-1, -2, '\n'});
    Files.writeString(vault.resolve(VaultLayout.metadata(BTC)), "");
    world.start(settings());
    world.run(Duration.ofSeconds(20));
    assertThat(world.capture.troubles()).isEmpty();
    checkNothingIsMissing();
  }

  private static final long JUMP = 50_000_000_000L;

  private Path journal(String instrument) {
    return vault
        .resolve(VaultLayout.collectorState(instrument))
        .resolveSibling(instrument + ".gaps.jsonl");
  }

  private String quarantine(String instrument) throws IOException {
    Path folder =
        vault.resolve(VaultLayout.COLLECTOR_QUARANTINE).resolve("okx/trades_perps/" + instrument);
    StringBuilder text = new StringBuilder();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  private List<Trade> truth(String instrument) {
    return world.exchange.truth(instrument);
  }

  private Trade last(String instrument) {
    return truth(instrument).get(truth(instrument).size() - 1);
  }

  /** The id of the first trade after a time that is yet to come. */
  private long idAt(String instrument, Instant time) {
    return world.exchange.tape().trades(instrument, time.plusSeconds(10)).stream()
        .filter(trade -> trade.time().isAfter(time))
        .findFirst()
        .orElseThrow()
        .id();
  }

  private long missing(String instrument) throws IOException {
    long missing = 0;
    for (var range :
        new ObjectMapper()
            .readTree(vault.resolve(VaultLayout.collectorState(instrument)).toFile())
            .path("missing")) {
      missing += range.get(1).asLong() - range.get(0).asLong() + 1;
    }
    return missing;
  }

  private static String day(String instrument, String day) {
    return new DayFile(instrument, LocalDate.parse(day)).rawPath();
  }

  private void open(String script) throws Exception {
    openAt(START, script);
  }

  private void openAt(Instant start, String script) throws Exception {
    texts.put(Setting.VAULT, vault.toString());
    openRaw(start, script);
  }

  private void openRaw(Instant start, String script) throws Exception {
    openRaw(start, script, Limits.okx());
  }

  private void openRaw(Instant start, String script, Limits limits) throws Exception {
    texts.putIfAbsent(Setting.VAULT, vault.toString());
    World.MovingClock clock = new World.MovingClock(start);
    long seed = new Random(script.hashCode()).nextLong();
    Tape tape = Tape.of(seed, start.minusSeconds(20), 50, traded);
    Exchange exchange = new Exchange(tape, FaultScript.parse(script, start), limits, clock);
    world = new World(exchange, clock, seed);
    world.start(settings());
  }

  private Settings settings() throws UsageException {
    texts.put(Setting.FSYNC, "never");
    return new Settings(texts, Map.of());
  }

  private long metric(String name) {
    return new String(world.metrics.figures().text(), java.nio.charset.StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("tapelake_collector_" + name))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private void checkNothingIsMissing() throws Exception {
    settleAndCheck(vault, false);
  }

  /** Lets what is on its way arrive, then compares up to the newest trade that did. */
  private void settleAndCheck(Path own, boolean aggregates) throws Exception {
    world.capture.finish();
    for (String instrument : List.of(BTC, ETH)) {
      var outcome = compare(own, instrument);
      assertThat(outcome.missing()).isZero();
      if (aggregates) {
        long lines = TruthCheck.lines(own, instrument).size();
        assertThat(lines).isLessThan(outcome.trades());
      }
    }
  }

  /** Compares up to the newest trade that arrived. */
  private TruthCheck.Outcome compare(Path own, String instrument) throws IOException {
    Map<Long, String> lines = TruthCheck.lines(own, instrument);
    long newest = lines.keySet().stream().mapToLong(Long::longValue).max().orElseThrow();
    var truth = world.exchange.truth(instrument);
    truth.removeIf(trade -> trade.id() > newest);
    return TruthCheck.check(own, instrument, truth, true);
  }
}
