package io.tapelake.jobs.plan;

import io.tapelake.vault.DayFile;
import java.util.List;
import java.util.Set;

/**
 * What a run has to do.
 *
 * @param work files to read, ascending by day
 * @param growing instruments whose rows go on although none of their files has to be read: a newer
 *     minute was closed
 * @param vanished consumed files that are gone and were not declared missing
 * @param broken files left alone in an earlier run that have not changed since
 */
public record RunPlan(
    List<FileWork> work, Set<String> growing, List<DayFile> vanished, List<DayFile> broken) {

  public RunPlan {
    work = List.copyOf(work);
    growing = Set.copyOf(growing);
    vanished = List.copyOf(vanished);
    broken = List.copyOf(broken);
  }

  public boolean isEmpty() {
    return work.isEmpty() && growing.isEmpty();
  }
}
