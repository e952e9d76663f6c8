/**
 * The columns of the tables, each with where its value comes from, and rows packed as Parquet has
 * them. No Spark job, no I/O.
 */
package io.tapelake.jobs.table;
