/** Parquet files of the tables, written without going through Spark. */
package io.tapelake.jobs.parquet;
