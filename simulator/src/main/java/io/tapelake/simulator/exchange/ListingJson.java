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

  private ListingJson() {}

  /** A row of {@code public/instruments} at that time. */
  static String row(Listing first, Lifecycle lifecycle, Instant now) {
    Listing listing = lifecycle.served(first, now);
    boolean linear = listing.contract().type() == ContractType.LINEAR;
    StringBuilder out = new StringBuilder(1200).append('{');
    text(out, "alias", "");
    text(out, "auctionEndTime", "");
    text(out, "baseCcy", "");
    text(out, "category", "1");
    text(out, "contTdSwTime", "1611916860000");
    text(out, "ctMult", listing.contract().multiplier().toPlainString());
    text(out, "ctType", listing.contract().type().text());
    text(out, "ctVal", listing.contract().value().toPlainString());
    text(out, "ctValCcy", linear ? listing.base() : listing.quote());
    text(out, "expTime", expiry(lifecycle, now));
    text(out, "freq", "");
    raw(out, "futureSettlement", "false");
    text(out, "groupId", "4");
    text(out, "instCategory", "1");
    text(out, "instFamily", listing.family());
    text(out, "instId", listing.instrument());
    raw(out, "instIdCode", Integer.toString(listing.code()));
    text(out, "instType", "SWAP");
    text(out, "lever", "100");
    text(out, "listTime", "1573557408000");
    text(out, "longPosRemainingQuota", "");
    text(out, "lotSz", listing.lotSize().toPlainString());
    text(out, "maxIcebergSz", "100000000.0000000000000000");
    text(out, "maxLmtAmt", "20000000");
    text(out, "maxLmtSz", "100000000");
    text(out, "maxMktAmt", "");
    text(out, "maxMktSz", "34000");
    text(out, "maxPlatOILmt", "10000000000000");
    text(out, "maxStopSz", "34000");
    text(out, "maxTriggerSz", "100000000.0000000000000000");
    text(out, "maxTwapSz", "100000000.0000000000000000");
    text(out, "method", "");
    text(out, "minSz", listing.lotSize().toPlainString());
    text(out, "openType", "call_auction");
    text(out, "optType", "");
    text(out, "posLmtAmt", "250000");
    text(out, "posLmtPct", "30");
    text(out, "preMktSwTime", "");
    text(out, "quoteCcy", "");
    text(out, "ruleType", "normal");
    text(out, "seriesId", "");
    text(out, "settleCcy", linear ? listing.quote() : listing.base());
    text(out, "shortPosRemainingQuota", "");
    text(out, "state", lifecycle.state(now));
    text(out, "stk", "");
    text(out, "tickSz", listing.tickSize().toPlainString());
    raw(out, "tradeQuoteCcyList", "[]");
    text(out, "uly", listing.family());
    raw(out, "upcChg", announced(lifecycle, now));
    out.setCharAt(out.length() - 1, '}');
    return out.toString();
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

  private static void text(StringBuilder out, String name, String value) {
    out.append('"').append(name).append("\":\"").append(value).append("\",");
  }

  private static void raw(StringBuilder out, String name, String value) {
    out.append('"').append(name).append("\":").append(value).append(',');
  }
}
