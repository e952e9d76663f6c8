/**
 * What traders compute from a minute's exact sums, as pure functions: bands, imbalance, value
 * areas, price impact. Sums are exact. A quotient or a root of exact numbers is rounded once, to 50
 * significant digits, HALF_EVEN; what is undefined is null, and never NaN or an exception. No
 * Spark, no I/O.
 */
package io.tapelake.jobs.analytics;
