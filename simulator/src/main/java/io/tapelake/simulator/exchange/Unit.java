package io.tapelake.simulator.exchange;

import io.tapelake.simulator.tape.Print;

/**
 * What one row of a push reports.
 *
 * @param channel on which
 * @param last the trade, or the last of those that are reported together
 * @param lots of all of them
 * @param count how many they are
 */
record Unit(Channel channel, Print last, long lots, int count) {

  static Unit single(Print print) {
    return new Unit(Channel.TRADES_ALL, print, print.lots(), 1);
  }
}
