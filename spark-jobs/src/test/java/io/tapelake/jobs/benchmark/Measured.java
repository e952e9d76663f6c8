package io.tapelake.jobs.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The rounds of one work, ours and DuckDB's, as a line of a table. */
final class Measured {

  static final String HEADER =
      """
      | work | Tapelake | DuckDB | ratio | trades/s | GB/s | CPU | peak memory | DuckDB's |
      |---|---|---|---|---|---|---|---|---|
      """;

  private final String work;
  private final long trades;
  private final long bytes;
  private final List<ChildProcess.Figures> ours = new ArrayList<>();
  private final List<ChildProcess.Figures> peers = new ArrayList<>();

  Measured(String work, long trades, long bytes) {
    this.work = work;
    this.trades = trades;
    this.bytes = bytes;
  }

  void ours(ChildProcess.Figures figures) {
    ours.add(figures);
    say("Tapelake", figures);
  }

  void peer(ChildProcess.Figures figures) {
    peers.add(figures);
    say("DuckDB", figures);
  }

  private void say(String who, ChildProcess.Figures figures) {
    System.out.printf(
        Locale.ROOT,
        "%s: %s %.2f s, %.1f s CPU, %d MB%n",
        work,
        who,
        figures.seconds(),
        figures.cpuSeconds(),
        figures.peakBytes() >> 20);
  }

  String line() {
    double seconds = median(ours, ChildProcess.Figures::seconds);
    double peer = median(peers, ChildProcess.Figures::seconds);
    return String.format(
        Locale.ROOT,
        "| %s | %.1f s | %s | %s | %.1f M | %.2f | %.1f s | %.1f GB | %s |",
        work,
        seconds,
        peers.isEmpty() ? "" : "%.1f s".formatted(peer),
        peers.isEmpty() ? "" : "%.2f".formatted(seconds / peer),
        trades / seconds / 1e6,
        bytes / seconds / 1e9,
        median(ours, ChildProcess.Figures::cpuSeconds),
        median(ours, ChildProcess.Figures::peakBytes) / 1e9,
        peers.isEmpty()
            ? ""
            : "%.1f GB".formatted(median(peers, ChildProcess.Figures::peakBytes) / 1e9));
  }

  private static double median(
      List<ChildProcess.Figures> rounds, ToDoubleFunction<ChildProcess.Figures> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }
}
