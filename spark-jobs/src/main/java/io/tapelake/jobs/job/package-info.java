/** The verbs, their configuration, and the flow of a run, which stands once in {@code VwapJob}. */
package io.tapelake.jobs.job;
