/** The socket and REST: staying connected, within the exchange's limits, and knowing when not. */
package io.tapelake.collector.connect;
