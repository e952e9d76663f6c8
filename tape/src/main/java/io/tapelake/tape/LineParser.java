package io.tapelake.tape;

import io.tapelake.vault.ParsedTrade;
import io.tapelake.vault.RefusalReason;

/**
 * Makes a trade of one raw line. Every implementation gives the same verdict and the same trade for
 * the same bytes. Not thread-safe.
 */
public interface LineParser {

  /**
   * Reads the line {@code buffer[from, to)}, which has no LF, is not blank and is of at most {@link
   * io.tapelake.vault.TradeLine#MAX_BYTES} bytes.
   *
   * @param trade filled when the line is a valid trade of the file, undefined otherwise
   * @return null for a valid trade, otherwise why the line is refused
   */
  RefusalReason parse(byte[] buffer, int from, int to, ParsedTrade trade);
}
