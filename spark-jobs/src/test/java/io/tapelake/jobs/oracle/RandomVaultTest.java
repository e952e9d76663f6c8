package io.tapelake.jobs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The generator means what it says, by the oracle's judgement. */
final class RandomVaultTest {

  private static final LocalDate DAY = LocalDate.parse("2024-08-08");
  private static final BigDecimal LIMIT = new BigDecimal("0.01");

  @Test
  void badLinesAreRefusedForTheirReason() {
    for (long seed = 0; seed < 80; seed++) {
      Dice dice = new Dice(seed);
      Draft draft = trade(dice);
      BadLines bad = new BadLines(dice, "BTC-USDT-SWAP", DAY);
      for (String reason : BadLines.REASONS) {
        if (!reason.equals("line_too_long") || seed % 50 == 0) {
          assertThat(judge(bad.make(reason, draft))).as("seed %d", seed).isEqualTo(reason);
        }
      }
    }
  }

  @Test
  void longLines() {
    for (long seed = 0; seed < 10; seed++) {
      Dice dice = new Dice(seed);
      Draft draft = trade(dice);
      BadLines bad = new BadLines(dice, "BTC-USDT-SWAP", DAY);
      assertThat(judge(bad.malformedAndLong(draft)))
          .as("seed %d", seed)
          .isEqualTo("malformed_json");
      byte[] longest = LineStyles.padded(draft, 1 << 20);
      assertThat(longest).hasSize(1_048_576);
      assertThat(judge(longest)).isEqualTo("valid");
      assertThat(judge(LineStyles.padded(draft, (1 << 20) + 1))).isEqualTo("line_too_long");
    }
  }

  @Test
  void everySpellingIsTheSameTrade() {
    for (long seed = 0; seed < 100; seed++) {
      Dice dice = new Dice(seed);
      LineStyles styles = new LineStyles(dice);
      Draft draft = trade(dice);
      OracleTrade plain =
          RawLine.judge(new LineStyles(dice).spellPlainly(draft), "BTC-USDT-SWAP", DAY).trade();
      for (int i = 0; i < 20; i++) {
        RawLine line = RawLine.judge(styles.spell(draft), "BTC-USDT-SWAP", DAY);
        assertThat(line.reason()).as("seed %d", seed).isNull();
        assertThat(line.trade()).as("seed %d", seed).isEqualTo(plain);
      }
    }
  }

  @Test
  void everythingTurnsUp() {
    Set<String> reasons = new HashSet<>();
    int duplicates = 0;
    int conflicts = 0;
    int broken = 0;
    int thousands = 0;
    int pending = 0;
    for (long seed = 0; seed < 20; seed++) {
      for (Map.Entry<String, byte[]> entry : RandomVault.of(seed).files().entrySet()) {
        String[] name = entry.getKey().split("/");
        OracleFile file =
            OracleFile.read(entry.getValue(), name[0], LocalDate.parse(name[1]), LIMIT);
        reasons.addAll(file.refused().keySet());
        duplicates += file.duplicates();
        conflicts += occurrences("\"conflicting_duplicate\"", file.quarantine());
        broken += file.broken() ? 1 : 0;
        thousands += file.trades().size() + file.duplicates() >= 980 && !file.broken() ? 1 : 0;
        pending += file.pending() > 0 ? 1 : 0;
      }
    }
    assertThat(reasons).containsExactlyInAnyOrderElementsOf(BadLines.REASONS);
    assertThat(List.of(duplicates, conflicts, broken, thousands, pending))
        .allSatisfy(count -> assertThat(count).isGreaterThan(3));
  }

  @Test
  void seedRepeatsItself() {
    var files = RandomVault.of(7).files();
    var again = RandomVault.of(7).files();
    assertThat(again.keySet()).isEqualTo(files.keySet());
    files.forEach((name, content) -> assertThat(again.get(name)).isEqualTo(content));
    assertThat(RandomVault.of(7).config()).isEqualTo(RandomVault.of(7).config());
  }

  @Test
  void growingVaultEndsWithTheWholeContent() {
    for (long seed = 0; seed < 8; seed++) {
      Map<String, ByteArrayOutputStream> grown = new TreeMap<>();
      Instant before = Instant.MIN;
      for (GrowingVault.Step step : GrowingVault.of(seed, 6).steps()) {
        assertThat(step.asOf()).isAfterOrEqualTo(before);
        before = step.asOf();
        step.pieces()
            .forEach(
                (name, piece) ->
                    grown
                        .computeIfAbsent(name, n -> new ByteArrayOutputStream())
                        .writeBytes(piece.bytes()));
      }
      Map<String, byte[]> whole = RandomVault.of(seed).files();
      assertThat(grown.keySet()).isEqualTo(whole.keySet());
      whole.forEach(
          (name, content) -> assertThat(grown.get(name).toByteArray()).isEqualTo(content));
    }
  }

  private static Draft trade(Dice dice) {
    OracleConfig config = OracleConfig.ofWindows("1h,4h");
    Instant start = Instant.parse("2024-08-08T12:00:00Z");
    return new RandomTrades(dice, "BTC-USDT-SWAP", config).list(start, 1).get(0);
  }

  private static String judge(byte[] line) {
    RawLine verdict = RawLine.judge(line, "BTC-USDT-SWAP", DAY);
    return verdict.trade() == null ? verdict.reason() : "valid";
  }

  private static int occurrences(String word, byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).split(word, -1).length - 1;
  }
}
