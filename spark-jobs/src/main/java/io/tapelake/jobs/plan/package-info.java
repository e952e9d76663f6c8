/**
 * What a run has to do, decided from the files found and the cursors alone: pure functions without
 * Spark and without I/O.
 */
package io.tapelake.jobs.plan;
