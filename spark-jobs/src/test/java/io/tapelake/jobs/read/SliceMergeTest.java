package io.tapelake.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FileWork.Mode;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.vault.RefusalReason;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SliceMergeTest {

  private static final OutputSettings SETTINGS =
      new OutputSettings(
          WindowSpec.parseList("1h"), Duration.ofSeconds(10), new BigDecimal("0.01"), true);
  private static final long OPEN_FROM = RawText.FIRST_MINUTE + 100;

  private final RawText text = new RawText();

  @Test
  void appendedTradesThatAreNewerAreSimplyAdded() throws IOException {
    FileCursor cursor = readSoFar(text.trade(1, 0).trade(2, 5));
    text.trade(3, 6).trade(4, 7);
    FileWork append = append(cursor);
    List<SliceResult> slices = scan(append);
    assertThat(SliceMerge.moreThorough(append, slices)).isNull();
    FileOutcome outcome = SliceMerge.merge(append, slices, SETTINGS);
    assertThat(outcome.bars()).hasSize(2);
    assertThat(outcome.bytesRead()).isEqualTo(text.length() - cursor.bytes());
    assertThat(outcome.cursor().trades()).isEqualTo(4);
    assertThat(outcome.cursor().lines()).isEqualTo(4);
    assertThat(outcome.cursor().maxPublishedId()).isEqualTo(4);
    assertThat(outcome.cursor().newestClosed().id()).isEqualTo(4);
    assertThat(outcome.cursor().bytes()).isEqualTo(text.length());
    assertThat(outcome.cursor().checksum()).isEqualTo(sum(text.bytes()));
  }

  @Test
  void aLateTradeRebuildsTheDay() throws IOException {
    FileCursor cursor = readSoFar(text.trade(1, 0).trade(2, 5));
    text.trade(3, 4);
    FileWork append = append(cursor);
    FileWork again = SliceMerge.moreThorough(append, scan(append));
    assertThat(again.mode()).isEqualTo(Mode.REBUILD);
    assertThat(again.why()).contains("late");
  }

  @Test
  void aTradeOfTheNewestClosedMinuteIsLateToo() throws IOException {
    FileCursor cursor = readSoFar(text.trade(1, 0).trade(2, 5));
    text.trade(3, 5);
    FileWork append = append(cursor);
    assertThat(SliceMerge.moreThorough(append, scan(append)).mode()).isEqualTo(Mode.REBUILD);
  }

  @Test
  void idsOutOfOrderRebuildTheDay() throws IOException {
    FileCursor cursor = readSoFar(text.trade(1, 0).trade(7, 5));
    text.trade(6, 8);
    FileWork append = append(cursor);
    FileWork again = SliceMerge.moreThorough(append, scan(append));
    assertThat(again.mode()).isEqualTo(Mode.REBUILD);
    assertThat(again.why()).contains("order");
  }

  @Test
  void aDuplicateOfATradeConsumedLongAgoIsDroppedByRebuilding() throws IOException {
    FileCursor cursor = readSoFar(text.trade(1, 0).trade(2, 5));
    text.trade(3, 6).trade(1, 0);
    FileWork append = append(cursor);
    FileWork again = SliceMerge.moreThorough(append, scan(append));
    FileOutcome outcome = SliceMerge.merge(again, scan(again), SETTINGS);
    assertThat(outcome.cursor().trades()).isEqualTo(3);
    assertThat(outcome.cursor().duplicates()).isEqualTo(1);
  }

  @Test
  void slicesWhoseIdsOverlapAreReadAsOne() throws IOException {
    text.trade(1, 0).trade(3, 0).trade(2, 0).trade(4, 0);
    FileWork rebuild = rebuild();
    List<SliceResult> slices = scan(rebuild, text.length() / 2 - 20);
    assertThat(slices).hasSizeGreaterThan(1);
    FileWork again = SliceMerge.moreThorough(rebuild, slices);
    assertThat(again.mode()).isEqualTo(Mode.REBUILD_WHOLE);
    List<SliceResult> whole = scan(again, text.length() / 2 - 20);
    assertThat(whole).hasSize(1);
    assertThat(SliceMerge.moreThorough(again, whole)).isNull();
  }

  @Test
  void slicesInAnyOrderOfIdsAreFineWhileTheyDoNotOverlap() throws IOException {
    text.trade(3, 0).trade(4, 0).trade(1, 0).trade(2, 0);
    FileWork rebuild = rebuild();
    assertThat(SliceMerge.moreThorough(rebuild, scan(rebuild, text.length() / 2 - 20))).isNull();
  }

  @Test
  void theOpenMinuteIsReadAgainOnceAndCountedOnce() throws IOException {
    text.trade(1, 0);
    int open = text.length();
    FileCursor cursor = readSoFar(text.trade(2, 100).line("refused"));
    assertThat(cursor.rereadFrom()).isEqualTo(open);
    assertThat(cursor.trades()).isEqualTo(1);
    assertThat(cursor.lines()).isEqualTo(3);
    assertThat(cursor.refused()).isEqualTo(1);
    assertThat(cursor.openMinute()).isEqualTo(RawText.FIRST_MINUTE + 100);
    FileWork append =
        new FileWork(
            RawText.FILE,
            RawText.FILE.rawPath(),
            text.length(),
            0,
            Mode.APPEND,
            cursor,
            OPEN_FROM + 1,
            null);
    List<SliceResult> slices = scan(append);
    assertThat(SliceMerge.moreThorough(append, slices)).isNull();
    FileOutcome outcome = SliceMerge.merge(append, slices, SETTINGS);
    assertThat(outcome.bars()).hasSize(1);
    assertThat(outcome.refusedLines()).isEmpty();
    assertThat(outcome.cursor().trades()).isEqualTo(2);
    assertThat(outcome.cursor().lines()).isEqualTo(3);
    assertThat(outcome.cursor().refused()).isEqualTo(1);
    assertThat(outcome.cursor().checksum()).isEqualTo(sum(text.bytes()));
    assertThat(outcome.cursor().openMinute()).isEqualTo(FileCursor.NONE_OPEN);
  }

  @Test
  void countsGoOnFromRunToRun() throws IOException {
    FileCursor cursor = readSoFar(text.trade(1, 0).trade(1, 0).line("refused").line(""));
    text.trade(2, 6).trade(2, 6).otherTrade(2, 6).line("refused").line(" ");
    FileWork append = append(cursor);
    FileOutcome outcome = SliceMerge.merge(append, scan(append), SETTINGS);
    assertThat(outcome.cursor().lines()).isEqualTo(7);
    assertThat(outcome.cursor().duplicates()).isEqualTo(3);
    assertThat(outcome.cursor().refused()).isEqualTo(2);
    assertThat(outcome.cursor().trades()).isEqualTo(2);
    assertThat(outcome.refused())
        .isEqualTo(
            Map.of(RefusalReason.MALFORMED_JSON, 1L, RefusalReason.CONFLICTING_DUPLICATE, 1L));
  }

  @Test
  void aFileWithTooManyRefusedLinesContributesNothing() throws IOException {
    for (int id = 0; id < 989; id++) {
      text.trade(id, 0);
    }
    for (int i = 0; i < 11; i++) {
      text.line("refused");
    }
    FileWork rebuild = rebuild();
    FileOutcome outcome = SliceMerge.merge(rebuild, scan(rebuild), SETTINGS);
    assertThat(outcome.cursor().broken()).isTrue();
    assertThat(outcome.cursor().trades()).isZero();
    assertThat(outcome.cursor().newest()).isNull();
    assertThat(outcome.cursor().bytes()).isEqualTo(text.length());
    assertThat(outcome.cursor().checksum()).isEqualTo(sum(text.bytes()));
    assertThat(outcome.bars()).isEmpty();
    assertThat(outcome.refusedLines()).isEmpty();
    assertThat(outcome.refused()).isEqualTo(Map.of(RefusalReason.MALFORMED_JSON, 11L));
  }

  @Test
  void aFileThatBreaksOnTheWayIsTakenOut() throws IOException {
    for (int id = 0; id < 995; id++) {
      text.trade(id, 0);
    }
    FileCursor cursor = readSoFar(text);
    for (int i = 0; i < 11; i++) {
      text.line("refused");
    }
    FileWork append = append(cursor);
    FileOutcome outcome = SliceMerge.merge(append, scan(append), SETTINGS);
    assertThat(outcome.cursor().broken()).isTrue();
    assertThat(outcome.work().replaces()).isTrue();
    assertThat(outcome.bars()).isEmpty();
  }

  @Test
  void aRemovedFileLeavesNothing() {
    FileWork remove =
        new FileWork(
            RawText.FILE, "", 0, 0, Mode.REMOVE, FileCursor.START, OPEN_FROM, "it is gone");
    assertThat(SliceMerge.moreThorough(remove, List.of())).isNull();
    FileOutcome outcome = SliceMerge.merge(remove, List.of(), SETTINGS);
    assertThat(outcome.bars()).isEmpty();
    assertThat(outcome.cursor()).isEqualTo(FileCursor.START);
  }

  private FileCursor readSoFar(RawText soFar) throws IOException {
    FileWork rebuild = rebuild();
    return SliceMerge.merge(rebuild, scan(rebuild), SETTINGS).cursor();
  }

  private FileWork rebuild() {
    return work(Mode.REBUILD, FileCursor.START);
  }

  private FileWork append(FileCursor cursor) {
    return work(Mode.APPEND, cursor);
  }

  private FileWork work(Mode mode, FileCursor cursor) {
    return new FileWork(
        RawText.FILE, RawText.FILE.rawPath(), text.length(), 0, mode, cursor, OPEN_FROM, null);
  }

  private List<SliceResult> scan(FileWork work) throws IOException {
    return scan(work, 1 << 20);
  }

  private List<SliceResult> scan(FileWork work, long sliceBytes) throws IOException {
    List<SliceResult> results = new ArrayList<>();
    for (Slice slice : work.slices(sliceBytes, true)) {
      results.add(SliceScan.scan(slice, RawText.in(text.bytes())));
    }
    return results;
  }

  private static int sum(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }
}
