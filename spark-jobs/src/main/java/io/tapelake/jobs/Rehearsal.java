package io.tapelake.jobs;

/**
 * Goes through the verbs once in one process, for the archive of class data that the launcher
 * makes: what is loaded here starts faster later. Arguments: a vault of sample trades, an instant
 * amid them and one behind them.
 */
final class Rehearsal {

  private Rehearsal() {}

  public static void main(String[] args) {
    String vault = args[0];
    Tapelake.execute("run", "--vault", vault, "--as-of", args[1]);
    Tapelake.execute("run", "--vault", vault, "--as-of", args[2]);
    Tapelake.execute("verify", "--vault", vault);
    Tapelake.execute("sql", "--vault", vault, "select * from vwap_1m limit 5");
    Tapelake.main(new String[] {"backfill", "--vault", vault, "--as-of", args[2]});
  }
}
