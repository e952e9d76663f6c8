package io.tapelake.live.follow;

import static io.tapelake.live.follow.Vault.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Tape;
import io.tapelake.live.market.TradeDay;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.RefusalReason;
import io.tapelake.vault.Trade;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DayTailTest {

  private static final LocalDate DAY = LocalDate.parse("2026-03-01");
  private static final long PORTION = 1 << 20;

  @TempDir private Path folder;
  private Path file;
  private InstrumentTape tape;
  private DayTail tail;

  @BeforeEach
  void open() throws IOException {
    file = new Vault(folder).file(Tape.BTC, "2026-03-01");
    tape =
        new InstrumentTape(
            Tape.BTC,
            Tape.settings("1h"),
            Clock.fixed(Instant.parse("2026-03-02T00:00:00Z"), ZoneOffset.UTC));
    tape.know(Set.of(DAY));
    tail = new DayTail(file, new DayFile(Tape.BTC, DAY), tape);
  }

  @Test
  void aLineCountsOnceItsEndIsThere() throws IOException {
    String line = line(1, 1, "100");
    for (int i = 0; i < line.length() - 1; i++) {
      Vault.append(file, line.substring(i, i + 1));
      read();
      assertThat(tape.tradeCount()).isZero();
    }
    Vault.append(file, "\n");
    read();
    assertThat(tape.tradeCount()).isEqualTo(1);
  }

  @Test
  void nothingOfAFileIsShownBeforeItsEndWasReached() throws IOException {
    for (int i = 0; i < 100; i++) {
      Vault.append(file, line(i, i, "100"));
    }
    assertThat(tail.advance(1000, 0)).isTrue();
    assertThat(tape.isEmpty()).isTrue();
    read();
    assertThat(tape.tradeCount()).isEqualTo(100);
  }

  @Test
  void aTornTailThatIsCutOffAndWrittenAnewIsReadAsItIsThen() throws IOException {
    String torn = line(2, 2, "200");
    Files.writeString(file, line(1, 1, "100") + torn.substring(0, 40));
    read();
    Files.writeString(file, line(1, 1, "100") + line(3, 3, "300"));
    read();
    assertThat(lastPrice()).isEqualByComparingTo("300");
    assertThat(tape.counts().get(DAY).allRefused()).isZero();
    assertThat(tape.tradeCount()).isEqualTo(2);
  }

  @Test
  void aFileThatTookItsPlaceIsReadFromItsStart() throws IOException {
    Files.writeString(file, line(1, 1, "100") + line(2, 2, "200"));
    read();
    Path other = folder.resolve("other");
    Files.writeString(other, line(1, 1, "111") + line(2, 2, "222") + line(3, 3, "333"));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    read();
    assertThat(tape.tradeCount()).isEqualTo(3);
    assertThat(notional()).isEqualByComparingTo("6.66");
  }

  @Test
  void aFileThatWasCutOffBehindWhatWasReadIsReadFromItsStart() throws IOException {
    Files.writeString(file, line(1, 1, "100") + line(2, 2, "200"));
    read();
    Files.writeString(file, line(1, 1, "100"));
    read();
    assertThat(notional()).isEqualByComparingTo("1");
  }

  @Test
  void anEditAmidTheFileIsNoticedAlsoWhereItsLengthStays() throws IOException {
    Files.writeString(file, line(1, 1, "100") + line(2, 2, "200"));
    read();
    Files.writeString(file, line(1, 1, "900") + line(2, 2, "200"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    read();
    assertThat(notional()).isEqualByComparingTo("11");
  }

  @Test
  void repeatedAndRefusedLinesAreCountedAndDoNotCount() throws IOException {
    Vault.append(file, line(1, 1, "100") + "no trade\n\n" + line(1, 1, "100"));
    read();
    Vault.append(file, line(2, 1, "500") + "{\"x\":1}\n" + line(3, 2, "100"));
    read();
    assertThat(tape.tradeCount()).isEqualTo(2);
    DayCounts counts = tape.counts().get(DAY);
    assertThat(counts.lines()).isEqualTo(6);
    assertThat(counts.duplicates()).isEqualTo(2);
    assertThat(counts.refused())
        .containsEntry(RefusalReason.MALFORMED_JSON, 1L)
        .containsEntry(RefusalReason.MISSING_FIELD, 1L);
  }

  @Test
  void aFileIsLeftAloneOnceItsShareOfRefusedLinesIsAboveTheAllowedOne() {
    DayCounts counts = new DayCounts(1300, 0, Map.of(RefusalReason.MISSING_FIELD, 910L));
    assertThat(counts.isLeftAlone(0.7)).isFalse();
    assertThat(counts.isLeftAlone(0.69)).isTrue();
  }

  @Test
  void aFileThatVanishesAndComesBackIsReadAgainAndChangesNothing() throws IOException {
    Files.writeString(file, line(1, 1, "100") + line(2, 2, "200"));
    read();
    tape.takeRevised();
    Path away = folder.resolve("away");
    Files.move(file, away);
    assertThatThrownBy(this::read).isInstanceOf(NoSuchFileException.class);
    tail.close();
    assertThat(notional()).isEqualByComparingTo("3");
    Files.move(away, file);
    Vault.append(file, line(3, 3, "300"));
    read();
    assertThat(notional()).isEqualByComparingTo("6");
  }

  @Test
  void termsThatChangeAmidADayCountFromTheirTradeOn() throws IOException {
    Vault.append(file, line(1, 1, "100"));
    read();
    Vault.append(file, line(2, 2, "100").replace("\"ctVal\":\"0.01\"", "\"ctVal\":\"0.1\""));
    read();
    assertThat(notional()).isEqualByComparingTo("11");
  }

  @Test
  void aLateLineBehindAllOthersLeavesTheFiguresOfADayInOrder() throws IOException {
    String early =
        line(0, 1, "100").replace("\"qty_contracts\":\"1\"", "\"qty_contracts\":\"1000\"");
    String late = line(30, 2, "100").replace("\"qty_contracts\":\"1\"", "\"qty_contracts\":\"10\"");
    String rest =
        line(600, 3, "101").replace("\"qty_contracts\":\"1\"", "\"qty_contracts\":\"600\"");
    Vault.append(file, early + rest + late);
    read();
    DayFile of = new DayFile(Tape.BTC, DAY);
    sort();
    MinuteFigures followed = tape.open();
    tape.install(DayLoad.day(tail.found(), of));
    MinuteFigures loaded = tape.open();
    Files.writeString(file, early + late + rest);
    tape.install(DayLoad.day(FoundDay.of(file), of));
    assertThat(followed.spans().get(0).area().pocPrice()).isEqualByComparingTo("100");
    assertThat(followed).isEqualTo(tape.open());
    assertThat(loaded).isEqualTo(tape.open());
    long minute = tape.firstMinute();
    assertThat(tape.rows(minute, minute).get(0).flow().base().high()).isEqualByComparingTo("10.1");
  }

  @Test
  void howeverLinesComeTheRowsAreThoseOfTheSameTradesInOrder() throws IOException {
    long seed = Long.getLong("tail.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 4; round++) {
      Files.deleteIfExists(file);
      open();
      Map<Long, Trade> first = new TreeMap<>();
      for (Trade trade : disturbed(random)) {
        first.putIfAbsent(trade.id(), trade);
        String line = TradeLine.format(trade) + "\n";
        Vault.append(file, random.nextInt(50) == 0 ? "no trade\n" + line : line);
        if (random.nextInt(5) == 0) {
          read();
          tape.open();
        }
        if (random.nextInt(40) == 0) {
          sort();
        }
      }
      read();
      sort();
      List<MinuteFigures> rows = rows();
      MinuteFigures open = tape.open();
      tape.takeRevised();
      DayFile of = new DayFile(Tape.BTC, DAY);
      tape.install(DayLoad.day(tail.found(), of));
      assertThat(tape.takeRevised()).as("seed %d, round %d", seed, round).isNull();
      TradeDay sorted = new TradeDay(DAY);
      first.values().stream()
          .sorted(Comparator.comparing(Trade::time).thenComparing(Trade::id))
          .forEach(trade -> sorted.take(Tape.parsed(trade)));
      tape.install(sorted);
      assertThat(tape.takeRevised()).as("seed %d, round %d", seed, round).isNull();
      assertThat(plain(rows)).as("seed %d, round %d", seed, round).isEqualTo(plain(rows()));
      assertThat(plain(open)).as("seed %d, round %d", seed, round).isEqualTo(plain(tape.open()));
    }
  }

  /** Without zeros at the end of fractions, of which a sum has more or fewer by its order. */
  private static String plain(Object figures) {
    return figures.toString().replaceAll("(\\.\\d*?)0+(?=[,\\]])", "$1");
  }

  /** Late ones, ids that come again with another content or begin anew, and terms that change. */
  private static List<Trade> disturbed(Random random) {
    List<Trade> trades = new ArrayList<>();
    for (Trade trade :
        Tape.walk(random, Instant.parse("2026-03-01T10:00:00Z"), 300, 1 + random.nextInt(8000))) {
      long id = random.nextInt(30) == 0 ? 1000 + random.nextInt(300) : trade.id();
      Contract terms =
          random.nextInt(30) > 0
              ? trade.contract()
              : new Contract(
                  BigDecimal.TEN, BigDecimal.ONE, ContractType.values()[random.nextInt(2)]);
      Trade other =
          new Trade(
              trade.time(), Tape.BTC, id, trade.side(), trade.price(), trade.contracts(), terms);
      int late = random.nextInt(20) == 0 ? random.nextInt(trades.size() + 1) : trades.size();
      trades.add(late, other);
    }
    for (int i = random.nextInt(40); i > 0; i--) {
      trades.add(trades.remove(random.nextInt(trades.size())));
    }
    return trades;
  }

  private List<MinuteFigures> rows() {
    return tape.rows(tape.firstMinute(), tape.newestMinute());
  }

  /** As the follower does. */
  private void sort() throws IOException {
    for (var day : tape.unsorted().entrySet()) {
      DayFile of = new DayFile(Tape.BTC, DAY);
      tape.sorted(day.getKey(), DayLoad.sorted(tail.found(), of, day.getValue()));
    }
  }

  private void read() throws IOException {
    while (tail.advance(PORTION, 0)) {
      // Until there is no more.
    }
  }

  private BigDecimal notional() {
    return tape.open().spans().get(0).sums().vwap().notional();
  }

  private BigDecimal lastPrice() {
    return tape.last().price();
  }
}
