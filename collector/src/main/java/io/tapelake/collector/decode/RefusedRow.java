package io.tapelake.collector.decode;

/**
 * A row that is no trade.
 *
 * @param id the trade id it names; -1 when it names none
 * @param why what is wrong with it, with the value; safe to print on one line
 */
public record RefusedRow(long id, String why) {

  @Override
  public String toString() {
    return (id < 0 ? "a trade without a readable id" : "trade " + id) + " (" + why + ")";
  }
}
