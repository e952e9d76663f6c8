package io.tapelake.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.bar.MinuteBar;
import io.tapelake.analytics.window.WindowSpec;
import io.tapelake.jobs.plan.FileCursor;
import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.FileWork.Mode;
import io.tapelake.jobs.plan.OutputSettings;
import io.tapelake.jobs.plan.Slice;
import io.tapelake.vault.RefusalReason;
import io.tapelake.vault.TradeLine;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SliceScanTest {

  private static final OutputSettings SETTINGS =
      new OutputSettings(
          WindowSpec.parseList("1h"), Duration.ofSeconds(10), new BigDecimal("0.01"), true);
  private static final long ALL_CLOSED = RawText.FIRST_MINUTE + 1440;

  @Test
  void countsWhatItFinds() throws IOException {
    RawText text =
        new RawText()
            .trade(1, 0)
            .line("")
            .line(" \t\r")
            .trade(2, 0)
            .trade(2, 0)
            .otherTrade(1, 0)
            .line("{}")
            .trade(3, 1)
            .tail("{\"timestamp_utc\"");
    SliceResult result = scan(text.bytes(), ALL_CLOSED);
    assertThat(result.newLines()).isEqualTo(6);
    assertThat(result.published()).isEqualTo(3);
    assertThat(result.duplicates()).isEqualTo(2);
    assertThat(result.conflicts()).isEqualTo(1);
    assertThat(result.refused()).isEqualTo(Map.of(RefusalReason.MISSING_FIELD, 1L));
    assertThat(result.refusedLines())
        .extracting(RefusedLine::reason)
        .containsExactly(RefusalReason.CONFLICTING_DUPLICATE, RefusalReason.MISSING_FIELD);
    assertThat(result.ids()).isEqualTo(new SliceResult.IdSpan(1, 3));
    assertThat(result.end()).isEqualTo(text.length() - 16);
    assertThat(result.bars()).extracting(MinuteBar::tradeCount).containsExactly(2L, 1L);
    assertThat(result.checksum()).isEqualTo(sum(text.bytes(), (int) result.end()));
  }

  @Test
  void theFirstLineOfAnIdCountsWhateverFollows() throws IOException {
    SliceResult first = scan(new RawText().trade(1, 0).otherTrade(1, 0).bytes(), ALL_CLOSED);
    assertThat(first.bars()).isEqualTo(scan(new RawText().trade(1, 0).bytes(), ALL_CLOSED).bars());
    SliceResult other = scan(new RawText().otherTrade(1, 0).trade(1, 0).bytes(), ALL_CLOSED);
    assertThat(other.bars())
        .isEqualTo(scan(new RawText().otherTrade(1, 0).bytes(), ALL_CLOSED).bars());
    assertThat(other.conflicts()).isEqualTo(1);
  }

  @Test
  void aRefusedLineDoesNotTakeItsId() throws IOException {
    String refused =
        new String(new RawText().trade(1, 0).bytes(), java.nio.charset.StandardCharsets.UTF_8)
            .strip()
            .replace("\"side\":\"", "\"side\":\"no");
    SliceResult result = scan(new RawText().line(refused).trade(1, 0).bytes(), ALL_CLOSED);
    assertThat(result.published()).isEqualTo(1);
    assertThat(result.duplicates()).isZero();
    assertThat(result.refused()).isEqualTo(Map.of(RefusalReason.BAD_SIDE, 1L));
  }

  @Test
  void whiteSpaceIsNotALineHoweverLongItIs() throws IOException {
    for (int length :
        new int[] {TradeLine.MAX_BYTES, TradeLine.MAX_BYTES + 1, 3 * TradeLine.MAX_BYTES}) {
      byte[] content =
          new RawText().trade(1, 0).line(" ".repeat(length - 3) + "\t\r ").trade(2, 0).bytes();
      SliceResult result = scan(content, ALL_CLOSED);
      assertThat(result.newLines()).as("%d bytes of white space", length).isEqualTo(2);
      assertThat(result.refused()).as("%d bytes of white space", length).isEmpty();
      assertThat(result.published()).isEqualTo(2);
      assertThat(result.checksum()).isEqualTo(sum(content, content.length));
    }
  }

  @Test
  void aLineThatIsTooLongIsRefusedForThatOnlyWhenItIsJson() throws IOException {
    String white = " ".repeat(TradeLine.MAX_BYTES);
    byte[] content =
        new RawText()
            .line("{}" + white)
            .line(white + "{}")
            .line(white + "x")
            .line(white + "\u00a0")
            .trade(2, 0)
            .bytes();
    SliceResult result = scan(content, ALL_CLOSED);
    assertThat(result.refused())
        .isEqualTo(Map.of(RefusalReason.LINE_TOO_LONG, 2L, RefusalReason.MALFORMED_JSON, 2L));
    assertThat(result.newLines()).isEqualTo(5);
    assertThat(result.published()).isEqualTo(1);
    assertThat(result.checksum()).isEqualTo(sum(content, content.length));
    assertThat(result.refusedLines()).allMatch(line -> line.text().length() == TradeLine.MAX_BYTES);
  }

  @Test
  void tradesOfOpenMinutesWait() throws IOException {
    RawText text = new RawText().trade(1, 0);
    int open = text.length();
    text.trade(2, 5).trade(3, 1).trade(4, 4);
    SliceResult result = scan(text.bytes(), RawText.FIRST_MINUTE + 4);
    assertThat(result.published()).isEqualTo(2);
    assertThat(result.openOffset()).isEqualTo(open);
    assertThat(result.openMinute()).isEqualTo(RawText.FIRST_MINUTE + 4);
    assertThat(result.newest().id()).isEqualTo(2);
    assertThat(result.newestClosed().id()).isEqualTo(3);
    assertThat(result.maxPublishedId()).isEqualTo(3);
  }

  @Test
  void anEmptySliceAndOneInsideOfALineHaveNothing() throws IOException {
    byte[] content = new RawText().trade(1, 0).trade(2, 0).bytes();
    int line = content.length / 2;
    SliceResult inside = scan(slice(5, line, content.length, ALL_CLOSED), content);
    assertThat(inside.newLines()).isZero();
    assertThat(inside.start()).isEqualTo(inside.end());
    SliceResult empty = scan(slice(line, line, content.length, ALL_CLOSED), content);
    assertThat(empty.newLines()).isZero();
    assertThat(empty.checksum()).isZero();
  }

  @Test
  void slicesCutAnywhereGiveWhatOneSliceGives() throws IOException {
    byte[] content = everything();
    for (long openFrom : new long[] {ALL_CLOSED, RawText.FIRST_MINUTE + 3}) {
      FileOutcome whole = read(rebuild(content, openFrom), content, Long.MAX_VALUE / 2);
      for (int size = 3; size <= content.length; size += size) {
        assertSame(read(rebuild(content, openFrom), content, size), whole, "slices of " + size);
      }
      for (int cut = 1; cut < content.length; cut += openFrom == ALL_CLOSED ? 1 : 7) {
        List<SliceResult> two =
            List.of(
                scan(slice(0, cut, content.length, openFrom), content),
                scan(slice(cut, content.length, content.length, openFrom), content));
        FileWork work = rebuild(content, openFrom);
        if (SliceMerge.moreThorough(work, two) == null) {
          FileOutcome outcome = SliceMerge.merge(work, two, SETTINGS);
          assertSame(RawText.sorted(outcome, content, 1), whole, "cut at " + cut);
        }
      }
    }
  }

  @Test
  void aFileThatGrowsInPiecesComesToWhatOneReadingComesTo() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      byte[] content = random(random);
      Map<Long, MinuteBar> bars = new TreeMap<>();
      List<RefusedLine> refused = new ArrayList<>();
      FileCursor cursor = FileCursor.START;
      long openFrom = RawText.FIRST_MINUTE;
      int length = 0;
      while (length < content.length) {
        length += 1 + random.nextInt(content.length - length);
        openFrom += random.nextInt(6);
        FileOutcome outcome = grow(content, length, cursor, openFrom, 1 + random.nextInt(3000));
        if (outcome.work().replaces()) {
          bars.clear();
          refused.clear();
        }
        outcome.bars().forEach(bar -> bars.put(bar.minute(), bar));
        refused.addAll(outcome.refusedLines());
        cursor = outcome.cursor();
      }
      FileOutcome whole = read(rebuild(content, openFrom), content, Long.MAX_VALUE / 2);
      String label = "seed %d, round %d".formatted(seed, round);
      assertThat(cursor).as(label).isEqualTo(whole.cursor());
      assertThat(withoutTimes(bars.values())).as(label).isEqualTo(withoutTimes(whole.bars()));
      assertThat(refused).as(label).isEqualTo(whole.refusedLines());
    }
  }

  /** Trades, blank lines, refused ones, duplicates, conflicts, more than ASCII, a torn tail. */
  private static byte[] everything() {
    return new RawText()
        .trade(11, 0)
        .line("")
        .trade(12, 0)
        .trade(12, 0)
        .line("no JSON \u20ac")
        .trade(13, 1)
        .otherTrade(13, 1)
        .line("\r")
        .trade(14, 3)
        .line("{\"\uD83D\uDE00\":1}")
        .trade(15, 4)
        .trade(16, 2)
        .tail("{\"\u00fc")
        .bytes();
  }

  private static byte[] random(Random random) {
    RawText text = new RawText();
    long id = 100;
    int minute = 0;
    for (int i = 1 + random.nextInt(30); i > 0; i--) {
      switch (random.nextInt(12)) {
        case 0 -> text.line(" ".repeat(random.nextInt(5)));
        case 1 -> text.line("refused \u20ac");
        case 2 -> text.trade(Math.max(0, id - random.nextInt(8)), minute);
        case 3 -> text.otherTrade(Math.max(0, id - random.nextInt(3)), minute);
        case 4 -> text.trade(id += 1, Math.max(0, minute - random.nextInt(4)));
        default -> {
          minute += random.nextInt(2);
          text.trade(id += 1 + random.nextInt(2), minute);
        }
      }
    }
    return random.nextBoolean() ? text.bytes() : text.tail("{\"tim").bytes();
  }

  /** A run on a file of which only so many bytes are there. */
  private static FileOutcome grow(
      byte[] content, int length, FileCursor cursor, long openFrom, long sliceBytes)
      throws IOException {
    Mode mode = cursor == FileCursor.START ? Mode.REBUILD : Mode.APPEND;
    FileWork work =
        new FileWork(RawText.FILE, RawText.FILE.rawPath(), length, 0, mode, cursor, openFrom, null);
    return read(work, content, sliceBytes);
  }

  private static FileWork rebuild(byte[] content, long openFrom) {
    return new FileWork(
        RawText.FILE,
        RawText.FILE.rawPath(),
        content.length,
        0,
        Mode.REBUILD,
        FileCursor.START,
        openFrom,
        null);
  }

  /** Reads as thoroughly as the merge asks for, at most three times. */
  private static FileOutcome read(FileWork first, byte[] content, long sliceBytes)
      throws IOException {
    FileWork work = first;
    for (int times = 0; times < 3; times++) {
      List<SliceResult> results = new ArrayList<>();
      for (Slice slice : work.slices(sliceBytes, true)) {
        results.add(scan(slice, content));
      }
      FileWork again = SliceMerge.moreThorough(work, results);
      if (again == null) {
        return RawText.sorted(SliceMerge.merge(work, results, SETTINGS), content, 3);
      }
      work = again;
    }
    throw new AssertionError("read three times and still not thorough enough: " + work);
  }

  private static void assertSame(FileOutcome actual, FileOutcome expected, String label) {
    assertThat(actual.cursor()).as(label).isEqualTo(expected.cursor());
    assertThat(withoutTimes(actual.bars())).as(label).isEqualTo(withoutTimes(expected.bars()));
    assertThat(actual.refusedLines()).as(label).isEqualTo(expected.refusedLines());
    assertThat(actual.refused()).as(label).isEqualTo(expected.refused());
    assertThat(actual.trades()).as(label).isEqualTo(expected.trades());
    assertThat(actual.duplicates()).as(label).isEqualTo(expected.duplicates());
  }

  private static List<MinuteBar> withoutTimes(java.util.Collection<MinuteBar> bars) {
    return bars.stream().map(MinuteBar::withoutTimes).toList();
  }

  private static SliceResult scan(byte[] content, long openFrom) throws IOException {
    return scan(slice(0, content.length, content.length, openFrom), content);
  }

  private static SliceResult scan(Slice slice, byte[] content) throws IOException {
    return SliceScan.scan(slice, RawText.in(content));
  }

  private static Slice slice(long from, long to, long limit, long openFrom) {
    return new Slice(
        RawText.FILE.instrument(),
        RawText.FILE.day().toEpochDay(),
        RawText.FILE.rawPath(),
        from,
        to,
        limit,
        0,
        Long.MIN_VALUE,
        Long.MIN_VALUE,
        openFrom,
        true);
  }

  private static int sum(byte[] content, int length) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, length);
    return (int) crc.getValue();
  }
}
