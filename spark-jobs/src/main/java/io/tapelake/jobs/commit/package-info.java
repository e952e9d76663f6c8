/**
 * Who holds the vault, what a run published and what is undone of one that did not end, and upkeep.
 */
package io.tapelake.jobs.commit;
