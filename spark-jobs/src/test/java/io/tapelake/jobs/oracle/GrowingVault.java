package io.tapelake.jobs.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of a {@link RandomVault} as it arrives over time: pieces of files that are cut
 * anywhere, files of old days that begin when newer ones are long there, an as-of instant with each
 * step. With rewrites, some files also shrink or change on the way.
 */
final class GrowingVault {

  /**
   * What arrives before a run.
   *
   * @param asOf of the run; never earlier than the step before
   * @param pieces by file, {@code INSTID/YYYY-MM-DD}
   */
  record Step(Instant asOf, SortedMap<String, Piece> pieces) {

    void writeTo(Path vault) throws IOException {
      for (var piece : pieces.entrySet()) {
        Path file = RandomVault.file(vault, piece.getKey());
        Files.createDirectories(file.getParent());
        if (piece.getValue().replaces()) {
          Files.write(file, piece.getValue().bytes());
        } else {
          Files.write(
              file, piece.getValue().bytes(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
      }
    }
  }

  /**
   * Some bytes of a file.
   *
   * @param replaces whether they are all of the file from now on, or appended to it
   */
  record Piece(byte[] bytes, boolean replaces) {}

  private final RandomVault vault;
  private final List<Step> steps = new ArrayList<>();

  private GrowingVault(long seed, int count, boolean rewrites) {
    Dice dice = new Dice(seed + 1_000_000);
    vault = RandomVault.of(seed);
    List<Instant> asOfs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      asOfs.add(vault.asOf(dice));
    }
    Collections.sort(asOfs);
    asOfs.forEach(asOf -> steps.add(new Step(asOf, new TreeMap<>())));
    boolean first = true;
    for (var file : vault.files().entrySet()) {
      // The first file begins with the first step, so that no run finds a vault without files.
      int begin = first ? 0 : dice.between(0, count - 1);
      first = false;
      deliver(file.getKey(), file.getValue(), begin, dice, rewrites);
    }
  }

  static GrowingVault of(long seed, int steps) {
    return new GrowingVault(seed, steps, false);
  }

  /** One whose files are also truncated and rewritten, as an operator might. */
  static GrowingVault withRewrites(long seed, int steps) {
    return new GrowingVault(seed, steps, true);
  }

  OracleConfig config() {
    OracleConfig config = vault.config();
    return config.only(Set.of());
  }

  List<Step> steps() {
    return steps;
  }

  private void deliver(String name, byte[] content, int begin, Dice dice, boolean rewrites) {
    int from = 0;
    for (int i = begin; i < steps.size(); i++) {
      boolean last = i == steps.size() - 1;
      if (!last && i > begin && dice.chance(0.3)) {
        continue;
      }
      if (rewrites && from > 1 && dice.chance(0.25)) {
        // Shorter than before, though never by so little that only a torn tail goes.
        from = dice.between(0, from / 2);
        steps.get(i).pieces().put(name, new Piece(Arrays.copyOf(content, from), true));
        continue;
      }
      int to = last || dice.chance(0.1) ? content.length : dice.between(from, content.length);
      byte[] piece = Arrays.copyOfRange(content, from, to);
      if (piece.length > 0 || i == begin) {
        steps.get(i).pieces().put(name, new Piece(piece, false));
      }
      from = to;
    }
  }
}
