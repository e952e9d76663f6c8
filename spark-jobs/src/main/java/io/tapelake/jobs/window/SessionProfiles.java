package io.tapelake.jobs.window;

import io.tapelake.jobs.analytics.ValueArea;
import io.tapelake.jobs.analytics.VolumeProfile;
import io.tapelake.jobs.minute.DayBars;
import io.tapelake.jobs.minute.MinuteBar;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

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
      VolumeProfile profile = new VolumeProfile();
      long until = Math.min(day.to(), range.to());
      for (MinuteBar bar : bars.subMap(day.from(), true, until, true).values()) {
        profile.add(bar.flow().profile());
      }
      ValueArea area = profile.valueArea();
      profile
          .buckets()
          .forEach(
              each ->
                  profiles.add(
                      new ProfileBucket(
                          instrument,
                          day.from(),
                          each,
                          area != null && each.bucket() == area.poc(),
                          area != null && area.contains(each.bucket()))));
    }
    return profiles;
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
