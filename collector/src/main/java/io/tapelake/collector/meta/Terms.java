package io.tapelake.collector.meta;

import com.fasterxml.jackson.databind.JsonNode;
import io.tapelake.collector.decode.Excerpt;
import io.tapelake.vault.Contract;
import io.tapelake.vault.ContractType;
import io.tapelake.vault.DecimalText;
import java.math.BigDecimal;

/**
 * What matters of an instrument's metadata.
 *
 * @param contract what a contract is worth
 * @param tickSize the price step, as served
 * @param lotSize the quantity step, as served
 * @param state such as {@code live}; empty when not served
 */
public record Terms(Contract contract, String tickSize, String lotSize, String state) {

  /**
   * The terms in metadata as the exchange serves it.
   *
   * @throws BadMetadataException when it is another instrument's, or ctVal, ctMult or ctType is
   *     missing or senseless
   */
  public static Terms of(String instrument, JsonNode raw) throws BadMetadataException {
    String served = raw.path("instId").asText("");
    if (!served.equals(instrument)) {
      throw new BadMetadataException(
          "metadata of '" + Excerpt.of(served) + "' was served for " + instrument);
    }
    ContractType type = ContractType.parse(raw.path("ctType").asText(""));
    if (type == null) {
      throw bad(instrument, "ctType", raw, "linear or inverse");
    }
    Contract contract =
        new Contract(number(instrument, "ctVal", raw), number(instrument, "ctMult", raw), type);
    return new Terms(
        contract,
        raw.path("tickSz").asText(""),
        raw.path("lotSz").asText(""),
        raw.path("state").asText(""));
  }

  private static BigDecimal number(String instrument, String key, JsonNode raw)
      throws BadMetadataException {
    JsonNode value = raw.path(key);
    boolean scalar = value.isTextual() || value.isNumber();
    BigDecimal number = scalar ? DecimalText.parse(value.asText()) : null;
    if (number == null) {
      throw bad(instrument, key, raw, "a number greater than zero");
    }
    return number;
  }

  private static BadMetadataException bad(
      String instrument, String key, JsonNode raw, String wanted) {
    JsonNode value = raw.get(key);
    String found = value == null ? "is missing" : "is '" + Excerpt.of(value.asText("")) + "'";
    return new BadMetadataException(
        key + " of " + instrument + " " + found + ", but has to be " + wanted);
  }
}
