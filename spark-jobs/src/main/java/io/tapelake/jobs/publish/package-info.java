/**
 * What a run leaves behind, in the order in which it is written: Delta tables, export and
 * quarantine, cursor. The journal tells the next run what to undo when a run did not get to the end
 * of that.
 */
package io.tapelake.jobs.publish;
