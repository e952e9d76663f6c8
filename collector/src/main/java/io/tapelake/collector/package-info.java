/** The collector: a long-running process that captures every trade exactly once. */
package io.tapelake.collector;
