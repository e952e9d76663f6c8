package io.tapelake.jobs.window;

import io.tapelake.jobs.minute.BucketVolume;

/**
 * What was traded in a price bucket on a UTC day.
 *
 * @param instrument the instrument
 * @param session the day's first minute
 * @param volume the bucket and its volume
 * @param isPoc whether it is the point of control, the bucket with the largest volume
 * @param inValueArea whether it belongs to the value area around the point of control
 */
public record ProfileBucket(
    String instrument, long session, BucketVolume volume, boolean isPoc, boolean inValueArea) {}
