/**
 * The Delta tables: their files, what the log says of them, and commits that say which run made
 * them.
 */
package io.tapelake.jobs.lake;
