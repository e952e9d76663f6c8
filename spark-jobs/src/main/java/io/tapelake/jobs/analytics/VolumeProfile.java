package io.tapelake.jobs.analytics;

import io.tapelake.jobs.minute.BucketVolume;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/**
 * The volume by price bucket of some minutes, to which minutes are added and from which they are
 * taken away again. Not thread safe.
 */
public final class VolumeProfile {

  private static final int FIRST_CAPACITY = 64;

  /** The buckets with trades, ascending; the arrays beside it hold what was traded in each. */
  private long[] buckets = new long[FIRST_CAPACITY];

  private BucketVolume[] volumes = new BucketVolume[FIRST_CAPACITY];
  private int size;
  private BigDecimal total = BigDecimal.ZERO;

  /** Adds a minute's buckets. */
  public void add(List<BucketVolume> minute) {
    for (BucketVolume volume : minute) {
      int place = Arrays.binarySearch(buckets, 0, size, volume.bucket());
      if (place >= 0) {
        volumes[place] = volumes[place].merge(volume);
      } else {
        insert(-place - 1, volume);
      }
      total = total.add(volume.baseVolume());
    }
  }

  /**
   * Takes a minute's buckets away.
   *
   * @throws IllegalArgumentException when they were not added before
   */
  public void remove(List<BucketVolume> minute) {
    for (BucketVolume volume : minute) {
      int place = Arrays.binarySearch(buckets, 0, size, volume.bucket());
      if (place < 0 || volumes[place].tradeCount() < volume.tradeCount()) {
        throw new IllegalArgumentException(
            "bucket %d was not added with %d trades"
                .formatted(volume.bucket(), volume.tradeCount()));
      }
      if (volumes[place].tradeCount() == volume.tradeCount()) {
        delete(place);
      } else {
        volumes[place] = less(volumes[place], volume);
      }
      total = total.subtract(volume.baseVolume());
    }
  }

  /** Takes everything away. */
  public void clear() {
    Arrays.fill(volumes, 0, size, null);
    size = 0;
    total = BigDecimal.ZERO;
  }

  /** What was traded by bucket, ascending; buckets without trades are left out. */
  public List<BucketVolume> buckets() {
    return List.of(Arrays.copyOf(volumes, size));
  }

  /** Base volume of all buckets. */
  public BigDecimal total() {
    return total;
  }

  /** The value area, or null when no volume was traded. */
  public ValueArea valueArea() {
    if (total.signum() == 0) {
      return null;
    }
    BigDecimal target = total.multiply(ValueArea.SHARE);
    int poc = pointOfControl();
    int low = poc;
    int high = poc;
    BigDecimal sum = volume(poc);
    while (sum.compareTo(target) < 0) {
      // The target is at most the total, so there is a bucket left on one side.
      if (growsUp(low, high)) {
        high++;
        sum = sum.add(volume(high));
      } else {
        low--;
        sum = sum.add(volume(low));
      }
    }
    return new ValueArea(buckets[poc], buckets[low], buckets[high], sum);
  }

  /**
   * Whether the area grows towards higher prices. Empty buckets are not stored: with empty
   * neighbours on both sides the tie goes up, and goes on going up until the next traded bucket,
   * which is then larger than the empty one below.
   */
  private boolean growsUp(int low, int high) {
    if (low == 0 || high == size - 1) {
      return low == 0;
    }
    BigDecimal below = buckets[low - 1] == buckets[low] - 1 ? volume(low - 1) : BigDecimal.ZERO;
    BigDecimal above = buckets[high + 1] == buckets[high] + 1 ? volume(high + 1) : BigDecimal.ZERO;
    return above.compareTo(below) >= 0;
  }

  private int pointOfControl() {
    long twiceMiddle = buckets[0] + buckets[size - 1];
    int best = 0;
    for (int i = 1; i < size; i++) {
      int byVolume = volume(i).compareTo(volume(best));
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

  private BigDecimal volume(int place) {
    return volumes[place].baseVolume();
  }

  private static BucketVolume less(BucketVolume all, BucketVolume part) {
    return new BucketVolume(
        all.bucket(),
        all.tradeCount() - part.tradeCount(),
        all.baseVolume().subtract(part.baseVolume()),
        all.buyBaseVolume().subtract(part.buyBaseVolume()));
  }

  private void insert(int place, BucketVolume volume) {
    if (size == buckets.length) {
      buckets = Arrays.copyOf(buckets, 2 * size);
      volumes = Arrays.copyOf(volumes, 2 * size);
    }
    System.arraycopy(buckets, place, buckets, place + 1, size - place);
    System.arraycopy(volumes, place, volumes, place + 1, size - place);
    buckets[place] = volume.bucket();
    volumes[place] = volume;
    size++;
  }

  private void delete(int place) {
    System.arraycopy(buckets, place + 1, buckets, place, size - place - 1);
    System.arraycopy(volumes, place + 1, volumes, place, size - place - 1);
    size--;
    volumes[size] = null;
  }
}
