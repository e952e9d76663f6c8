/**
 * What counts: the publication of the last run, files that begin to count together with it,
 * cursors.
 */
package io.tapelake.jobs.published;
