/** A local exchange that speaks the OKX protocol on loopback, for trying and testing things. */
package io.tapelake.simulator;
