package io.tapelake.jobs.benchmark;

import io.tapelake.jobs.Tapelake;
import java.util.Arrays;

/** The same backfill several times in one process; prints the seconds of each. */
final class WarmRounds {

  private WarmRounds() {}

  /** Arguments: how many rounds, then the verb and its options. */
  public static void main(String[] args) {
    String[] command = Arrays.copyOfRange(args, 1, args.length);
    for (int round = 0; round < Integer.parseInt(args[0]); round++) {
      long start = System.nanoTime();
      int code = Tapelake.execute(command);
      if (code != 0) {
        System.exit(code);
      }
      System.out.printf("round %.2f%n", (System.nanoTime() - start) / 1e9);
    }
    System.exit(0);
  }
}
