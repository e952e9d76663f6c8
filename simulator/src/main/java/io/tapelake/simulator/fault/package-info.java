/** What can go wrong on the simulated exchange, when, and how it is written down. */
package io.tapelake.simulator.fault;
