/** Files of the vault: day files, torn tails, the lock, and what the collector remembers. */
package io.tapelake.collector.write;
