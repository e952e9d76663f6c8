package io.tapelake.vault;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;

/**
 * The trade that a parser read last. One instance is reused for every line, so that reading
 * millions of lines allocates next to nothing; take {@link #toTrade} of what has to be kept. Not
 * thread-safe.
 *
 * <p>Price and contracts are integers with a scale, such as 618003 and 1 for 61800.3, where the
 * digits fit into a long. Where they do not, the unscaled value is {@link #WIDE} and the number is
 * to be had from {@link #price()} or {@link #contracts()}, which serve in both cases.
 */
public final class ParsedTrade {

  /** Stands for an unscaled value of more than 18 digits. */
  public static final long WIDE = -1;

  /** The order of a tape: by event time, then by id. */
  public static final Comparator<ParsedTrade> BY_TIME_AND_ID =
      Comparator.comparingLong(ParsedTrade::epochSecond)
          .thenComparingInt(ParsedTrade::nano)
          .thenComparingLong(ParsedTrade::id);

  private static final int NANOS_A_MILLI = 1_000_000;
  private static final int LONG_DIGITS = 18;

  private long epochSecond;
  private int nano;
  private long id;
  private TakerSide side;
  private long unscaledPrice;
  private int priceScale;
  private BigDecimal widePrice;
  private long unscaledContracts;
  private int contractsScale;
  private BigDecimal wideContracts;
  private Contract contract;

  public long epochSecond() {
    return epochSecond;
  }

  public int nano() {
    return nano;
  }

  /** The event time in milliseconds since 1970. */
  public long millis() {
    return epochSecond * 1000 + nano / NANOS_A_MILLI;
  }

  public long id() {
    return id;
  }

  public TakerSide side() {
    return side;
  }

  /** The price × 10^{@link #priceScale}, or {@link #WIDE}. */
  public long unscaledPrice() {
    return unscaledPrice;
  }

  public int priceScale() {
    return priceScale;
  }

  /** The quantity in contracts × 10^{@link #contractsScale}, or {@link #WIDE}. */
  public long unscaledContracts() {
    return unscaledContracts;
  }

  public int contractsScale() {
    return contractsScale;
  }

  public Contract contract() {
    return contract;
  }

  public BigDecimal price() {
    return unscaledPrice == WIDE ? widePrice : BigDecimal.valueOf(unscaledPrice, priceScale);
  }

  public BigDecimal contracts() {
    return unscaledContracts == WIDE
        ? wideContracts
        : BigDecimal.valueOf(unscaledContracts, contractsScale);
  }

  public void setTime(long epochSecond, int nano) {
    this.epochSecond = epochSecond;
    this.nano = nano;
  }

  public void setId(long id) {
    this.id = id;
  }

  public void setSide(TakerSide side) {
    this.side = side;
  }

  public void setPrice(long unscaled, int scale) {
    unscaledPrice = unscaled;
    priceScale = scale;
  }

  public void setPrice(BigDecimal price) {
    widePrice = price;
    unscaledPrice = unscaled(price);
    priceScale = price.scale();
  }

  public void setContracts(long unscaled, int scale) {
    unscaledContracts = unscaled;
    contractsScale = scale;
  }

  public void setContracts(BigDecimal contracts) {
    wideContracts = contracts;
    unscaledContracts = unscaled(contracts);
    contractsScale = contracts.scale();
  }

  public void setContract(Contract contract) {
    this.contract = contract;
  }

  /** A copy that lasts while this one is used again. */
  public ParsedTrade copy() {
    ParsedTrade copy = new ParsedTrade();
    copy.epochSecond = epochSecond;
    copy.nano = nano;
    copy.id = id;
    copy.side = side;
    copy.unscaledPrice = unscaledPrice;
    copy.priceScale = priceScale;
    copy.widePrice = unscaledPrice == WIDE ? widePrice : null;
    copy.unscaledContracts = unscaledContracts;
    copy.contractsScale = contractsScale;
    copy.wideContracts = unscaledContracts == WIDE ? wideContracts : null;
    copy.contract = contract;
    return copy;
  }

  /** A copy that lasts. */
  public Trade toTrade(String instrument) {
    return new Trade(
        Instant.ofEpochSecond(epochSecond, nano),
        instrument,
        id,
        side,
        price(),
        contracts(),
        contract);
  }

  /**
   * Whether two lines that share a trade id say the same about it: time, side, price, quantity and
   * contract terms, compared as values (61800.3 and 61800.30 are the same price).
   */
  public static boolean sameContent(Trade one, Trade other) {
    return one.time().equals(other.time())
        && one.side() == other.side()
        && one.price().compareTo(other.price()) == 0
        && one.contracts().compareTo(other.contracts()) == 0
        && one.contract().equals(other.contract());
  }

  private static long unscaled(BigDecimal number) {
    return number.precision() <= LONG_DIGITS ? number.unscaledValue().longValue() : WIDE;
  }
}
