package io.tapelake.collector.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides when a trouble that lasts is said in the log: at once, then after a minute, after two
 * more, four, up to an hour. Not thread-safe.
 */
public final class Complaints {

  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  private record Said(Instant next, Duration pause) {}

  private final Map<String, Said> said = new HashMap<>();

  /** Whether a trouble is to be said now. */
  public boolean due(String about, Instant now) {
    Said last = said.get(about);
    if (last != null && now.isBefore(last.next())) {
      return false;
    }
    // After a quiet spell it is news again.
    boolean isNews = last == null || now.isAfter(last.next().plus(last.pause()).plus(FIRST));
    Duration pause = isNews ? FIRST : last.pause().multipliedBy(2);
    pause = pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    said.put(about, new Said(now.plus(pause), pause));
    return true;
  }
}
