package io.tapelake.collector.write;

import io.tapelake.vault.ParsedTrade;

/** Told of the trades of a day file whose predecessor by id is not on the line before. */
@FunctionalInterface
public interface LoneTrades {

  /**
   * @param trade only good until this returns
   * @param count how many ids it is known to stand for; 1 also when nobody counted
   */
  void found(ParsedTrade trade, int count);
}
