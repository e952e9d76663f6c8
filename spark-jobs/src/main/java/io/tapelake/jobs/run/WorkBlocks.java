package io.tapelake.jobs.run;

import io.tapelake.jobs.plan.FileWork;
import io.tapelake.jobs.plan.RunPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Cuts a plan into blocks that fit into the driver's memory and are published one by one. */
final class WorkBlocks {

  /** A file comes to at most 1,440 minutes, so a block comes to at most some 90,000. */
  private static final int FILES = 64;

  /** A file with more trades has more minutes with trades, and their sums have more digits. */
  private static final long BYTES = 3L << 30;

  private WorkBlocks() {}

  /** Blocks of ascending days. There is an empty one when rows are due without any reading. */
  static List<List<FileWork>> cut(RunPlan plan) {
    List<List<FileWork>> blocks = new ArrayList<>();
    List<FileWork> block = List.of();
    long bytes = 0;
    for (FileWork work : plan.work()) {
      long more = work.estimate();
      if (block.isEmpty() || block.size() == FILES || bytes + more > BYTES) {
        block = new ArrayList<>();
        blocks.add(block);
        bytes = 0;
      }
      block.add(work);
      bytes += more;
    }
    if (blocks.isEmpty() && !plan.growing().isEmpty()) {
      blocks.add(List.of());
    }
    return blocks;
  }

  static Set<String> instruments(List<List<FileWork>> blocks) {
    Set<String> instruments = new TreeSet<>();
    blocks.forEach(block -> block.forEach(work -> instruments.add(work.file().instrument())));
    return instruments;
  }
}
