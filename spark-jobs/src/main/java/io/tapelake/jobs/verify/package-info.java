/** Outputs computed again from the raw files and compared with what is there. */
package io.tapelake.jobs.verify;
