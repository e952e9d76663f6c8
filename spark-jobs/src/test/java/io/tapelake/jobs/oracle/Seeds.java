package io.tapelake.jobs.oracle;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The seeds a property is tried with: 0 up to a default number, unless {@code -Dtapelake.seeds=200}
 * gives another number or {@code -Dtapelake.seeds=17-17} a range.
 */
public final class Seeds {

  /** A property that holds for every seed. */
  public interface Property {
    void check(long seed) throws Exception;
  }

  private Seeds() {}

  public static Stream<DynamicTest> each(int defaultCount, Property property) {
    return range(defaultCount)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed, property)));
  }

  private static LongStream range(int defaultCount) {
    String[] ends = System.getProperty("tapelake.seeds", "" + defaultCount).split("-");
    return ends.length == 1
        ? LongStream.range(0, Long.parseLong(ends[0]))
        : LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[1]));
  }

  private static void check(long seed, Property property) throws Exception {
    try {
      property.check(seed);
    } catch (Exception | Error e) {
      System.err.printf("failed: repeat with -Dtapelake.seeds=%d-%d%n", seed, seed);
      throw e;
    }
  }
}
