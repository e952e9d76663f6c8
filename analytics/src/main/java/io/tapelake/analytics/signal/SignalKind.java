package io.tapelake.analytics.signal;

import java.util.Locale;

/** What a signal says. The direction is where the price is or goes, unless said otherwise. */
public enum SignalKind {
  /** The close got far above (up) or below (down) a VWAP. */
  DEVIATION_ENTERED,
  /** A close that was far above (up) or below (down) a VWAP is near it again. */
  DEVIATION_LEFT,
  /** The faster VWAP crossed the slower one upwards or downwards. */
  VWAP_CROSS,
  /** The price came down to a VWAP from above (down) or up to it from below (up). */
  LEVEL_TOUCH,
  /** After a touch the price went back up (up, from above) or down (down, from below). */
  LEVEL_BOUNCE,
  /** After a touch the price closed above (up) or below (down) the VWAP for good. */
  LEVEL_BREAK,
  /** Above VWAP, and takers buy. Up. */
  CONFIRMED_BUYING,
  /** Below VWAP, and takers sell. Down. */
  CONFIRMED_SELLING,
  /** Below VWAP, and takers buy. Up. */
  ACCUMULATION,
  /** Above VWAP, and takers sell. Down. */
  DISTRIBUTION;

  /** As the outputs have it, such as {@code level_touch}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
