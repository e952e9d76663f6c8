package io.tapelake.analytics.window;

import io.tapelake.analytics.bar.BucketVolume;
import io.tapelake.analytics.bar.PriceBucket;
import io.tapelake.analytics.bar.PriceStep;
import java.math.BigDecimal;

/**
 * What was traded in a price bucket on a UTC day.
 *
 * @param instrument the instrument
 * @param session the day's first minute
 * @param volume the bucket and its volume
 * @param step how far apart the day's prices are at least, which is the least width of a row
 * @param isPoc whether it is the point of control, the bucket with the largest volume
 * @param inValueArea whether it belongs to the value area around the point of control
 */
public record ProfileBucket(
    String instrument,
    long session,
    BucketVolume volume,
    PriceStep step,
    boolean isPoc,
    boolean inValueArea) {

  /** The lowest price of the row. */
  public BigDecimal lower() {
    return PriceBucket.lower(volume.bucket(), step.toDecimal());
  }

  /** The lowest price above the row. */
  public BigDecimal upper() {
    return PriceBucket.upper(volume.bucket(), step.toDecimal());
  }
}
