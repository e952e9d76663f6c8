/**
 * The verbs, their options and their configuration: from a command line to a run, and from a run to
 * an exit code.
 */
package io.tapelake.jobs.cli;
