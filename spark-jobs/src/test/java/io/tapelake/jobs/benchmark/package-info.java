/** Measures whole runs as fresh processes, beside DuckDB doing the same work on the same files. */
package io.tapelake.jobs.benchmark;
