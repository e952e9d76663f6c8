/** What is there of each day, as {@code coverage} tells it. */
package io.tapelake.collector.inventory;
