package io.tapelake.vault;

import java.util.Locale;

/**
 * Why a raw line is not a trade. Where several reasons hold, the first in this order is given.
 *
 * <p>A conflicting duplicate is a valid line: it repeats the id of an earlier trade of its file and
 * says something else about it.
 */
public enum RefusalReason {
  /** Not exactly one JSON object in UTF-8. */
  MALFORMED_JSON,
  /** More than {@link TradeLine#MAX_BYTES} bytes before the LF. */
  LINE_TOO_LONG,
  /** A required key is absent or its value is not a string. */
  MISSING_FIELD,
  /** Not {@code YYYY-MM-DDTHH:MM:SS[.f]Z} with f of 1 to 9 digits, or no real instant. */
  BAD_TIMESTAMP,
  /** An instant of another UTC day than the file's. */
  WRONG_DAY,
  /** Not {@code okx}. */
  WRONG_EXCHANGE,
  /** Not the name of the folder the file lies in. */
  WRONG_INSTRUMENT,
  /** Not 1 to 18 ASCII digits. */
  BAD_TRADE_ID,
  /** Neither {@code buy} nor {@code sell}. */
  BAD_SIDE,
  /** Neither {@code linear} nor {@code inverse}. */
  BAD_CT_TYPE,
  /** Not a decimal number greater than zero with at most 12 digits before and after the point. */
  BAD_NUMBER,
  /**
   * An earlier line of the file has this trade id and differs in time, side, price, size or terms.
   */
  CONFLICTING_DUPLICATE;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The reason as it stands in the quarantine, such as {@code bad_number}. */
  public String code() {
    return code;
  }
}
