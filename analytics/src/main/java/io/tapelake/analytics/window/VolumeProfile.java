package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.BucketVolume;
import io.tapelake.analytics.bar.MinuteFlow;
import io.tapelake.analytics.bar.PriceBucket;
import io.tapelake.analytics.bar.PriceStep;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * The base volume by price bucket of some minutes, to which minutes are added and from which they
 * are taken away again, exactly. Not thread-safe.
 */
final class VolumeProfile {

  private static final int FIRST_CAPACITY = 64;
  private static final int MOST_UNITS = 5;
  private static final BigInteger SEVEN = BigInteger.valueOf(7);

  /** The part of the volume that the area holds at least. */
  private static final double SHARE = 0.7;

  /** Doubles of two volumes that are not further apart, relative to them, may be in wrong order. */
  private static final double DOUBTFUL = 0x1p-50;

  /** The same of a sum of up to a million doubles, relative to the sum of all. */
  private static final double DOUBTFUL_SUM = 0x1p-30;

  /** The buckets with trades, ascending; the arrays beside it hold what was traded in each. */
  private long[] buckets = new long[FIRST_CAPACITY];

  private long[] trades = new long[FIRST_CAPACITY];

  /** In units of 10^-scale. */
  private BigInteger[] volumes = new BigInteger[FIRST_CAPACITY];

  /** The doubles nearest to the volumes, which decide whatever is not too close to tell. */
  private double[] nearly = new double[FIRST_CAPACITY];

  private int scale;
  private int size;
  private BigInteger total = BigInteger.ZERO;

  /** The newest one: from minute to minute it is mostly the same. */
  private ValueArea area;

  /** By decimals: how many minutes have a step of so many units of the last; at 0 all of them. */
  private final TreeMap<Integer, int[]> steps = new TreeMap<>();

  /**
   * That of the minute before, as its flow has it and as it is counted: mostly they are the same.
   */
  private BigDecimal knownStep;

  private PriceStep known;

  /** Adds a minute. */
  void add(MinuteFlow flow) {
    for (BucketVolume volume : flow.profile()) {
      BigInteger units = units(volume.baseVolume());
      int place = Arrays.binarySearch(buckets, 0, size, volume.bucket());
      if (place < 0) {
        place = -place - 1;
        insert(place, volume.bucket());
      }
      trades[place] += volume.tradeCount();
      set(place, volumes[place].add(units));
      total = total.add(units);
    }
    countStep(flow, 1);
  }

  /**
   * Takes a minute away.
   *
   * @throws IllegalArgumentException when it was not added before
   */
  void remove(MinuteFlow flow) {
    for (BucketVolume volume : flow.profile()) {
      int place = Arrays.binarySearch(buckets, 0, size, volume.bucket());
      if (place < 0 || trades[place] < volume.tradeCount()) {
        throw new IllegalArgumentException(
            "bucket %d was not added with %d trades"
                .formatted(volume.bucket(), volume.tradeCount()));
      }
      BigInteger units = units(volume.baseVolume());
      total = total.subtract(units);
      trades[place] -= volume.tradeCount();
      set(place, volumes[place].subtract(units));
      if (trades[place] == 0) {
        delete(place);
      }
    }
    countStep(flow, -1);
  }

  /** The value area, or null when no volume was traded. */
  ValueArea valueArea() {
    if (total.signum() == 0) {
      return null;
    }
    PriceStep step = step();
    int poc = pointOfControl();
    int low = poc;
    int high = poc;
    double sum = nearly[poc];
    double all = total.doubleValue();
    while (!isEnough(sum, all, low, high)) {
      // All of it is enough, so there is a bucket left on one side.
      if (growsUp(low, high, step)) {
        high++;
        sum += nearly[high];
      } else {
        low--;
        sum += nearly[low];
      }
    }
    if (area == null || !area.has(buckets[poc], buckets[low], buckets[high], step)) {
      area = ValueArea.of(buckets[poc], buckets[low], buckets[high], step);
    }
    return area;
  }

  /** Whether some buckets, with nearly so much in them, hold at least seven tenths of all. */
  private boolean isEnough(double sum, double all, int low, int high) {
    double surplus = sum - SHARE * all;
    if (Math.abs(surplus) > DOUBTFUL_SUM * all) {
      return surplus > 0;
    }
    BigInteger exact = BigInteger.ZERO;
    for (int i = low; i <= high; i++) {
      exact = exact.add(volumes[i]);
    }
    return exact.multiply(BigInteger.TEN).compareTo(total.multiply(SEVEN)) >= 0;
  }

  /** Compares the volumes of two buckets. */
  private int compare(int one, int other) {
    double difference = nearly[one] - nearly[other];
    return Math.abs(difference) > DOUBTFUL * nearly[one]
        ? difference > 0 ? 1 : -1
        : volumes[one].compareTo(volumes[other]);
  }

  /** How far apart the prices of all minutes are at least. */
  PriceStep step() {
    PriceStep step = null;
    int[] counts = steps.lastEntry().getValue();
    for (int units = 1; units < counts.length; units++) {
      if (counts[units] > 0) {
        PriceStep each = new PriceStep(steps.lastKey(), units);
        step = step == null ? each : step.with(each);
      }
    }
    return step;
  }

  private void countStep(MinuteFlow flow, int change) {
    if (flow.priceStep().signum() == 0) {
      return;
    }
    if (known == null || flow.priceStep().compareTo(knownStep) != 0) {
      knownStep = flow.priceStep();
      known = PriceStep.of(knownStep);
    }
    int[] counts = steps.computeIfAbsent(known.decimals(), key -> new int[MOST_UNITS + 1]);
    counts[known.units()] += change;
    counts[0] += change;
    if (counts[0] == 0) {
      steps.remove(known.decimals());
    }
  }

  /**
   * Whether the area grows towards higher prices. Empty buckets are not stored: with empty
   * neighbours on both sides the tie goes up, and goes on going up until the next traded bucket,
   * which is then larger than the empty one below.
   */
  private boolean growsUp(int low, int high, PriceStep step) {
    if (low == 0 || high == size - 1) {
      return low == 0;
    }
    boolean hasAbove = PriceBucket.areNeighbours(buckets[high], buckets[high + 1], step);
    boolean hasBelow = PriceBucket.areNeighbours(buckets[low - 1], buckets[low], step);
    return hasAbove && hasBelow
        ? compare(high + 1, low - 1) >= 0
        : hasAbove || !hasBelow || volumes[low - 1].signum() == 0;
  }

  private int pointOfControl() {
    long twiceMiddle = buckets[0] + buckets[size - 1];
    int best = 0;
    for (int i = 1; i < size; i++) {
      int byVolume = compare(i, best);
      // Ascending: of two equally near ones the lower was there first.
      if (byVolume > 0
          || byVolume == 0
              && Math.abs(2 * buckets[i] - twiceMiddle)
                  < Math.abs(2 * buckets[best] - twiceMiddle)) {
        best = i;
      }
    }
    return best;
  }

  /** A volume in this profile's units, which become smaller when it needs that. */
  private BigInteger units(BigDecimal volume) {
    if (volume.scale() > scale) {
      BigInteger finer = BigInteger.TEN.pow(volume.scale() - scale);
      for (int i = 0; i < size; i++) {
        set(i, volumes[i].multiply(finer));
      }
      total = total.multiply(finer);
      scale = volume.scale();
    }
    return volume.setScale(scale).unscaledValue();
  }

  private void set(int place, BigInteger volume) {
    volumes[place] = volume;
    nearly[place] = volume.doubleValue();
  }

  private void insert(int place, long bucket) {
    if (size == buckets.length) {
      buckets = Arrays.copyOf(buckets, 2 * size);
      trades = Arrays.copyOf(trades, 2 * size);
      volumes = Arrays.copyOf(volumes, 2 * size);
      nearly = Arrays.copyOf(nearly, 2 * size);
    }
    System.arraycopy(buckets, place, buckets, place + 1, size - place);
    System.arraycopy(trades, place, trades, place + 1, size - place);
    System.arraycopy(volumes, place, volumes, place + 1, size - place);
    System.arraycopy(nearly, place, nearly, place + 1, size - place);
    buckets[place] = bucket;
    trades[place] = 0;
    set(place, BigInteger.ZERO);
    size++;
  }

  private void delete(int place) {
    System.arraycopy(buckets, place + 1, buckets, place, size - place - 1);
    System.arraycopy(trades, place + 1, trades, place, size - place - 1);
    System.arraycopy(volumes, place + 1, volumes, place, size - place - 1);
    System.arraycopy(nearly, place + 1, nearly, place, size - place - 1);
    size--;
    volumes[size] = null;
  }
}
