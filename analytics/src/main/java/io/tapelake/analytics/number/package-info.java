/**
 * Exact numbers and how they are rounded: quotients to 50 digits, statistics to the nearest double,
 * decimals as tables hold them, digits as text.
 */
package io.tapelake.analytics.number;
