package io.tapelake.tape;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.vault.TradeLine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  /** A line as it was found; of a long one only its first MiB counts. */
  private record Line(long offset, long length, int hash) {}

  @Test
  void linesWithTheirOffsets() throws IOException {
    List<Line> lines = read(new ByteArrayInputStream(bytes("ab\n\nc\n")), 100, Long.MAX_VALUE);
    assertThat(lines).extracting(Line::offset).containsExactly(100L, 103L, 104L);
    assertThat(lines).extracting(Line::length).containsExactly(2L, 0L, 1L);
  }

  @Test
  void aTornTailIsNotALine() throws IOException {
    assertThat(read(new ByteArrayInputStream(bytes("ab\ncd")), 0, Long.MAX_VALUE)).hasSize(1);
    assertThat(read(new ByteArrayInputStream(bytes("cd")), 0, Long.MAX_VALUE)).isEmpty();
    assertThat(read(new ByteArrayInputStream(bytes("")), 0, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void nothingBehindTheLimitIsSeen() throws IOException {
    byte[] bytes = bytes("ab\ncd\nef\n");
    for (int limit = 0; limit <= bytes.length; limit++) {
      assertThat(read(new ByteArrayInputStream(bytes), 0, limit)).hasSize(limit / 3);
      assertThat(read(new ByteArrayInputStream(bytes), 10, 10 + limit)).hasSize(limit / 3);
    }
  }

  @Test
  void linesOfTheLongestLengthAndBeyond() throws IOException {
    for (int length :
        new int[] {TradeLine.MAX_BYTES - 1, TradeLine.MAX_BYTES, TradeLine.MAX_BYTES + 1}) {
      byte[] line = new byte[length];
      Arrays.fill(line, (byte) 'x');
      byte[] content = concat(bytes("a\n"), line, bytes("\nb\n"));
      List<Line> lines = read(new ByteArrayInputStream(content), 0, Long.MAX_VALUE);
      assertThat(lines).isEqualTo(expected(content));
      assertThat(lines).extracting(Line::length).containsExactly(1L, (long) length, 1L);
    }
  }

  @Test
  void aLongLineWithoutAnEndIsNotALine() throws IOException {
    byte[] line = new byte[3 * TradeLine.MAX_BYTES];
    assertThat(read(new ByteArrayInputStream(line), 0, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void anyChunkingGivesTheSameLines() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 150; round++) {
      byte[] content = content(random, round % 10 == 0);
      List<Line> lines = read(new Crumbs(content, random), 0, Long.MAX_VALUE);
      assertThat(lines).as("seed %d, round %d", seed, round).isEqualTo(expected(content));
    }
  }

  private static byte[] content(Random random, boolean withLongLines) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (int i = random.nextInt(40); i > 0; i--) {
      int length = random.nextInt(1 << random.nextInt(12));
      if (withLongLines && random.nextInt(8) == 0) {
        length = TradeLine.MAX_BYTES - 2 + random.nextInt(1 << random.nextInt(22));
      }
      byte[] line = new byte[length];
      random.nextBytes(line);
      for (int at = 0; at < length; at++) {
        line[at] = line[at] == '\n' ? (byte) 11 : line[at];
      }
      content.writeBytes(line);
      if (i > 1 || random.nextBoolean()) {
        content.write('\n');
      }
    }
    return content.toByteArray();
  }

  private static List<Line> read(InputStream in, long offset, long limit) throws IOException {
    LineReader reader = new LineReader(in, offset, limit);
    List<Line> lines = new ArrayList<>();
    while (reader.next(LineReaderTest::readShortLine)) {
      byte[] kept = Arrays.copyOfRange(reader.buffer(), reader.from(), reader.to());
      assertThat(reader.end()).isEqualTo(reader.offset() + reader.length() + 1);
      lines.add(new Line(reader.offset(), reader.length(), Arrays.hashCode(kept)));
    }
    return lines;
  }

  /** Takes short lines of even length, as far as they are there; the others are looked for. */
  private static int readShortLine(byte[] buffer, int from, int limit) {
    int end = LineEnds.next(buffer, from, Math.min(limit, from + 100));
    return end >= 0 && (end - from) % 2 == 0 ? end : -1;
  }

  private static List<Line> expected(byte[] content) {
    List<Line> lines = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < content.length; at++) {
      if (content[at] == '\n') {
        byte[] kept = Arrays.copyOfRange(content, from, Math.min(at, from + TradeLine.MAX_BYTES));
        lines.add(new Line(from, at - from, Arrays.hashCode(kept)));
        from = at + 1;
      }
    }
    return lines;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** Gives fewer bytes than it is asked for, as sockets and remote file systems do. */
  private static final class Crumbs extends InputStream {

    private final InputStream bytes;
    private final Random random;

    Crumbs(byte[] bytes, Random random) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.random = random;
    }

    @Override
    public int read() throws IOException {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      return bytes.read(
          target, offset, Math.min(count, 1 + random.nextInt(1 << random.nextInt(20))));
    }
  }
}
