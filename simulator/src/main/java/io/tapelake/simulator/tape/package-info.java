/** What is traded on the simulated exchange: a tape of trades that is a function of its seed. */
package io.tapelake.simulator.tape;
