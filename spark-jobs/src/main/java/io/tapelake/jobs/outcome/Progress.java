package io.tapelake.jobs.outcome;

import io.tapelake.jobs.plan.FileWork;
import java.util.List;

/** Is told how a run gets on. */
public interface Progress {

  /** Says nothing. */
  Progress SILENT =
      new Progress() {
        @Override
        public void planned(List<FileWork> work) {}

        @Override
        public void done(List<FileWork> block, RunSummary soFar) {}
      };

  /** All there is to read. */
  void planned(List<FileWork> work);

  /** A part of it is read and published. */
  void done(List<FileWork> block, RunSummary soFar);
}
