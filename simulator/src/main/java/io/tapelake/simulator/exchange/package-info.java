/** How the simulated exchange behaves, without sockets: sessions, pushes, REST answers, limits. */
package io.tapelake.simulator.exchange;
