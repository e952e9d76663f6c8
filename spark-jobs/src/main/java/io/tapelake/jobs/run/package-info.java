/**
 * A run from top to bottom, which stands once in {@code VwapJob}: raw files are found and read,
 * large works go to Spark's tasks, small ones block by block, and what was made begins to count.
 */
package io.tapelake.jobs.run;
