package io.tapelake.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk gets full during a run, at one place after the other: the run ends with 1 and says so;
 * with room again, the next one mends all. The disk is a file system in memory of limited size,
 * which only root can mount; without it nothing is tried.
 *
 * <p>{@code -Dtapelake.full-disk.steps=40} fills it at as many places.
 */
final class FullDiskIT {

  private static final int STEPS = Integer.getInteger("tapelake.full-disk.steps", 1);
  private static final int PAGE_KIB = 4;
  private static final int ROOM_KIB = 64 << 10;

  @TempDir private Path folder;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    boolean mounted =
        execute("mount", "-t", "tmpfs", "-o", "size=" + ROOM_KIB + "k", "tapelake", disk.toString())
            == 0;
    assumeTrue(mounted, "no file system could be mounted: this needs root");
  }

  @AfterEach
  void unmount() throws Exception {
    execute("umount", "-l", disk.toString());
  }

  @Test
  void whereverTheDiskGetsFullNothingIsLost() throws Exception {
    Path vault = Files.createDirectory(disk.resolve("vault"));
    ArrivingTrades trades = new ArrivingTrades(vault, 11);
    trades.arriveWhole();
    assertThat(Outputs.execute("run", vault, trades.now())).isZero();
    int failures = 0;
    for (int step = 0; step < STEPS; step++) {
      trades.arriveWhole();
      // What a run needs is some 300 KiB: the disk gets full at a place that moves on.
      leave(1 + step * (256 / STEPS));
      failures += attempt(vault, trades);
      leave(ROOM_KIB / 2);
      assertThat(Outputs.execute("run", vault, trades.now())).as("step %d", step).isZero();
    }
    assertThat(failures).as("runs that met a full disk").isPositive();
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Outputs.assertSameAsBackfill(vault, copy, trades.now(), STEPS + " full disks");
  }

  /** 1 when the run failed, as it should have. */
  private static int attempt(Path vault, ArrivingTrades trades) {
    Outputs.Ended ended = Outputs.listenToRun(vault, trades.now());
    assertThat(ended.exit()).as(ended.errors()).isIn(0, 1);
    if (ended.exit() == 1) {
      assertThat(ended.complaints())
          .as(ended.errors())
          .anyMatch(line -> line.contains("No space left on device"));
    }
    return ended.exit();
  }

  /** Leaves so much room on the disk. */
  private void leave(int kib) throws Exception {
    long usedKib =
        (disk.toFile().getTotalSpace() - disk.toFile().getFreeSpace()) / 1024 / PAGE_KIB * PAGE_KIB;
    assertThat(execute("mount", "-o", "remount,size=" + (usedKib + kib) + "k", disk.toString()))
        .isZero();
  }

  private static int execute(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
