package io.tapelake.jobs.outcome;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is told of work side by side that fails. */
final class BackgroundTest {

  private final IOException first = new IOException("first");

  @Test
  void theFirstFailureInTimeIsTold() throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(1);
    Background early = failing(failed);
    failed.await();
    Background late = Background.start(() -> fail(early));
    assertThatThrownBy(() -> Background.await(List.of(late, early))).isSameAs(first);
    assertThatThrownBy(() -> late.awaitBeside(() -> fail(early))).isNotSameAs(first);
  }

  @Test
  void whatFailsBesideAFailureIsNotTold() throws InterruptedException {
    CountDownLatch failed = new CountDownLatch(1);
    Background early = failing(failed);
    failed.await();
    assertThatThrownBy(() -> early.awaitBeside(() -> fail(early))).isSameAs(first);
  }

  @Test
  void anErrorStaysOne() {
    Background failing =
        Background.start(
            () -> {
              throw new OutOfMemoryError("no room");
            });
    assertThatThrownBy(failing::await).isInstanceOf(OutOfMemoryError.class);
  }

  private Background failing(CountDownLatch failed) {
    return Background.start(
        () -> {
          try {
            throw first;
          } finally {
            failed.countDown();
          }
        });
  }

  /** Fails after another one has. */
  private static void fail(Background early) throws IOException {
    try {
      early.await();
    } catch (IOException e) {
      throw new IOException("second");
    }
  }
}
