/**
 * How a command ends: what a run did and took, step by step, and what went wrong, in words for a
 * person.
 */
package io.tapelake.jobs.outcome;
