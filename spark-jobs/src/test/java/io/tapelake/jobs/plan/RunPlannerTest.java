package io.tapelake.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.plan.FileWork.Mode;
import io.tapelake.jobs.plan.FoundFile.ConsumedPart;
import io.tapelake.vault.DayFile;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunPlannerTest {

  private static final String BTC = "BTC-USDT-SWAP";
  private static final LocalDate DAY = LocalDate.of(2025, 12, 14);
  private static final LocalDate NEXT = DAY.plusDays(1);
  private static final long FIRST_MINUTE = DAY.toEpochDay() * 1440;
  private static final OutputSettings SETTINGS =
      new OutputSettings(
          WindowSpec.parseList("5m,1h"), Duration.ofSeconds(10), new BigDecimal("0.01"), true);

  /** Closes everything up to 10:00, exclusively. */
  private static final Instant AS_OF = Instant.parse("2025-12-14T10:00:10Z");

  private static final long OPEN_FROM = FIRST_MINUTE + 600;

  private final Map<String, InstrumentCursor> cursors = new TreeMap<>();

  @Test
  void newFileIsReadFromItsBeginning() {
    RunPlan plan = plan(found(DAY, 100, ConsumedPart.NEVER_READ));
    assertThat(plan.work()).hasSize(1);
    FileWork work = plan.work().get(0);
    assertThat(work.mode()).isEqualTo(Mode.REBUILD);
    assertThat(work.previous()).isEqualTo(FileCursor.START);
    assertThat(work.openFrom()).isEqualTo(OPEN_FROM);
    assertThat(work.why()).isNull();
    Slice slice = work.slices(1000, true).get(0);
    assertThat(slice.from()).isZero();
    assertThat(slice.to()).isEqualTo(100);
    assertThat(slice.decidedBefore()).isZero();
    assertThat(slice.lateBefore()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void newFileOfAnOldDayIsRead() {
    consumed(NEXT, closed(100));
    RunPlan plan =
        plan(found(DAY, 50, ConsumedPart.NEVER_READ), found(NEXT, 100, ConsumedPart.SAME));
    assertThat(plan.work()).extracting(work -> work.file().day()).containsExactly(DAY);
  }

  @Test
  void unchangedFileIsNotRead() {
    consumed(DAY, closed(100));
    RunPlan plan = plan(found(DAY, 100, ConsumedPart.SAME));
    assertThat(plan.isEmpty()).isTrue();
    assertThat(plan.vanished()).isEmpty();
    assertThat(plan.broken()).isEmpty();
  }

  @Test
  void grownFileIsReadFromWhereItWasLeft() {
    consumed(DAY, closed(100));
    FileWork work = only(plan(found(DAY, 180, ConsumedPart.SAME)));
    assertThat(work.mode()).isEqualTo(Mode.APPEND);
    Slice slice = work.slices(1000, true).get(0);
    assertThat(slice.from()).isEqualTo(100);
    assertThat(slice.to()).isEqualTo(180);
    assertThat(slice.decidedBefore()).isEqualTo(100);
    assertThat(slice.undecidedFrom()).isEqualTo(FileCursor.NONE_OPEN);
    assertThat(slice.lateBefore()).isEqualTo(minute(540) + 1);
  }

  @Test
  void grownFileIsReadAgainFromItsOpenMinute() {
    consumed(DAY, open(100, 60, minute(601)));
    FileWork work = only(plan(found(DAY, 180, ConsumedPart.SAME)));
    Slice slice = work.slices(1000, true).get(0);
    assertThat(slice.from()).isEqualTo(60);
    assertThat(slice.decidedBefore()).isEqualTo(100);
    assertThat(slice.undecidedFrom()).isEqualTo(minute(601));
  }

  @Test
  void openMinuteThatIsClosedNowIsReadAlthoughTheFileDidNotGrow() {
    consumed(DAY, open(100, 60, minute(599)));
    assertThat(only(plan(found(DAY, 100, ConsumedPart.SAME))).mode()).isEqualTo(Mode.APPEND);
  }

  @Test
  void openMinuteThatStaysOpenIsNotRead() {
    consumed(DAY, open(100, 60, minute(600)));
    assertThat(plan(found(DAY, 100, ConsumedPart.SAME)).work()).isEmpty();
  }

  @Test
  void shrunkFileIsRebuiltAndSaysWhy() {
    consumed(DAY, closed(100));
    FileWork work = only(plan(found(DAY, 80, ConsumedPart.SHRANK)));
    assertThat(work.mode()).isEqualTo(Mode.REBUILD);
    assertThat(work.why()).contains("shorter");
    assertThat(work.previous()).isEqualTo(closed(100));
    assertThat(work.slices(1000, true)).extracting(Slice::from).containsExactly(0L);
  }

  @Test
  void changedFileIsRebuiltAndSaysWhy() {
    consumed(DAY, closed(100));
    FileWork work = only(plan(found(DAY, 100, ConsumedPart.CHANGED)));
    assertThat(work.mode()).isEqualTo(Mode.REBUILD);
    assertThat(work.why()).contains("changed");
  }

  @Test
  void vanishedFileIsReportedAndKept() {
    consumed(DAY, closed(100));
    consumed(NEXT, closed(10));
    RunPlan plan = plan(found(NEXT, 10, ConsumedPart.SAME));
    assertThat(plan.vanished()).containsExactly(new DayFile(BTC, DAY));
    assertThat(plan.work()).isEmpty();
  }

  @Test
  void vanishedFileIsTakenOutWhenThatIsAccepted() {
    consumed(DAY, closed(100));
    RunPlan plan =
        RunPlanner.plan(List.of(), cursors, each -> OPEN_FROM, DayRange.ALL, DayRange.NONE, true);
    assertThat(plan.vanished()).isEmpty();
    assertThat(only(plan).mode()).isEqualTo(Mode.REMOVE);
    assertThat(only(plan).previous()).isEqualTo(closed(100));
    assertThat(only(plan).slices(1000, true)).isEmpty();
  }

  @Test
  void brokenFileThatIsUnchangedIsReportedAndNotRead() {
    consumed(DAY, broken(100));
    RunPlan plan = plan(found(DAY, 100, ConsumedPart.SAME));
    assertThat(plan.broken()).containsExactly(new DayFile(BTC, DAY));
    assertThat(plan.work()).isEmpty();
  }

  @Test
  void brokenFileThatGrewOrChangedIsReadAsAWhole() {
    consumed(DAY, broken(100));
    assertThat(only(plan(found(DAY, 120, ConsumedPart.SAME))).mode()).isEqualTo(Mode.REBUILD);
    assertThat(only(plan(found(DAY, 100, ConsumedPart.CHANGED))).mode()).isEqualTo(Mode.REBUILD);
    assertThat(only(plan(found(DAY, 90, ConsumedPart.SHRANK))).mode()).isEqualTo(Mode.REBUILD);
  }

  @Test
  void forcedDaysAreRebuiltAndOthersAreNot() {
    consumed(DAY, closed(100));
    consumed(NEXT, closed(100));
    RunPlan plan =
        RunPlanner.plan(
            List.of(found(DAY, 100, ConsumedPart.SAME), found(NEXT, 100, ConsumedPart.SAME)),
            cursors,
            each -> OPEN_FROM,
            DayRange.ALL,
            new DayRange(NEXT, NEXT.plusDays(9)),
            false);
    assertThat(only(plan).file().day()).isEqualTo(NEXT);
    assertThat(only(plan).mode()).isEqualTo(Mode.REBUILD);
    assertThat(only(plan).why()).isNull();
  }

  @Test
  void anArchiveOfAnotherProgramIsReadToItsEndByOneTask() {
    FileWork work = only(plan(archived(FoundFile.UNKNOWN, ConsumedPart.NEVER_READ)));
    assertThat(work.slices(10, true)).hasSize(1);
    assertThat(work.slices(10, true).get(0).to()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void anArchiveThatSaysItsLengthIsReadInSlices() {
    assertThat(only(plan(archived(40, ConsumedPart.NEVER_READ))).slices(10, true)).hasSize(4);
  }

  @Test
  void archivingADayThatIsConsumedReadsNothing() {
    consumed(DAY, closed(100));
    assertThat(plan(archived(100, ConsumedPart.SAME)).isEmpty()).isTrue();
    assertThat(plan(archived(FoundFile.UNKNOWN, ConsumedPart.SAME)).isEmpty()).isTrue();
  }

  @Test
  void whatIsBehindTheConsumedPartOfAnArchiveIsRead() {
    consumed(DAY, closed(100));
    assertThat(only(plan(archived(130, ConsumedPart.SAME))).mode()).isEqualTo(Mode.APPEND);
    assertThat(only(plan(archived(FoundFile.UNKNOWN, ConsumedPart.GREW))).mode())
        .isEqualTo(Mode.REBUILD);
  }

  @Test
  void rowsGrowWithoutReadingWhileAnOpenMinuteWithATradeIsAhead() {
    // The newest trade is of 10:30; at 10:00 nothing from then on is closed.
    TradeStamp newest = new TradeStamp(minute(630) * 60, 0, 9);
    TradeStamp newestClosed = new TradeStamp(minute(590) * 60, 0, 8);
    consumed(
        DAY,
        new FileCursor(100, 60, minute(630), 0, 0, 9, 0, 8, 0, newest, newestClosed, 8, 0, false));
    RunPlan later =
        RunPlanner.plan(
            List.of(found(DAY, 100, ConsumedPart.SAME)),
            cursors,
            each -> OPEN_FROM + 1,
            DayRange.ALL,
            DayRange.NONE,
            false);
    assertThat(later.work()).isEmpty();
    assertThat(later.growing()).containsExactly(BTC);
    assertThat(later.isEmpty()).isFalse();
    assertThat(plan(found(DAY, 100, ConsumedPart.SAME)).growing()).isEmpty();
  }

  @Test
  void rowsDoNotGrowWhereTheLongestWindowIsEmptyAlready() {
    TradeStamp newest = new TradeStamp(minute(630) * 60, 0, 9);
    TradeStamp newestClosed = new TradeStamp(minute(500) * 60, 0, 8);
    consumed(
        DAY,
        new FileCursor(100, 60, minute(630), 0, 0, 9, 0, 8, 0, newest, newestClosed, 8, 0, false));
    RunPlan later =
        RunPlanner.plan(
            List.of(found(DAY, 100, ConsumedPart.SAME)),
            cursors,
            each -> OPEN_FROM + 1,
            DayRange.ALL,
            DayRange.NONE,
            false);
    assertThat(later.isEmpty()).isTrue();
  }

  @Test
  void workIsInTheOrderOfDays() {
    RunPlan plan =
        plan(
            found(NEXT, 1, ConsumedPart.NEVER_READ),
            new FoundFile(new DayFile("A-USDT-SWAP", NEXT), "a", 1, 0, ConsumedPart.NEVER_READ),
            found(DAY, 1, ConsumedPart.NEVER_READ));
    assertThat(plan.work())
        .extracting(FileWork::file)
        .containsExactly(
            new DayFile(BTC, DAY), new DayFile("A-USDT-SWAP", NEXT), new DayFile(BTC, NEXT));
  }

  @Test
  void slicesCoverAFileWithoutGapAndOverlap() {
    FileWork work = only(plan(found(DAY, 1001, ConsumedPart.NEVER_READ)));
    List<Slice> slices = work.slices(100, true);
    assertThat(slices).hasSize(11);
    long at = 0;
    for (Slice slice : slices) {
      assertThat(slice.from()).isEqualTo(at);
      assertThat(slice.limit()).isEqualTo(1001);
      at = slice.to();
    }
    assertThat(at).isEqualTo(1001);
    assertThat(work.as(Mode.REBUILD_WHOLE, "duplicates").slices(100, true)).hasSize(1);
  }

  @Test
  void anEmptyFileHasNothingToRead() {
    assertThat(only(plan(found(DAY, 0, ConsumedPart.NEVER_READ))).slices(100, true)).isEmpty();
  }

  private RunPlan plan(FoundFile... found) {
    return RunPlanner.plan(
        List.of(found), cursors, each -> OPEN_FROM, DayRange.ALL, DayRange.NONE, false);
  }

  private static FileWork only(RunPlan plan) {
    assertThat(plan.work()).hasSize(1);
    return plan.work().get(0);
  }

  private static FoundFile archived(long length, ConsumedPart consumedPart) {
    DayFile file = new DayFile(BTC, DAY);
    return new FoundFile(file, file.archivePath(), length, 0, consumedPart);
  }

  private static FoundFile found(LocalDate day, long length, ConsumedPart consumedPart) {
    DayFile file = new DayFile(BTC, day);
    return new FoundFile(file, file.rawPath(), length, 7, consumedPart);
  }

  private void consumed(LocalDate day, FileCursor file) {
    TreeMap<LocalDate, FileCursor> files = new TreeMap<>();
    if (cursors.containsKey(BTC)) {
      files.putAll(cursors.get(BTC).files());
    }
    files.put(day, file);
    cursors.put(BTC, new InstrumentCursor(BTC, AS_OF, SETTINGS, files, ExportLengths.NONE));
  }

  /** A file whose newest trade is of 09:00. */
  private static FileCursor closed(long bytes) {
    TradeStamp newest = new TradeStamp(minute(540) * 60, 0, 8);
    return new FileCursor(
        bytes, bytes, FileCursor.NONE_OPEN, 1, 2, 9, 0, 8, 1, newest, newest, 8, 0, false);
  }

  private static FileCursor open(long bytes, long rereadFrom, long openMinute) {
    TradeStamp newest = new TradeStamp(openMinute * 60, 0, 9);
    TradeStamp newestClosed = new TradeStamp(minute(540) * 60, 0, 8);
    return new FileCursor(
        bytes, rereadFrom, openMinute, 1, 2, 9, 0, 8, 0, newest, newestClosed, 8, 0, false);
  }

  private static FileCursor broken(long bytes) {
    return new FileCursor(
        bytes, 0, FileCursor.NONE_OPEN, 1, 2, 2000, 1000, 0, 0, null, null, -1, 0, true);
  }

  private static long minute(int ofDay) {
    return FIRST_MINUTE + ofDay;
  }
}
