package io.tapelake.live.serve;

import io.tapelake.live.market.InstrumentTape;
import io.tapelake.live.market.Market;
import java.util.Locale;

/**
 * Whether what is shown of an instrument is of now. A tape that is quiet while others trade is
 * stale after 3 s and lost after 10 s; where nothing trades at all, that may be the market, and it
 * takes longer. A vault or file that cannot be read makes it stale at once.
 */
final class Liveness {

  private static final long STALE_MILLIS = 3_000;
  private static final long LOST_MILLIS = 10_000;
  private static final long ALL_STALE_MILLIS = 10_000;
  private static final long ALL_LOST_MILLIS = 60_000;
  private static final long NANOS_A_MILLI = 1_000_000;

  private final Market market;

  /** How far a tape can be trusted to be of now. */
  enum State {
    LIVE,
    STALE,
    LOST;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Liveness(Market market) {
    this.market = market;
  }

  State state(InstrumentTape tape, long now) {
    long quiet = quietMillis(tape, now);
    long others = Long.MAX_VALUE;
    for (InstrumentTape each : market.tapes()) {
      if (each != tape) {
        others = Math.min(others, quietMillis(each, now));
      }
    }
    boolean othersTrade = others < STALE_MILLIS;
    if (quiet >= (othersTrade ? LOST_MILLIS : ALL_LOST_MILLIS)) {
      return State.LOST;
    }
    return trouble(tape) != null || quiet >= (othersTrade ? STALE_MILLIS : ALL_STALE_MILLIS)
        ? State.STALE
        : State.LIVE;
  }

  /** How long ago the newest trade came. */
  long quietMillis(InstrumentTape tape, long now) {
    return (now - tape.takenAtNanos()) / NANOS_A_MILLI;
  }

  /** What keeps the tape from being read, or null. */
  String trouble(InstrumentTape tape) {
    return market.trouble() != null ? market.trouble() : tape.trouble();
  }
}
