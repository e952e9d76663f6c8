package io.tapelake.jobs.cli;

import io.tapelake.jobs.outcome.Progress;
import io.tapelake.jobs.outcome.RunSummary;
import io.tapelake.jobs.plan.FileWork;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Tells a person how a backfill gets on: a bar on a terminal, otherwise a line for each block. Days
 * done, trades a second, time left.
 */
final class ProgressLines implements Progress, AutoCloseable {

  private final PrintStream out;
  private final boolean onTerminal;
  private final long start = System.nanoTime();
  private ProgressBar bar;
  private long bytes;
  private long doneBytes;
  private int files;
  private int doneFiles;

  ProgressLines(PrintStream out, boolean onTerminal) {
    this.out = out;
    this.onTerminal = onTerminal;
  }

  @Override
  public void planned(List<FileWork> work) {
    files = work.size();
    bytes = work.stream().mapToLong(FileWork::estimate).sum();
    if (onTerminal && files > 0) {
      bar = new ProgressBarBuilder().setTaskName("day files").setInitialMax(files).build();
    }
  }

  @Override
  public void done(List<FileWork> block, RunSummary soFar) {
    doneFiles += block.size();
    doneBytes += block.stream().mapToLong(FileWork::estimate).sum();
    double seconds = (System.nanoTime() - start) / 1e9;
    String rate = "%,.0f trades/s".formatted(soFar.trades() / seconds);
    if (bar != null) {
      bar.stepTo(doneFiles).setExtraMessage(rate);
    } else if (!onTerminal && doneFiles < files) {
      double left = seconds * (bytes - doneBytes) / Math.max(1, doneBytes);
      out.printf(
          "%d of %d day files, %,d trades, %s, about %d s left%n",
          doneFiles,
          files,
          soFar.trades(),
          rate,
          Duration.ofMillis((long) (left * 1000)).toSeconds());
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
