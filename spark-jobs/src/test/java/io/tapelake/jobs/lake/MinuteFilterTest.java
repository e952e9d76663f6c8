package io.tapelake.jobs.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.analytics.window.MinuteRange;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MinuteFilterTest {

  private static final long DAY = 1440;

  private final MinuteFilter filter =
      new MinuteFilter(
          Map.of(
              "A", List.of(new MinuteRange(10, 20), new MinuteRange(DAY - 1, 3 * DAY)),
              "B", List.of(new MinuteRange(15, 15))));

  @Test
  void rangesIncludeBothEnds() {
    assertThat(filter.holds("A", 9)).isFalse();
    assertThat(filter.holds("A", 10)).isTrue();
    assertThat(filter.holds("A", 20)).isTrue();
    assertThat(filter.holds("A", 21)).isFalse();
    assertThat(filter.holds("A", 3 * DAY)).isTrue();
    assertThat(filter.holds("A", 3 * DAY + 1)).isFalse();
  }

  @Test
  void instrumentsHaveTheirOwnRanges() {
    assertThat(filter.holds("B", 15)).isTrue();
    assertThat(filter.holds("B", 16)).isFalse();
    assertThat(filter.holds("C", 15)).isFalse();
  }

  @Test
  void daysAreThoseOfAnyRange() {
    assertThat(filter.firstDay()).isEqualTo(LocalDate.EPOCH);
    assertThat(filter.lastDay()).isEqualTo(LocalDate.ofEpochDay(3));
    assertThat(filter.touches(LocalDate.ofEpochDay(2))).isTrue();
    assertThat(filter.touches(LocalDate.ofEpochDay(4))).isFalse();
    assertThat(new MinuteFilter(Map.of("A", List.of())).isEmpty()).isTrue();
  }
}
