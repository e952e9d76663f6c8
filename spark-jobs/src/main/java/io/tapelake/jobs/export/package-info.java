/** The JSONL files of an instrument, whose lines are made of rows of the tables. */
package io.tapelake.jobs.export;
