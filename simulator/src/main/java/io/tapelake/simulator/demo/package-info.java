/** The demo: a simulated exchange, recorded and shown by this project's own programs. */
package io.tapelake.simulator.demo;
