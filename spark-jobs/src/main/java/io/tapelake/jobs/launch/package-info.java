/** Starts a Spark verb as the launcher asks: in this process, or by spark-submit. */
package io.tapelake.jobs.launch;
