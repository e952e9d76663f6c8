package io.tapelake.collector.meta;

import io.tapelake.collector.decode.Excerpt;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DayFile;
import io.tapelake.vault.DecimalText;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * Contract terms as a person says they are: {@code INSTID=ctVal,ctMult,ctType}, or {@code @SINCE}
 * behind it with a day or an instant.
 *
 * @param since from when on; {@link Instant#EPOCH} when that is not said
 */
public record SaidTerms(String instrument, Instant since, Contract contract) {

  /**
   * Reads what a person says, the instrument's name in upper or lower case.
   *
   * @throws IllegalArgumentException when it is anything else; the message says what to give
   */
  public static SaidTerms parse(String said) {
    int equals = said.indexOf('=');
    String instrument = said.substring(0, Math.max(0, equals)).toUpperCase(Locale.ROOT);
    int at = said.indexOf('@');
    List<String> parts =
        List.of(said.substring(equals + 1, at < 0 ? said.length() : at).split(",", -1));
    BigDecimal value = DecimalText.parse(parts.get(0));
    BigDecimal multiplier = parts.size() == 3 ? DecimalText.parse(parts.get(1)) : null;
    ContractType type = parts.size() == 3 ? ContractType.parse(parts.get(2)) : null;
    Instant since = at < 0 ? Instant.EPOCH : instant(said.substring(at + 1));
    if (!DayFile.isInstrument(instrument)
        || value == null
        || multiplier == null
        || type == null
        || since == null) {
      throw new IllegalArgumentException(
          "Cannot use '"
              + Excerpt.of(said)
              + "' of --terms: give INSTID=ctVal,ctMult,ctType[@SINCE], such as"
              + " BTC-USDT-SWAP=0.01,1,linear@2020-03-20T08:00:00Z.");
    }
    return new SaidTerms(instrument, since, new Contract(value, multiplier, type));
  }

  private static Instant instant(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
          : Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
