/**
 * What the exact sums of minutes come to over spans of them: VWAPs, and statistics around them. No
 * Spark, no I/O.
 *
 * <p>Sums are exact. VWAPs are rounded once, to 50 significant digits, HALF_EVEN. A statistic is
 * the double nearest to an exact ratio, or the root of one. What is undefined is null or NaN, and
 * never an exception.
 */
package io.tapelake.analytics.window;
