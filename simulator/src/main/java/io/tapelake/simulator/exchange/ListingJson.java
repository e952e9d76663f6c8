package io.tapelake.simulator.exchange;

import io.tapelake.simulator.tape.Lifecycle;
import io.tapelake.simulator.tape.Listing;
import io.tapelake.vault.ContractType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** An instrument's metadata as the exchange serves it. */
final class ListingJson {

  /** How long before it happens a change of the lot size, or a delisting, is announced. */
  private static final Duration ANNOUNCED = Duration.ofHours(1);

  /** The row as the exchange sends it, in its order of the keys. */
  private static final String ROW =
      """
      {"alias":"","auctionEndTime":"","baseCcy":"","category":"1","contTdSwTime":"1611916860000",\
      "ctMult":"%s","ctType":"%s","ctVal":"%s","ctValCcy":"%s","expTime":"%s","freq":"",\
      "futureSettlement":false,"groupId":"4","instCategory":"1","instFamily":"%s","instId":"%s",\
      "instIdCode":%s,"instType":"SWAP","lever":"100","listTime":"1573557408000",\
      "longPosRemainingQuota":"","lotSz":"%s","maxIcebergSz":"100000000.0000000000000000",\
      "maxLmtAmt":"20000000","maxLmtSz":"100000000","maxMktAmt":"","maxMktSz":"34000",\
      "maxPlatOILmt":"10000000000000","maxStopSz":"34000",\
      "maxTriggerSz":"100000000.0000000000000000","maxTwapSz":"100000000.0000000000000000",\
      "method":"","minSz":"%s","openType":"call_auction","optType":"","posLmtAmt":"250000",\
      "posLmtPct":"30","preMktSwTime":"","quoteCcy":"","ruleType":"normal","seriesId":"",\
      "settleCcy":"%s","shortPosRemainingQuota":"","state":"%s","stk":"","tickSz":"%s",\
      "tradeQuoteCcyList":[],"uly":"%s","upcChg":%s}""";

  private ListingJson() {}

  /** A row of {@code public/instruments} at that time. */
  static String row(Listing first, Lifecycle lifecycle, Instant now) {
    Listing listing = lifecycle.served(first, now);
    boolean linear = listing.contract().type() == ContractType.LINEAR;
    return ROW.formatted(
        listing.contract().multiplier().toPlainString(),
        listing.contract().type().text(),
        listing.contract().value().toPlainString(),
        linear ? listing.base() : listing.quote(),
        expiry(lifecycle, now),
        listing.family(),
        listing.instrument(),
        listing.code(),
        listing.lotSize().toPlainString(),
        listing.lotSize().toPlainString(),
        linear ? listing.quote() : listing.base(),
        lifecycle.state(now),
        listing.tickSize().toPlainString(),
        listing.family(),
        announced(lifecycle, now));
  }

  private static String expiry(Lifecycle lifecycle, Instant now) {
    return lifecycle.halts().stream()
        .filter(halt -> halt.state().equals("expired"))
        .map(Lifecycle.Halt::from)
        .filter(from -> isAnnounced(from, now))
        .map(from -> Long.toString(from.toEpochMilli()))
        .findFirst()
        .orElse("");
  }

  private static String announced(Lifecycle lifecycle, Instant now) {
    StringBuilder out = new StringBuilder("[");
    for (Lifecycle.Change change : lifecycle.changes()) {
      BigDecimal lotSize = change.lotSize();
      if (lotSize != null && now.isBefore(change.at()) && isAnnounced(change.at(), now)) {
        out.append(out.length() > 1 ? "," : "")
            .append("{\"param\":\"minSz\",\"newValue\":\"")
            .append(lotSize.toPlainString())
            .append("\",\"effTime\":\"")
            .append(change.at().toEpochMilli())
            .append("\"}");
      }
    }
    return out.append(']').toString();
  }

  private static boolean isAnnounced(Instant event, Instant now) {
    return !now.isBefore(event.minus(ANNOUNCED));
  }
}
