/** Entry points of the Spark jobs. */
package io.tapelake.jobs;
