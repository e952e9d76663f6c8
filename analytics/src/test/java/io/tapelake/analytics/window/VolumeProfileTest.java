package io.tapelake.analytics.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tapelake.analytics.bar.BucketVolume;
import io.tapelake.analytics.bar.Extremes;
import io.tapelake.analytics.bar.MinuteFlow;
import io.tapelake.analytics.bar.PriceBucket;
import io.tapelake.analytics.bar.PriceStep;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VolumeProfileTest {

  private static final int LOWEST_ROW = 101;

  /** A step of prices that is finer than any bucket here. */
  private static final BigDecimal FINE = new BigDecimal("1e-20");

  private static final int[] FIXTURE = {10, 15, 20, 60, 70, 150, 90, 80, 50, 10};

  @Test
  void workedExampleRowByRow() {
    VolumeProfile profile = new VolumeProfile();
    for (int i = 0; i < FIXTURE.length; i++) {
      profile.add(minute(volume(LOWEST_ROW + i, FIXTURE[i])));
    }
    assertThat(profile.valueArea()).isEqualTo(area(106, 105, 108));
  }

  /** The other common way, two rows at a time, gives 104 to 108 of the same volumes: not ours. */
  @Test
  void workedExampleInPairsIsWider() {
    Map<Long, Integer> rows = new TreeMap<>();
    for (int i = 0; i < FIXTURE.length; i++) {
      rows.put((long) LOWEST_ROW + i, FIXTURE[i]);
    }
    long low = 106;
    long high = 106;
    int sum = 150;
    while (10 * sum < 7 * 555) {
      int above = rows.getOrDefault(high + 1, 0) + rows.getOrDefault(high + 2, 0);
      int below = rows.getOrDefault(low - 1, 0) + rows.getOrDefault(low - 2, 0);
      sum += Math.max(above, below);
      if (above >= below) {
        high += 2;
      } else {
        low -= 2;
      }
    }
    assertThat(new long[] {low, high, sum}).containsExactly(104, 108, 450);
  }

  @Test
  void pricesAreEdgesAndTheMiddle() {
    long bucket = PriceBucket.of(new BigDecimal("101250.5"));
    ValueArea area = area(bucket, bucket - 1, bucket + 1);
    assertThat(area.pocPrice()).isEqualByComparingTo("101250");
    assertThat(area.lowPrice()).isEqualByComparingTo("101220");
    assertThat(area.highPrice()).isEqualByComparingTo("101280");
    assertThat(area.contains(bucket - 2)).isFalse();
    assertThat(area.contains(bucket + 1)).isTrue();
  }

  @Test
  void oneBucketIsAll() {
    VolumeProfile profile = new VolumeProfile();
    profile.add(minute(volume(-7, 3)));
    assertThat(profile.valueArea()).isEqualTo(area(-7, -7, -7));
  }

  @Test
  void nothingTradedHasNoArea() {
    VolumeProfile profile = new VolumeProfile();
    assertThat(profile.valueArea()).isNull();
    profile.add(minute(volume(4, 0)));
    assertThat(profile.valueArea()).isNull();
    profile.add(minute(volume(5, 1)));
    profile.remove(minute(volume(5, 1)));
    assertThat(profile.valueArea()).isNull();
  }

  @Test
  void equalNeighboursGrowUp() {
    VolumeProfile profile = new VolumeProfile();
    profile.add(minute(volume(1, 3), volume(2, 6), volume(3, 3)));
    assertThat(profile.valueArea()).isEqualTo(area(2, 2, 3));
  }

  @Test
  void equalPeaksGoToTheMiddleThenToTheLowerPrice() {
    VolumeProfile profile = new VolumeProfile();
    profile.add(minute(volume(1, 9), volume(4, 9), volume(10, 1)));
    assertThat(profile.valueArea().poc()).isEqualTo(4);
    profile.add(minute(volume(7, 9)));
    assertThat(profile.valueArea().poc()).isEqualTo(4);
  }

  @Test
  void gapsOfManyDecadesAreCrossed() {
    VolumeProfile profile = new VolumeProfile();
    long cheapest = PriceBucket.of(new BigDecimal("0.000000000001"));
    long dearest = PriceBucket.of(new BigDecimal("999999999999"));
    profile.add(minute(volume(cheapest, 4), volume(0, 5), volume(dearest, 1)));
    assertThat(profile.valueArea()).isEqualTo(area(0, cheapest, dearest));
  }

  @Test
  void whatWasNotAddedCannotBeTaken() {
    VolumeProfile profile = new VolumeProfile();
    assertThatThrownBy(() -> profile.remove(minute(volume(4, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bucket 4");
  }

  @Test
  void agreesWithGrowingRowByRow() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      int spread = 1 + random.nextInt(40);
      int size = 1 + random.nextInt(6);
      VolumeProfile profile = new VolumeProfile();
      Deque<List<BucketVolume>> window = new ArrayDeque<>();
      for (int minute = 0; minute < 40; minute++) {
        List<BucketVolume> added = volumes(random, spread);
        window.addLast(added);
        profile.add(minute(added));
        if (window.size() > size) {
          profile.remove(minute(window.removeFirst()));
        }
        TreeMap<Long, BucketVolume> expected = new TreeMap<>();
        window.forEach(
            volumes ->
                volumes.forEach(each -> expected.merge(each.bucket(), each, BucketVolume::merge)));
        assertThat(profile.valueArea())
            .as("seed %d, %s", seed, expected)
            .isEqualTo(rowByRow(expected));
      }
    }
  }

  private static List<BucketVolume> volumes(Random random, int spread) {
    TreeMap<Long, BucketVolume> minute = new TreeMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      long bucket = random.nextInt(spread) - spread / 2;
      minute.merge(bucket, volume(bucket, random.nextInt(5)), BucketVolume::merge);
    }
    return new ArrayList<>(minute.values());
  }

  /** The definition, one row after the other, also where nothing was traded. */
  private static ValueArea rowByRow(TreeMap<Long, BucketVolume> rows) {
    BigDecimal total = BigDecimal.ZERO;
    BigDecimal most = BigDecimal.ZERO;
    for (BucketVolume row : rows.values()) {
      total = total.add(row.baseVolume());
      most = most.max(row.baseVolume());
    }
    if (total.signum() == 0) {
      return null;
    }
    long first = rows.firstKey();
    long last = rows.lastKey();
    long poc = Long.MAX_VALUE;
    for (long row = first; row <= last; row++) {
      boolean isNearer =
          poc == Long.MAX_VALUE
              || Math.abs(2 * row - first - last) < Math.abs(2 * poc - first - last);
      if (at(rows, row).compareTo(most) == 0 && isNearer) {
        poc = row;
      }
    }
    long low = poc;
    long high = poc;
    BigDecimal sum = most;
    while (sum.movePointRight(1).compareTo(total.multiply(BigDecimal.valueOf(7))) < 0) {
      boolean isUp =
          low == first || high < last && at(rows, high + 1).compareTo(at(rows, low - 1)) >= 0;
      sum = sum.add(isUp ? at(rows, ++high) : at(rows, --low));
    }
    return area(poc, low, high);
  }

  private static BigDecimal at(TreeMap<Long, BucketVolume> rows, long row) {
    BucketVolume volume = rows.get(row);
    return volume == null ? BigDecimal.ZERO : volume.baseVolume();
  }

  private static BucketVolume volume(long bucket, int volume) {
    return new BucketVolume(bucket, 1, BigDecimal.valueOf(volume), BigDecimal.ZERO);
  }

  private static ValueArea area(long poc, long low, long high) {
    return ValueArea.of(poc, low, high, PriceStep.of(FINE));
  }

  private static MinuteFlow minute(BucketVolume... volumes) {
    return minute(List.of(volumes));
  }

  private static MinuteFlow minute(List<BucketVolume> volumes) {
    return new MinuteFlow(
        Extremes.NONE,
        Extremes.NONE,
        Extremes.NONE,
        0,
        1,
        BigDecimal.ZERO,
        0,
        BigDecimal.ZERO,
        1,
        BigDecimal.ZERO,
        volumes.isEmpty() ? BigDecimal.ZERO : FINE,
        volumes);
  }
}
