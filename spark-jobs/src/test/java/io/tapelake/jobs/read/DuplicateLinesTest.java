package io.tapelake.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.plan.Slice;
import io.tapelake.vault.RefusalReason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DuplicateLinesTest {

  private static final int MINUTES = 1440;

  /** What a line says about its id, and where it stands. */
  private record Line(long id, boolean other, int minute, long offset) {}

  @Test
  void comparesEachLineWithTheFirstOfItsId() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 10; round++) {
      int count = 1 + random.nextInt(8_000);
      RawText text = new RawText();
      List<Line> lines = new ArrayList<>();
      long newest = random.nextInt(1_000);
      for (int i = 0; i < count; i++) {
        boolean other = random.nextInt(50) == 0;
        int minute = Math.min(MINUTES - 1, i * MINUTES / count + random.nextInt(2));
        long id = nextId(random, newest);
        newest = Math.max(newest, id);
        lines.add(new Line(id, other, minute, text.length()));
        if (other) {
          text.otherTrade(id, minute);
        } else {
          text.trade(id, minute);
        }
      }
      SliceResult result = SliceScan.scan(slice(text.length()), RawText.in(text.bytes()));

      String label = "seed %d, round %d".formatted(seed, round);
      Map<Long, Line> firsts = new HashMap<>();
      lines.forEach(line -> firsts.putIfAbsent(line.id(), line));
      assertThat(result.published()).as(label).isEqualTo(firsts.size());
      assertThat(result.duplicates()).as(label).isEqualTo(count - firsts.size());
      assertThat(result.refusedLines())
          .as(label)
          .allMatch(line -> line.reason() == RefusalReason.CONFLICTING_DUPLICATE)
          .extracting(RefusedLine::offset)
          .containsExactlyElementsOf(
              lines.stream()
                  .filter(line -> conflicts(line, firsts.get(line.id())))
                  .map(Line::offset)
                  .toList());
      assertThat(result.strays())
          .as(label)
          .containsExactlyElementsOf(
              lines.stream()
                  .filter(line -> line.minute() != firsts.get(line.id()).minute())
                  .map(Line::offset)
                  .toList());
    }
  }

  @Test
  void readsNoMoreThanAPieceOfTheSliceAgain() throws IOException {
    RawText text = new RawText();
    for (int id = 0; id < 20_000; id++) {
      text.trade(id, id / 20);
    }
    text.trade(10_000, 500).trade(19_999, 999);
    AtomicLong read = new AtomicLong();
    RawBytes content = RawText.in(text.bytes());
    SliceResult result =
        SliceScan.scan(slice(text.length()), offset -> new Counting(content.open(offset), read));
    assertThat(result.duplicates()).isEqualTo(2);
    assertThat(result.conflicts()).isZero();
    assertThat(read.get() - text.length()).isLessThan(1 << 20);
  }

  /** Mostly on by one, as an exchange counts; sometimes a gap, a straggler, or an id of before. */
  private static long nextId(Random random, long newest) {
    return switch (random.nextInt(40)) {
      case 0 -> newest + 2 + random.nextInt(20);
      case 1 -> Math.max(0, newest - random.nextInt(40));
      case 2 -> random.nextLong(newest + 1);
      default -> newest + 1;
    };
  }

  private static boolean conflicts(Line line, Line first) {
    return line.offset() != first.offset()
        && (line.other() != first.other() || line.minute() != first.minute());
  }

  private static Slice slice(long length) {
    return new Slice(
        RawText.FILE.instrument(),
        RawText.FILE.day().toEpochDay(),
        RawText.FILE.rawPath(),
        0,
        length,
        length,
        0,
        Long.MIN_VALUE,
        Long.MIN_VALUE,
        RawText.FIRST_MINUTE + MINUTES,
        true);
  }

  private static final class Counting extends FilterInputStream {

    private final AtomicLong read;

    Counting(InputStream in, AtomicLong read) {
      super(in);
      this.read = read;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int count = super.read(buffer, from, length);
      read.addAndGet(Math.max(0, count));
      return count;
    }
  }
}
