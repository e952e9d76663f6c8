/**
 * Contract metadata: what the exchange says of an instrument, guarded, kept, and looked up by time.
 */
package io.tapelake.collector.meta;
