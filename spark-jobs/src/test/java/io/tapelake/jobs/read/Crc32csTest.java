package io.tapelake.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class Crc32csTest {

  @Test
  void theCheckValueOfTheStandard() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    for (int cut = 0; cut <= digits.length; cut++) {
      int combined =
          Crc32cs.combine(sum(digits, 0, cut), sum(digits, cut, 9), (long) digits.length - cut);
      assertThat(combined).isEqualTo(0xE3069283);
    }
  }

  @Test
  void anySplitGivesTheSumOfTheWhole() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      byte[] bytes = new byte[random.nextInt(1 + (1 << random.nextInt(17)))];
      random.nextBytes(bytes);
      int combined = 0;
      int from = 0;
      while (from < bytes.length) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(bytes.length));
        combined = Crc32cs.combine(combined, sum(bytes, from, to), to - from);
        from = to;
      }
      assertThat(combined).as("seed %d", seed).isEqualTo(sum(bytes, 0, bytes.length));
    }
  }

  @Test
  void nothingBeforeAndNothingBehindChangeNothing() {
    byte[] bytes = {1, 2, 3};
    int whole = sum(bytes, 0, 3);
    assertThat(Crc32cs.combine(0, whole, 3)).isEqualTo(whole);
    assertThat(Crc32cs.combine(whole, 0, 0)).isEqualTo(whole);
  }

  @Test
  void lengthsBeyondAnInt() {
    // Five gibibytes of zeros in steps, against five in one.
    int stepwise = 0x12345678;
    for (int i = 0; i < 5; i++) {
      stepwise = Crc32cs.combine(stepwise, 0, 1L << 30);
    }
    assertThat(Crc32cs.combine(0x12345678, 0, 5L << 30)).isEqualTo(stepwise);
  }

  private static int sum(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }
}
