/**
 * History: the exchange's official files and REST pages merged into the raw files, closed days
 * compressed, and a table of what is there.
 */
package io.tapelake.collector.history;
