/**
 * History: the exchange's official files and REST pages merged into the raw files, and closed days
 * compressed.
 */
package io.tapelake.collector.history;
