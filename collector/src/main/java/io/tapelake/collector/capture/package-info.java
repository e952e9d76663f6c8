/**
 * The capture of trades: what the exchange says is judged, gets its contract terms and goes to the
 * files once; what is missing is asked for. One thread, nothing waits.
 */
package io.tapelake.collector.capture;
