/** SQL for people: statements, the vault's tables, results, completion and errors in few words. */
package io.tapelake.jobs.sql;
