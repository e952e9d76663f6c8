package io.tapelake.vault;

/** The side of the order that took liquidity. */
public enum TakerSide {
  BUY("buy"),
  SELL("sell");

  private final String text;

  TakerSide(String text) {
    this.text = text;
  }

  /** The side as it stands in a raw trade line: {@code buy} or {@code sell}. */
  public String text() {
    return text;
  }

  /** The side with that text, or null when it is neither {@code buy} nor {@code sell}. */
  public static TakerSide parse(String text) {
    for (TakerSide side : values()) {
      if (side.text.equals(text)) {
        return side;
      }
    }
    return null;
  }
}
