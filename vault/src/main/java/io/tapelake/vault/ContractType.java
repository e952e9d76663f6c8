package io.tapelake.vault;

/** How a perpetual swap is margined, which decides what its contracts are worth. */
public enum ContractType {
  /** Margined in the quote currency: a contract is an amount of the base coin. */
  LINEAR("linear"),
  /** Margined in the base coin: a contract is an amount of the quote currency. */
  INVERSE("inverse");

  private final String text;

  ContractType(String text) {
    this.text = text;
  }

  /** The type as it stands in a raw trade line: {@code linear} or {@code inverse}. */
  public String text() {
    return text;
  }

  /** The type with that text, or null when it is neither {@code linear} nor {@code inverse}. */
  public static ContractType parse(String text) {
    for (ContractType type : values()) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    return null;
  }
}
