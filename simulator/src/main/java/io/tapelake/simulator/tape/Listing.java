package io.tapelake.simulator.tape;

import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import java.math.BigDecimal;
import java.util.List;

/**
 * A perpetual swap as the simulated exchange lists it.
 *
 * @param instrument such as BTC-USDT-SWAP
 * @param code the exchange's numeric name of it
 * @param contract its terms
 * @param tickSize the step of its prices
 * @param lotSize the step of its quantities, in contracts
 * @param firstPrice about where its tape begins
 * @param activity its share of all trades, relative to other listings
 */
public record Listing(
    String instrument,
    int code,
    Contract contract,
    BigDecimal tickSize,
    BigDecimal lotSize,
    BigDecimal firstPrice,
    int activity) {

  /** Terms as the exchange served them in April 2026. */
  private static final List<Listing> KNOWN =
      List.of(
          linear("BTC-USDT-SWAP", 10459, "0.01", "0.1", "0.01", "101250.5", 50),
          linear("ETH-USDT-SWAP", 10461, "0.1", "0.01", "0.01", "3390.25", 30),
          linear("SOL-USDT-SWAP", 10530, "1", "0.01", "0.01", "182.4", 12),
          linear("XRP-USDT-SWAP", 10471, "100", "0.0001", "0.01", "2.2841", 6),
          linear("DOGE-USDT-SWAP", 10502, "1000", "0.00001", "0.01", "0.17482", 6),
          inverse("BTC-USD-SWAP", 10458, "100", "0.1", "0.1", "101230.2", 5),
          inverse("ETH-USD-SWAP", 10460, "10", "0.01", "1", "3389.7", 3),
          inverse("LTC-USD-SWAP", 10462, "10", "0.01", "1", "96.31", 1));

  public Listing {
    DayFile.checkInstrument(instrument);
    if (activity < 1) {
      throw new IllegalArgumentException("activity of " + instrument + " is not positive");
    }
  }

  /**
   * The listing of that name; one that is not known by heart gets terms made up from its name.
   *
   * @throws IllegalArgumentException when it is not of the form BASE-QUOTE-SWAP
   */
  public static Listing of(String instrument) {
    return KNOWN.stream()
        .filter(listing -> listing.instrument.equals(instrument))
        .findFirst()
        .orElseGet(() -> madeUp(instrument));
  }

  /** The instruments whose terms are those of the real exchange. */
  public static List<String> known() {
    return KNOWN.stream().map(Listing::instrument).toList();
  }

  /** Such as BTC-USDT for BTC-USDT-SWAP; the exchange's {@code uly} and {@code instFamily}. */
  public String family() {
    return instrument.substring(0, instrument.lastIndexOf('-'));
  }

  /** Such as BTC. */
  public String base() {
    return instrument.substring(0, instrument.indexOf('-'));
  }

  /** Such as USDT. */
  public String quote() {
    return family().substring(base().length() + 1);
  }

  /** The same instrument under other terms. */
  Listing with(Contract newContract, BigDecimal newLotSize) {
    return new Listing(instrument, code, newContract, tickSize, newLotSize, firstPrice, activity);
  }

  private static Listing madeUp(String instrument) {
    if (!instrument.matches("[A-Z0-9]+-[A-Z0-9]+-SWAP")) {
      throw new IllegalArgumentException(
          "not a perpetual swap: " + instrument + "; name it like BTC-USDT-SWAP");
    }
    int code = 20_000 + Math.floorMod(instrument.hashCode(), 100_000);
    return instrument.endsWith("-USD-SWAP")
        ? inverse(instrument, code, "10", "0.001", "1", "10", 2)
        : linear(instrument, code, "1", "0.001", "0.1", "10", 2);
  }

  private static Listing linear(
      String name, int code, String value, String tick, String lot, String price, int activity) {
    return listing(name, code, value, ContractType.LINEAR, tick, lot, price, activity);
  }

  private static Listing inverse(
      String name, int code, String value, String tick, String lot, String price, int activity) {
    return listing(name, code, value, ContractType.INVERSE, tick, lot, price, activity);
  }

  private static Listing listing(
      String name,
      int code,
      String value,
      ContractType type,
      String tick,
      String lot,
      String price,
      int activity) {
    return new Listing(
        name,
        code,
        new Contract(new BigDecimal(value), BigDecimal.ONE, type),
        new BigDecimal(tick),
        new BigDecimal(lot),
        new BigDecimal(price),
        activity);
  }
}
