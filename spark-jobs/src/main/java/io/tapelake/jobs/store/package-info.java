/** The vault as a tree of files, on a local disk or any file system that Hadoop knows. */
package io.tapelake.jobs.store;
