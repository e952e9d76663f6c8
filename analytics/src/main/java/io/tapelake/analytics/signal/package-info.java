/**
 * What happened between price, VWAP and flow, as events: a machine that goes from minute to minute
 * with a state that can be written down, and signals that it gives off. No Spark, no I/O.
 */
package io.tapelake.analytics.signal;
