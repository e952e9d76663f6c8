/** The Spark session of a verb, opened when there is something for it to do. */
package io.tapelake.jobs.session;
