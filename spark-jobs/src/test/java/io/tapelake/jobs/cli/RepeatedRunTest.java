package io.tapelake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tapelake.jobs.outcome.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class RepeatedRunTest {

  /** A task's failure brings its stack trace along in the message. */
  @Test
  void aFailureIsToldOnOneLineByItsFirstCause() throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true));
    try {
      IOException failure =
          new IOException("task failed", new IllegalStateException("too wide\n\tat a.B.c(B.java)"));
      ExitCode code =
          RepeatedRun.runOnce(
              () -> {
                throw failure;
              },
              false);
      assertThat(code).isEqualTo(ExitCode.FAILED);
    } finally {
      System.setErr(before);
    }
    assertThat(said.toString())
        .isEqualTo(
            "tapelake: this run failed, the next one tries again: IllegalStateException: too wide\n");
  }
}
