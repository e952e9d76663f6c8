package io.tapelake.jobs.oracle;

import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random choices that a seed repeats. */
final class Dice {

  private final Random random;

  Dice(long seed) {
    // Neighbouring seeds of Random begin alike; the first draws are thrown away.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    random.nextLong();
    random.nextLong();
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** From {@code least} to {@code most}, both included. */
  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** From {@code least} to {@code most}, both included. */
  long between(long least, long most) {
    return random.longs(1, least, most + 1).findFirst().orElseThrow();
  }

  /** Small numbers often, large ones seldom, up to {@code most}. */
  int few(int most) {
    return between(0, between(0, most));
  }

  @SafeVarargs
  final <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  void shuffle(List<?> list) {
    Collections.shuffle(list, random);
  }

  /** This many decimal digits, of which the first and the last are not zero. */
  String digits(int count) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < count; i++) {
      boolean inside = i > 0 && i < count - 1;
      digits.append(inside ? between(0, 9) : between(1, 9));
    }
    return digits.toString();
  }
}
