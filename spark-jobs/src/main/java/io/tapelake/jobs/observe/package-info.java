/** The figures of the job's runs for Prometheus: served, or in a file for node_exporter. */
package io.tapelake.jobs.observe;
