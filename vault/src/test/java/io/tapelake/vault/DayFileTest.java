package io.tapelake.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DayFileTest {

  private static final LocalDate DAY = LocalDate.of(2025, 12, 14);

  @Test
  void paths() {
    DayFile file = new DayFile("BTC-USDT-SWAP", DAY);
    assertThat(file.fileName()).isEqualTo("2025-12-14.jsonl");
    assertThat(file.rawPath()).isEqualTo("raw/okx/trades_perps/BTC-USDT-SWAP/2025-12-14.jsonl");
    assertThat(file.quarantinePath())
        .isEqualTo("quarantine/okx/trades_perps/BTC-USDT-SWAP/2025-12-14.jsonl");
  }

  @Test
  void dayOfAFileName() {
    assertThat(DayFile.dayOf("2025-12-14.jsonl")).isEqualTo(DAY);
    assertThat(DayFile.dayOf("2025-12-14.jsonl.gz")).isEqualTo(DAY);
    assertThat(DayFile.dayOf("2024-02-29.jsonl")).isEqualTo(LocalDate.of(2024, 2, 29));
    assertThat(DayFile.dayOf(new DayFile("A", LocalDate.of(1, 2, 3)).fileName()))
        .isEqualTo(LocalDate.of(1, 2, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2025-12-14",
        "2025-12-14.json",
        "2025-12-14.jsonl.tmp",
        "2025-12-14.jsonl.gz.tmp",
        ".2025-12-14.jsonl.crc",
        "x2025-12-14.jsonl",
        "2025-12-14.jsonl\n",
        "2025-02-29.jsonl",
        "2025-13-01.jsonl",
        "2025-12-00.jsonl",
        "20251214.jsonl",
        "12025-12-14.jsonl",
        "+12025-12-14.jsonl",
        "٢٠٢٥-12-14.jsonl",
        "2025-12-14-jsonl"
      })
  void namesOfNoDayFile(String name) {
    assertThat(DayFile.dayOf(name)).isNull();
  }

  @Test
  void archivedFile() {
    assertThat(DayFile.isArchived("2025-12-14.jsonl.gz")).isTrue();
    assertThat(DayFile.isArchived("2025-12-14.jsonl")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "BTC-USDT-SWAP", "1INCH-USDT-SWAP", "a_b", "9"})
  void instrumentNames(String name) {
    assertThat(DayFile.checkInstrument(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "../A", "A/B", "A\\B", "-A", "_A", "A B", "A\n", "A.B", "Ä", "A\0"})
  void namesOfNoInstrument(String name) {
    assertThat(DayFile.isInstrument(name)).isFalse();
    assertThatThrownBy(() -> new DayFile(name, DAY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(": " + name);
  }

  @Test
  void instrumentNameIsAtMost64Long() {
    assertThat(DayFile.isInstrument("A".repeat(64))).isTrue();
    assertThat(DayFile.isInstrument("A".repeat(65))).isFalse();
    assertThatThrownBy(() -> DayFile.checkInstrument(null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void dayOfAYearThatNoFileNameCanHoldIsRefused() {
    assertThatThrownBy(() -> new DayFile("A", LocalDate.of(10_000, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("+10000-01-01");
    assertThatThrownBy(() -> new DayFile("A", LocalDate.of(-1, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-0001-01-01");
  }

  @Test
  void orderIsByInstrumentThenDay() {
    DayFile first = new DayFile("A", DAY.plusDays(1));
    DayFile second = new DayFile("B", DAY);
    assertThat(first).isLessThan(second);
    assertThat(new DayFile("A", DAY)).isLessThan(first).isEqualByComparingTo(new DayFile("A", DAY));
  }
}
