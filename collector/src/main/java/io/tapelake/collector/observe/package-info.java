/** What the collector shows of itself: metrics, health, and the state in the vault's files. */
package io.tapelake.collector.observe;
