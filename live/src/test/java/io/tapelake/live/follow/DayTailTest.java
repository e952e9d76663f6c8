package io.tapelake.live.follow;

import static io.tapelake.live.follow.Vault.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.window.MinuteFigures;
import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Tape;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.RefusalReason;
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
import java.util.Map;
import java.util.Set;
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
    for (var day : tape.unsorted().entrySet()) {
      tape.sorted(day.getKey(), DayLoad.sorted(tail.found(), of, day.getValue()));
    }
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
