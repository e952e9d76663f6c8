/**
 * Rolling windows over minutes: Spark SQL sums exact integers in RANGE frames, and each quotient is
 * rounded once.
 *
 * <p>An exact sum has no SQL type, so it travels through Spark as integer limbs of 48 bits in
 * BIGINT columns ({@link io.tapelake.jobs.window.Limbs}). A frame of at most 10,080 minutes adds
 * fewer than 2^14 of them, so a limb's sum stays below 2^62; the limbs' sums put together again are
 * the exact sum of the frame.
 */
package io.tapelake.jobs.window;
