/** What every program of this project says of itself to Prometheus, and the port where it does. */
package io.tapelake.metrics;
