package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.BucketVolume;
import io.tapelake.analytics.bar.DayBars;
import io.tapelake.analytics.bar.MinuteBar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The volume profiles of UTC days. */
public final class SessionProfiles {

  private SessionProfiles() {}

  /**
   * The profiles of the days that a range of minutes touches, as far as they go at its end.
   *
   * @param bars the minutes with trades from the beginning of its first day on
   */
  public static List<ProfileBucket> of(
      String instrument, NavigableMap<Long, MinuteBar> bars, MinuteRange range) {
    List<ProfileBucket> profiles = new ArrayList<>();
    for (MinuteRange day : days(range)) {
      long until = Math.min(day.to(), range.to());
      profiles.addAll(
          of(instrument, day.from(), bars.subMap(day.from(), true, until, true).values()));
    }
    return profiles;
  }

  /** The profile of a day, by its first minute and its minutes with trades. */
  public static List<ProfileBucket> of(
      String instrument, long session, Collection<MinuteBar> bars) {
    VolumeProfile profile = new VolumeProfile();
    TreeMap<Long, BucketVolume> volumes = new TreeMap<>();
    for (MinuteBar bar : bars) {
      profile.add(bar.flow());
      for (BucketVolume volume : bar.flow().profile()) {
        volumes.merge(volume.bucket(), volume, BucketVolume::merge);
      }
    }
    ValueArea area = profile.valueArea();
    List<ProfileBucket> buckets = new ArrayList<>();
    for (BucketVolume volume : volumes.values()) {
      buckets.add(
          new ProfileBucket(
              instrument,
              session,
              volume,
              profile.step(),
              area != null && volume.bucket() == area.poc(),
              area != null && area.contains(volume.bucket())));
    }
    return buckets;
  }

  /** The UTC days that a range of minutes touches. */
  public static List<MinuteRange> days(MinuteRange range) {
    List<MinuteRange> days = new ArrayList<>();
    long first = range.from() - Math.floorMod(range.from(), (long) DayBars.MINUTES_A_DAY);
    for (long day = first; day <= range.to(); day += DayBars.MINUTES_A_DAY) {
      days.add(new MinuteRange(day, day + DayBars.MINUTES_A_DAY - 1));
    }
    return days;
  }
}
