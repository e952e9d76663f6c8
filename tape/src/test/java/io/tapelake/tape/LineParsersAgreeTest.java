package io.tapelake.tape;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tapelake.vault.DayFile;
import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.RefusalReason;
import io.tapelake.vault.TradeLineScanner;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The fast parser says of every line what the JSON parser says of it.
 *
 * <p>Five million lines instead of 300,000, and others than the last time:
 *
 * <pre>{@code
 * mvn -pl spark-jobs -am test -Dtest=LineParsersAgreeTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dtapelake.fuzz.cases=5000000 -Dtapelake.fuzz.seed=$RANDOM
 * }</pre>
 */
class LineParsersAgreeTest {

  private static final int CASES = Integer.getInteger("tapelake.fuzz.cases", 300_000);
  private static final long SEED = Long.getLong("tapelake.fuzz.seed", 20251214L);

  /** Bytes before and behind the line, which may not matter. */
  private static final int MARGIN = 64;

  private static final String COMPACT =
      "{\"timestamp_utc\":\"2025-12-14T21:34:56.123Z\",\"exchange\":\"okx\",\"market\":\"perp\","
          + "\"instId\":\"BTC-USDT-SWAP\",\"symbol_canon\":\"BTC/USDT\","
          + "\"trade_id\":\"1234567890\",\"side\":\"buy\",\"price\":\"101250.55\","
          + "\"qty_contracts\":\"45.1\",\"ctVal\":\"0.01\",\"ctMult\":\"1\",\"ctType\":\"linear\"}";

  /** Bytes that mean something to JSON, to numbers or to times, and their neighbours. */
  private static final byte[] TELLING =
      "\"\\{}[]!,:;./-+eE0129 Zz`b\t\0\u001f\u007f\u0080\u00ff".getBytes(ISO_8859_1);

  private final DayFile file = new DayFile("BTC-USDT-SWAP", LocalDate.of(2025, 12, 14));
  private final LineParser json = new JsonLineParser(file);
  private final LineParser fast = new FastLineParser(file);
  private final TradeLineScanner scanner = new TradeLineScanner(file);
  private final ParsedTrade expected = new ParsedTrade();
  private final ParsedTrade actual = new ParsedTrade();
  private final Random random = new Random(SEED);

  @Test
  void onMutatedLines() {
    LineMutator lines = new LineMutator(random);
    Map<RefusalReason, Integer> refused = new EnumMap<>(RefusalReason.class);
    int valid = 0;
    int taken = 0;
    for (int i = 0; i < CASES; i++) {
      byte[] line = lines.next();
      RefusalReason verdict = json.parse(line, 0, line.length, expected);
      boolean scanned = agree(line, verdict, i);
      taken += scanned ? 1 : 0;
      if (verdict == null) {
        valid++;
      } else {
        refused.merge(verdict, 1, Integer::sum);
      }
    }
    System.out.printf(
        "seed %d: %d lines, %d valid, %d of them scanned, refused: %s%n",
        SEED, CASES, valid, taken, refused);
    // Of the lines that a writer could have written most have to take the fast way.
    assertThat(taken).isBetween(valid / 2, valid);
    assertThat(refused).hasSizeGreaterThanOrEqualTo(10);
  }

  @Test
  void onEveryChangeOfOneByte() {
    for (String text :
        new String[] {COMPACT, COMPACT.replace(",\"", ", \"").replace(":\"", ": \"")}) {
      byte[] line = text.getBytes(UTF_8);
      assertThat(agree(line)).isTrue();
      for (int at = 0; at < line.length; at++) {
        byte[] changed = line.clone();
        for (byte value : TELLING) {
          changed[at] = value;
          agree(changed);
        }
        agree(Arrays.copyOf(line, at));
        agree(without(line, at));
        assertThat(agree(line)).isTrue();
      }
    }
  }

  private boolean agree(byte[] line) {
    return agree(line, json.parse(line, 0, line.length, expected), 0);
  }

  private static byte[] without(byte[] line, int at) {
    byte[] shorter = Arrays.copyOf(line, line.length - 1);
    System.arraycopy(line, at + 1, shorter, at, shorter.length - at);
    return shorter;
  }

  /** Compares all ways to read a line that lies somewhere in a buffer; whether it was scanned. */
  private boolean agree(byte[] line, RefusalReason verdict, int number) {
    int before = random.nextInt(MARGIN);
    // Often the line ends where the buffer ends.
    int behind = random.nextBoolean() ? random.nextInt(MARGIN) : 0;
    byte[] buffer = new byte[before + line.length + behind];
    random.nextBytes(buffer);
    System.arraycopy(line, 0, buffer, before, line.length);
    int end = before + line.length;
    if (behind > 0) {
      buffer[end] = '\n';
    }

    boolean scanned = scanner.scan(buffer, before, end, actual);
    boolean agreed = !scanned || (verdict == null && sameContent());
    int lineFeed = scanner.scanToLineFeed(buffer, before, buffer.length, actual);
    agreed &= lineFeed == (scanned && behind > 0 ? end : -1);
    agreed &= lineFeed < 0 || sameContent();
    RefusalReason fastVerdict = verdict;
    if (scanned || number % 8 == 0) {
      fastVerdict = fast.parse(buffer, before, end, actual);
      agreed &= fastVerdict == verdict && (verdict != null || sameContent());
    }
    if (!agreed) {
      fail(
          "seed %d, line %d: JSON parser %s %s, fast parser %s, scanned %s up to %d, %s: %s",
          SEED,
          number,
          verdict,
          verdict == null ? expected.toTrade(file.instrument()) : "",
          fastVerdict,
          scanned,
          lineFeed,
          scanned ? actual.toTrade(file.instrument()) : "",
          new String(line, UTF_8));
    }
    return scanned;
  }

  private boolean sameContent() {
    return actual.epochSecond() == expected.epochSecond()
        && actual.nano() == expected.nano()
        && actual.id() == expected.id()
        && actual.side() == expected.side()
        && actual.unscaledPrice() == expected.unscaledPrice()
        && actual.priceScale() == expected.priceScale()
        && actual.price().equals(expected.price())
        && actual.unscaledContracts() == expected.unscaledContracts()
        && actual.contractsScale() == expected.contractsScale()
        && actual.contracts().equals(expected.contracts())
        && actual.contract().equals(expected.contract());
  }
}
